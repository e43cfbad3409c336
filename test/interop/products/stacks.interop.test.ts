import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import type { ProductService } from "../../../src/products/product.ts";
import type { BlinkRequest, StackRequest } from "../../../src/products/stack/stack-request.ts";
import { type MovingFrames, movingFrames } from "../../support/inputs/moving-frames.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";
import { builtProducts } from "../../support/products/product-app.ts";
import { memoryCatalog } from "../../support/test-service.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-stacks-interop-"));
let made: MovingFrames;
let products: ProductService;

beforeAll(() => {
  made = movingFrames(join(folder, "frames"), 6);
  const settings = loadSettings(folder, { SBNSIS_CUTOUT_CACHE: join(folder, "cache") });
  products = builtProducts(settings, memoryCatalog(made.records));
});

afterAll(async () => {
  await products.close();
  rmSync(folder, { recursive: true });
});

const common = { size: { pixels: 61 }, align: "object", interpolation: "cubic" } as const;

const ASTROPY = `
import json, sys, warnings
import numpy as np
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS
warnings.simplefilter("ignore")
with fits.open(sys.argv[1], checksum=True) as f:
    f.verify("exception")
    w, o = WCS(f[0].header), WCS(f[0].header, key="O")
    t = Table.read(f["FRAMES"])
    sky, offset = w.all_pix2world(30, 30, 0), o.wcs_pix2world(29, 32, 0)
    print(json.dumps(dict(names=[h.name for h in f], types=[str(h.data.dtype.newbyteorder("=")) for h in f[:3]], sky=[float(v) for v in sky],
                          offset=[float(v) for v in offset], units=[str(u) for u in o.wcs.cunit], n=t["N"].tolist(), ids=[str(i).strip() for i in t["OBS_ID"]],
                          x=t["X"].tolist(), ra=t["RA"].tolist(), rot=t["ROT"].tolist(), sigma=t["SIGMA"].tolist(), coverage=[int(f["COVERAGE"].data.min()), int(f["COVERAGE"].data.max()), float((f["COVERAGE"].data == 6).mean())])))
`;

test.skipIf(oraclePython() === undefined || !hasProgram("fitsverify"))(
  "a stack passes fitsverify, and astropy reads its planes, its table and both of its coordinate systems",
  async () => {
    const request: StackRequest = {
      ...common,
      kind: "stack",
      rows: made.rows,
      format: "fits",
      combine: "clipped",
      background: "plane",
      zeroPoints: "header",
      weights: "sigma",
      target: "P/2023 A1 (Made)",
    };
    const { path } = await products.stack(request);
    const verified = spawnSync("fitsverify", [path], { encoding: "utf8" }).stdout;
    expect(verified, verified).toContain("0 warning(s) and 0 error(s)");
    const found = askPython(ASTROPY, path) as Record<string, unknown>;
    expect(found).toMatchObject({
      names: ["PRIMARY", "COVERAGE", "ERROR", "FRAMES"],
      types: ["float32", "int16", "float32"],
      units: ["arcsec", "arcsec"],
      n: [1, 2, 3, 4, 5, 6],
      ids: made.rows.map(({ id }) => id),
    });
    // clipping leaves out some values of a pixel, never all, and none of most pixels
    const [least, most, whole] = found.coverage as [number, number, number];
    expect([least >= 1, most]).toEqual([true, 6]);
    expect(whole).toBeGreaterThan(0.7);
    const [east, north] = found.offset as [number, number];
    expect(east).toBeCloseTo(1.86, 6);
    expect(north).toBeCloseTo(2 * 1.86, 6);
    const [ra] = found.sky as [number, number];
    expect(Math.abs(ra - made.rows[2]!.ra)).toBeLessThan(0.01);
    for (const rot of found.rot as number[]) expect(Math.abs(Math.abs(rot) - 180)).toBeLessThan(2);
    // The standard error of 1.4826 MAD is 1.166 / sqrt(N), here 1.9 %. The star and the object are
    // brighter than a sigma in 47 of the N pixels, which moves the quartile of the deviations by as
    // much as a sigma 1.5 % larger.
    const error = 1.166 / 61;
    const ratios = (found.sigma as number[]).map((sigma) => sigma / made.noise);
    for (const ratio of ratios) expect(Math.abs(ratio - 1.015)).toBeLessThan(3 * error);
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(Math.abs(mean - 1.015)).toBeLessThan((3 * error) / Math.sqrt(ratios.length));
  },
);

const blink: Omit<BlinkRequest, "rows"> = {
  ...common,
  kind: "blink",
  format: "png",
  rate: 2,
  plays: 0,
  marks: ["object", "motion", "ellipse", "compass", "scale"],
};

const PILLOW = `
import json, sys
from PIL import Image
out = []
for path in sys.argv[1:]:
    with Image.open(path) as im:
        means = []
        for k in range(im.n_frames):
            im.seek(k)
            means.append(sum(im.convert("L").tobytes()) / (im.width * im.height))
        out.append(dict(format=im.format, frames=im.n_frames, size=im.size, duration=im.info["duration"], means=means))
print(json.dumps(out))
`;

test.skipIf(oraclePython() === undefined)(
  "Pillow plays blinks as PNG, GIF and WebP: all frames, half a second each, with the same mean brightness",
  async () => {
    const paths: string[] = [];
    for (const format of ["png", "gif", "webp"] as const)
      paths.push((await products.stack({ ...blink, format, rows: made.rows })).path);
    const found = askPython(PILLOW, ...paths) as {
      format: string;
      frames: number;
      duration: number;
      means: number[];
    }[];
    expect(found.map(({ format }) => format)).toEqual(["PNG", "GIF", "WEBP"]);
    for (const { frames, duration, means } of found) {
      expect([frames, duration]).toEqual([6, 500]);
      expect(Math.max(...means) - Math.min(...means)).toBeLessThan(4);
    }
  },
);

test.skipIf(!hasProgram("chromium"))("Chromium decodes every picture of a blink as PNG", async () => {
  const { path } = await products.stack({ ...blink, rows: made.rows });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    // ImageDecoder exists only in a secure context
    await page.route("https://blink.test/", (route) => route.fulfill({ contentType: "text/html", body: "" }));
    await page.goto("https://blink.test/");
    const data = readFileSync(path).toString("base64");
    const found = await page.evaluate(
      // a string, because the types of this project lack ImageDecoder
      `(async () => {
        const bytes = Uint8Array.from(atob(${JSON.stringify(data)}), (c) => c.charCodeAt(0));
        const decoder = new ImageDecoder({ data: bytes, type: "image/png" });
        await decoder.tracks.ready;
        const { frameCount, repetitionCount } = decoder.tracks.selectedTrack;
        const frames = [];
        for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
          const { image } = await decoder.decode({ frameIndex });
          frames.push([image.codedWidth, image.codedHeight, image.duration]);
        }
        return { frameCount, endless: repetitionCount === Infinity, frames };
      })()`,
    );
    expect(found).toEqual({
      frameCount: 6,
      endless: true,
      frames: Array.from({ length: 6 }, () => [61, 61, 500_000]),
    });
  } finally {
    await browser.close();
  }
});
