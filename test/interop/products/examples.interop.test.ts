import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ExifReader from "exifreader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { avmPacket } from "../../../packages/imaging/src/avm/avm.ts";
import { type TanFrame, tanPixelToSky } from "../../../packages/imaging/src/frame/tan-frame.ts";
import { encodePicture } from "../../../src/products/encode/encode-picture.ts";
import { hasProgram, oraclePython } from "../../support/oracles.ts";

const example = (name: string) => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const script = fileURLToPath(
  new URL("../../../node_modules/exifreader/dist/exif-reader.js", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "examples-"));

const WIDTH = 100;
const HEIGHT = 80;
const scale = 1.86 / 3600;
const base = { system: "ICRS", equinox: 2000, crpix: [50.5, 40.5] } as const;
const FRAMES: Readonly<Record<string, TanFrame>> = {
  north: { ...base, crval: [0.001, 88.5], cd: [-scale, 0, 0, scale] },
  turned: { ...base, crval: [210, -33], cd: [-scale * 0.8, -scale * 0.6, -scale * 0.6, scale * 0.8] },
  mirrored: { ...base, crval: [174.6, 17.9], cd: [-scale, 0, 0, -scale] },
};
const PICTURES = Object.keys(FRAMES).flatMap((name) => [[name, "jpeg"] as const, [name, "png"] as const]);

beforeAll(async () => {
  for (const [name, format] of PICTURES) {
    const pixels = new Uint8Array(WIDTH * HEIGHT).fill(90);
    const frame = FRAMES[name]!;
    const xmp = avmPacket({ width: WIDTH, height: HEIGHT, frame }, { title: `Field ${name} & <more>` });
    const parts = await encodePicture({ width: WIDTH, height: HEIGHT, channels: 1, pixels }, { format, xmp });
    writeFileSync(join(folder, `${name}.${format}`), Buffer.concat(parts));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Corners of a picture: upper left, upper right, lower right, lower left. */
function expectCorners(text: string, frame: TanFrame): void {
  const found = [...text.matchAll(/RA ([\d.]+) Dec ([-\d.]+)/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  const corners = [
    [0, HEIGHT - 1],
    [WIDTH - 1, HEIGHT - 1],
    [WIDTH - 1, 0],
    [0, 0],
  ] as const;
  expect(found).toHaveLength(4);
  for (const [i, [x, y]] of corners.entries()) {
    const [ra, dec] = tanPixelToSky(frame, x, y);
    const [foundRa, foundDec] = found[i]!;
    const east = (((foundRa! - ra + 540) % 360) - 180) * Math.cos((dec * Math.PI) / 180);
    expect(Math.hypot(east, foundDec! - dec) / scale).toBeLessThan(0.1);
  }
}

describe("pictures read by ExifReader 4.46", () => {
  it.each(PICTURES)(
    "ExifReader 4.46 reads the title and the coordinates of the picture %s.%s",
    (name, format) => {
      const tags = ExifReader.load(readFileSync(join(folder, `${name}.${format}`))) as Record<
        string,
        { value: unknown; description: string } | undefined
      >;
      expect(tags.title?.description).toBe(`Field ${name} & <more>`);
      const numbers = (tag: string) =>
        (tags[tag]?.value as { value: string }[] | undefined)?.map(({ value }) => Number(value));
      expect(numbers("Spatial.ReferenceValue")).toEqual(FRAMES[name]!.crval);
      expect(numbers("Spatial.ReferencePixel")).toEqual(FRAMES[name]!.crpix);
      expect(numbers("Spatial.ReferenceDimension")).toEqual([WIDTH, HEIGHT]);
      if (name === "mirrored") expect(numbers("Spatial.CDMatrix")).toEqual(FRAMES[name]!.cd);
    },
  );
});

describe.skipIf(!hasProgram("chromium"))("the example page in Chromium with ExifReader", () => {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0]!;
    if (path === "/page") {
      const page = readFileSync(example("picture-on-the-sky.html"), "utf8");
      response
        .setHeader("content-type", "text/html")
        .end(page.replace(/https:\/\/cdn[^"]*/, "/exif-reader.js"));
    } else if (path === "/exif-reader.js") {
      response.setHeader("content-type", "text/javascript").end(readFileSync(script));
    } else if (/^\/[a-z]+\.(jpeg|png)$/.test(path)) response.end(readFileSync(join(folder, path)));
    else response.writeHead(404).end();
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void server.close());

  it.each(PICTURES)(
    "the corners of the picture %s.%s are where the frame has them",
    { timeout: 90_000 },
    async (name, format) => {
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/page?picture=/${name}.${format}`;
      const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}/profile`];
      const { stdout } = await promisify(execFile)(
        "chromium",
        [...flags, "--virtual-time-budget=20000", "--timeout=60000", "--dump-dom", url],
        { timeout: 80_000 },
      );
      expect(stdout).toContain(`Field ${name} &amp; &lt;more&gt;`);
      expectCorners(stdout, FRAMES[name]!);
    },
  );
});

describe.skipIf(oraclePython() === undefined)("the example script with pyavm", () => {
  it.each(PICTURES)(
    "the corners of the picture %s.%s are where the frame has them",
    { timeout: 60_000 },
    (name, format) => {
      const printed = execFileSync(
        oraclePython()!,
        ["-W", "ignore", example("picture_on_the_sky.py"), join(folder, `${name}.${format}`)],
        { encoding: "utf8" },
      );
      expect(printed).toContain(`Field ${name} & <more>`);
      expectCorners(printed, FRAMES[name]!);
    },
  );
});
