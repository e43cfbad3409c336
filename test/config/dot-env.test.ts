import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeDotEnv, parseDotEnv } from "../../src/config/dot-env.ts";

interface DotEnvCase {
  readonly name: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string | null>>;
  /** How many pieces python-dotenv skips with a warning. */
  readonly unreadable: number;
}

const cases = JSON.parse(
  readFileSync(new URL("../fixtures/config/dotenv.json", import.meta.url), "utf8"),
) as readonly DotEnvCase[];
const environment = { HOME_OF_DATA: "/srv/data" };

const open = "$" + "{";

describe("a .env", () => {
  const readable = cases.filter(({ unreadable }) => unreadable === 0);
  it.each(readable)(
    "a .env with $name has the variables that python-dotenv 1.2 reads",
    ({ text, values }) => {
      expect(parseDotEnv(text, environment)).toEqual(values);
    },
  );

  it.each([
    ["${".repeat(300_000), "${".repeat(300_000)],
    [`${"${a:".repeat(200_000)}}`, `${"${a:".repeat(200_000)}}`],
    [`${"${".repeat(200_000)}A:-b}`, "b"],
    [`${open}A:x}${open}HOME_OF_DATA}`, `${open}A:x}/srv/data`],
    [`${open}:-x}$${open}HOME_OF_DATA}}`, "x$/srv/data}"],
  ])(
    "a .env with references that are not closed, or closed late, is read in one pass (python-dotenv 1.2): %#",
    (text, value) => {
      expect(parseDotEnv(`X=${text}\n`, environment)).toEqual({ X: value });
    },
  );

  const unreadable = cases.filter((one) => one.unreadable > 0);
  it.each(unreadable)(
    "a .env with $name, which python-dotenv 1.2 skips with a warning, is refused",
    ({ text }) => {
      expect(() => parseDotEnv(text, environment)).toThrowError(
        expect.objectContaining({
          code: "CONFIG_INVALID",
          message: expect.stringMatching(/^line \d+ of the file \.env cannot be read: /),
        }),
      );
    },
  );

  it("the cases of .env files include both valid and refused ones", () => {
    expect(readable.length).toBeGreaterThan(48);
    expect(unreadable.length).toBeGreaterThan(8);
  });

  it.each([
    ["==========\n", 1, "there is no name before the equal sign"],
    ["A=1\n\n  \n=2\n", 4, "there is no name before the equal sign"],
    ["A=1\r\nAPI_PORT 6001\r\n", 2, "there is no equal sign"],
    ['A="b\nc"\nD="e\nF=1\n', 3, "the quotation mark is not closed"],
    ['A="b\nc"d\n', 1, "something follows the value"],
  ])("a .env that contains %j is refused with line %i and the reason", (text, line, reason) => {
    expect(() => parseDotEnv(text, environment)).toThrowError(
      expect.objectContaining({
        message: `line ${line} of the file .env cannot be read: ${reason}`,
        details: { line },
      }),
    );
  });

  it("a .env in Latin-1 is refused with the line that is not UTF-8", () => {
    expect(() => decodeDotEnv(Buffer.from("A=1\r\n\r\nB=\xe9\nC=\xe9\n", "latin1"))).toThrowError(
      expect.objectContaining({ code: "CONFIG_INVALID", message: "line 3 of the file .env is not UTF-8" }),
    );
  });

  it("a .env value of a million blanks and number signs is read in linear time", () => {
    const blanks = " ".repeat(1_000_000);
    expect(parseDotEnv(`A=${blanks}b${blanks}#${blanks}\n`, environment)).toEqual({ A: "b" });
    expect(parseDotEnv(`A=b${"#".repeat(1_000_000)}\n`, environment).A).toHaveLength(1_000_001);
  });
});
