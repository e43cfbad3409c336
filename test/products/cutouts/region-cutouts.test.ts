import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { headerNumber, headerText, parseHeader } from "../../../packages/fits/src/header/header.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { separation } from "../../../packages/wcs/src/sky/great-circle.ts";
import { gnomonicCards } from "../../support/inputs/made-fits.ts";
import { imageAt, lid, type ProductApp, productApp } from "../../support/products/product-app.ts";

const [NX, NY] = [60, 40];
const folder = mkdtempSync(join(tmpdir(), "sis-regions-"));
let app: ProductApp;

/** North up, east to the left, 1 arcsec per pixel; (150, 0) is pixel (30, 20) from 0. */
const sky = [...gnomonicCards([150, 0], [31, 21], [-1 / 3600, 1 / 3600])];
const integers = Int16Array.from({ length: NX * NY }, (_, i) => i - 1000);
const floats = Float32Array.from(integers, (value) => value / 4);
const bytes = Uint8Array.from(integers, (value) => value & 255);

beforeAll(async () => {
  const images = Object.entries({ integers, floats, bytes }).map(([name, pixels]) => {
    const path = join(folder, `${name}.fits`);
    writeFileSync(path, imageHdu({ naxis: [NX, NY], pixels, cards: sky }));
    return imageAt(name, pathToFileURL(path).href);
  });
  app = await productApp(images, { SBNSIS_CUTOUT_CACHE: join(folder, "cache"), MAXIMUM_CUTOUT_SIZE: "30" });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function get(name: string, query: Readonly<Record<string, string>>) {
  return await app.app.inject({ url: `/images/${lid(name)}`, query });
}

/** The header of a FITS response, which is one block, followed by the pixels. */
const headerIn = (body: Buffer) => parseHeader(body.subarray(0, DATA_AT));
const DATA_AT = 2880;

const CIRCLE = `CIRCLE 150 0 ${5.2 / 3600}`;

it("a region has the smallest box of pixels with their stored values, its position on the sky, and SIS-POS (by hand)", async () => {
  const response = await get("integers", { region: CIRCLE });
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-disposition"]).toMatch(/integers_CIRCLE_150_0_0\.00144\d*\.fits/);
  const header = headerIn(response.rawPayload);
  expect([headerNumber(header, "NAXIS1"), headerNumber(header, "NAXIS2")]).toEqual([11, 11]);
  expect([headerNumber(header, "CRPIX1"), headerNumber(header, "CRPIX2")]).toEqual([6, 6]);
  expect(headerText(header, "SIS-POS")).toBe(CIRCLE);
  for (let y = 0; y < 11; y += 1)
    for (let x = 0; x < 11; x += 1)
      expect(response.rawPayload.readInt16BE(DATA_AT + 2 * (11 * y + x))).toBe(
        integers[(y + 15) * NX + x + 25],
      );
});

it.each(["integers", "floats"])(
  "with mask=true, pixels of %s outside the region have no value, and all others keep theirs (separations)",
  async (name) => {
    const response = await get(name, { region: CIRCLE, mask: "true" });
    const header = headerIn(response.rawPayload);
    expect(headerText(header, "SIS-POS")).toBe(CIRCLE);
    const blank = name === "integers" ? headerNumber(header, "BLANK") : Number.NaN;
    if (name === "integers") expect(blank).toBe(-32768);
    for (let y = 0; y < 11; y += 1)
      for (let x = 0; x < 11; x += 1) {
        const place = [150 + (5 - x) / 3600, (y - 5) / 3600] as const;
        const isInside = separation([150, 0], place) <= 5.2 / 3600;
        const at = 11 * y + x;
        const value =
          name === "integers"
            ? response.rawPayload.readInt16BE(DATA_AT + 2 * at)
            : response.rawPayload.readFloatBE(DATA_AT + 4 * at);
        const stored = (name === "integers" ? integers : floats)[(y + 15) * NX + x + 25];
        expect(value).toBe(isInside ? stored : blank);
      }
  },
);

it("byte images without a free value cannot be masked (501), but packed cutouts can (by hand)", async () => {
  const all = await get("bytes", { region: "RANGE 149.996 150.004 -0.003 0.003", mask: "true" });
  expect(all.json()).toMatchObject({ code: "FITS_UNSUPPORTED" });
  const packed = await get("integers", { region: CIRCLE, mask: "true", pack: "rice" });
  expect(packed.statusCode).toBe(200);
  expect(packed.headers["content-disposition"]).toMatch(/_masked\.fits\.fz/);
});

it.each(["jpeg", "png"])("a region is shown as a %s, also masked", async (format) => {
  const [plain, masked] = await Promise.all(
    [{}, { mask: "true" }].map((options) => get("floats", { region: CIRCLE, format, ...options })),
  );
  expect([plain!.statusCode, masked!.statusCode]).toEqual([200, 200]);
  expect(plain!.rawPayload.equals(masked!.rawPayload)).toBe(false);
});

it("the header of a region's cutout is text (format=header)", async () => {
  const response = await get("integers", { region: CIRCLE, format: "header" });
  expect(response.body).toMatch(/^SIS-POS = 'CIRCLE 150 0 /m);
});

it.each([
  ["off the image", { region: "CIRCLE 151 0 0.1" }, "REGION_OFF_IMAGE", "region CIRCLE 151 0 0.1"],
  ["too large", { region: "RANGE 149 151 -1 1" }, "CUTOUT_TOO_LARGE", "60 x 40 pixels"],
  ["unreadable", { region: "CIRCLE 150 0" }, "INVALID_PARAMETER", "region"],
  ["of another kind", { region: "BOX 150 0 1 1" }, "INVALID_PARAMETER", "region"],
  ["with crossing edges", { region: "POLYGON 0 0 1 1 1 0 0 1" }, "INVALID_PARAMETER", "must not cross"],
  [
    "with a position",
    { region: CIRCLE, ra: "1", dec: "1", size: "1arcmin" },
    "INVALID_PARAMETER",
    "only without ra, dec and size",
  ],
] as const)("a region %s is refused", async (_, query, code, detail) => {
  const response = await get("integers", query);
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code, detail: expect.stringContaining(detail) });
});

it("mask without region is refused", async () => {
  expect((await get("integers", { mask: "true" })).json()).toMatchObject({
    code: "INVALID_PARAMETER",
    detail: expect.stringContaining("only together with region"),
  });
});
