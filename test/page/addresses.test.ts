import { execFileSync } from "node:child_process";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pauseBefore, ServiceError } from "../../page/app/service.ts";
import { PLAIN_DISPLAY } from "../../page/drawing/display.ts";
import { listOfRows, rowsText } from "../../page/sets/rows-text.ts";
import { curlLine, shellWord } from "../../page/ui/command-lines.ts";
import { decimalOf, decimalsOf } from "../../page/ui/written-numbers.ts";
import { displayOf, flagOf, levelsOf, numberOfAddress, placeOf } from "../../page/viewer/view-address.ts";

describe("texts in the addresses of the page", () => {
  test.each(["", " ", "1,", "0x10", "1e", "Infinity", "NaN", "--1", "1_000"])(
    "%j is not a number, though Number() may read it as one (by hand)",
    (text) => {
      expect(decimalOf(text)).toBeNaN();
      if (text !== "") expect(() => numberOfAddress("z", text)).toThrow(`z=${text}`);
    },
  );

  test("decimal numbers in addresses are those of Number(), and a list has the required count (oracle: Number)", () => {
    for (const text of ["0", "-3.25", "+.5", "7.", "1e-3", "12E+2"])
      expect(decimalOf(text)).toBe(Number(text));
    expect(decimalsOf("1,2", 2)).toEqual([1, 2]);
    for (const text of ["1", "1,2,3", "1,", ",1", "1,1e999"]) expect(decimalsOf(text, 2)).toBeUndefined();
  });

  test("an unreadable position, switch, cut or display setting in an address is refused and named (by hand)", () => {
    expect(placeOf("at", "174.62,-17.97")).toEqual({ ra: 174.62, dec: -17.97 });
    for (const text of ["5,", ",5", "5", "5,91", "1,2,3"])
      expect(() => placeOf("mark", text)).toThrow(`mark=${text}`);
    expect([flagOf("flip", undefined), flagOf("flip", "false"), flagOf("flip", "true")]).toEqual([
      false,
      false,
      true,
    ]);
    expect(() => flagOf("flip", "yes")).toThrow("flip=yes");
    expect([levelsOf("1,2"), levelsOf("1,"), levelsOf("zscale")]).toEqual([
      { low: 1, high: 2 },
      undefined,
      undefined,
    ]);
    const read = (given: Record<string, string>) => displayOf((name) => given[name]);
    expect(read({})).toEqual(PLAIN_DISPLAY);
    for (const given of [
      { bar: "0.5," },
      { bar: "0.5,0" },
      { invert: "1" },
      { stretch: "cube" },
      { cmap: "red" },
    ]) {
      const [[name, text]] = Object.entries(given) as [[string, string]];
      expect(() => read(given)).toThrow(`${name}=${text}`);
    }
  });
});

test.each(["plain", "it's", '$(date) `date` \\ "', "a b;c|d&e*?", "''", "line\nbreak"])(
  "%j is one word of a command line (oracle: /bin/sh)",
  (text) => {
    expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
    expect(curlLine("a'b")).toContain("'a'");
  },
);

describe("lists in an address", () => {
  test("a list in an address is read back unchanged, 300 identifiers fit, and nothing needs escaping (by hand)", async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `urn:nasa:pds:survey:data:frame_${i}_ä`).join("\n");
    const text = await rowsText(ids);
    expect(text.length).toBeLessThan(4000);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await listOfRows(text)).toBe(ids);
  });

  test("a list in an address is refused if it is damaged or expands without bound (oracle: zlib made it)", async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000)).toString("base64url");
    const whole = await rowsText("urn:a\nurn:b");
    for (const text of [whole.slice(0, -3), "%%%", "AAAA", bomb])
      await expect(listOfRows(text)).rejects.toThrow(/rows= in the address is damaged/);
    expect(await listOfRows(deflateRawSync("urn:c").toString("base64url"))).toBe("urn:c");
  });
});

test("a request of the page is retried only after temporary faults, later each time, and as the service says (by hand)", () => {
  const error = (status: number, retryAfter?: number) => new ServiceError(status, "CODE", "text", retryAfter);
  expect([1, 2, 3, 4, 5].map((tries) => pauseBefore(error(503), tries))).toEqual([
    1500,
    3000,
    6000,
    12_000,
    undefined,
  ]);
  expect(pauseBefore(error(429, 30), 1)).toBe(30_000);
  expect([400, 404, 410, 413].map((status) => pauseBefore(error(status), 1))).toEqual(
    new Array(4).fill(undefined),
  );
  expect(pauseBefore(new TypeError("not a tile"), 1)).toBeUndefined();
});
