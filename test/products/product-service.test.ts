import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { dataSum } from "../../packages/fits/src/file/checksum.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import type { Card } from "../../packages/fits/src/header/card.ts";
import { headerNumber } from "../../packages/fits/src/header/header.ts";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { readSection } from "../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../packages/fits/src/read/section-plan.ts";
import { emptyPrimary, imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { wcsFromHeader } from "../../packages/wcs/src/header/wcs-from-header.ts";
import { pixelToIcrs } from "../../packages/wcs/src/transform/sky.ts";
import { openFileSource } from "../../src/archive/file-source.ts";
import type { ImageRecord } from "../../src/catalog/catalog.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { isSisError, statusOf } from "../../src/errors/sis-error.ts";
import type { ProductRequest, ProductService } from "../../src/products/product.ts";
import { gnomonicCards } from "../support/inputs/made-fits.ts";
import { builtProducts } from "../support/products/product-app.ts";
import { memoryCatalog, RECORD } from "../support/test-service.ts";

const NX = 200;
const NY = 120;
const folder = mkdtempSync(join(tmpdir(), "sis-products-"));
const pixels = Int16Array.from({ length: NX * NY }, (_, i) => i - 12_000);

const sky: readonly Card[] = [
  ...gnomonicCards([359.99, 60], [100, 60.5], [-1 / 3600, 1e-6, 1e-6, 1 / 3600]),
  valueCard("BSCALE", 1),
  valueCard("BZERO", 32768),
];

const id = (name: string) => `urn:nasa:pds:test.survey:data:${name}`;

function record(name: string, label: string | null = null): ImageRecord {
  const url = (file: string) => pathToFileURL(join(folder, file)).href;
  return { ...RECORD, obsId: id(name), imageUrl: url(name), labelUrl: label === null ? null : url(label) };
}

function writeImage(name: string, cards: readonly Card[], extra: Uint8Array = new Uint8Array(0)): void {
  writeFileSync(join(folder, name), Buffer.concat([imageHdu({ naxis: [NX, NY], pixels, cards }), extra]));
}

let products: ProductService;

beforeAll(() => {
  writeImage("plain.fits", sky);
  writeImage("changing.fits", sky);
  writeImage("cut-short.fits", sky);
  truncateSync(join(folder, "cut-short.fits"), 2880 + 5000);
  writeImage("nowhere.fits", []);
  writeFileSync(join(folder, "no-image.fits"), emptyPrimary());
  writeFileSync(join(folder, "no-fits.fits"), "this is no FITS file");
  writeFileSync(join(folder, "plain.xml"), "<label/>");
  const files = [
    "changing.fits",
    "cut-short.fits",
    "nowhere.fits",
    "no-image.fits",
    "no-fits.fits",
    "gone.fits",
  ];
  const settings = loadSettings(folder, {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
    MAXIMUM_CUTOUT_SIZE: "100",
    SBNSIS_COMPUTE_THREADS: "2",
  });
  const catalog = memoryCatalog([record("plain.fits", "plain.xml"), ...files.map((name) => record(name))]);
  products = builtProducts(settings, catalog);
});

afterAll(async () => {
  await products.close();
  rmSync(folder, { recursive: true });
});

function cutout(name: string, ra: number, dec: number, arcsec: number): ProductRequest {
  return {
    id: id(name),
    format: "fits",
    align: false,
    cutout: { ra, dec, size: { arcsec, text: `${arcsec}arcsec` } },
  };
}

async function read(path: string) {
  const source = openFileSource(path);
  try {
    const { hdus } = await openFits(source);
    const image = (await describeImage(source, hdus[0]!))!;
    const whole = planSection(image, { start: [0, 0], shape: image.naxis });
    return { image, hdus, header: hdus[0]!.header, pixels: await readSection(source, whole) };
  } finally {
    source.close();
  }
}

test("a cutout has the frame's stored pixels, each at its original sky position, across RA 0", async () => {
  const frame = await read(join(folder, "plain.fits"));
  const frameWcs = wcsFromHeader(frame.header);
  const place = pixelToIcrs(frameWcs, 60.2, 40.3)!;
  const product = await products.get(cutout("plain.fits", place.ra, place.dec, 31));
  expect(product).toMatchObject({ mediaType: "image/fits", origin: "made" });
  const made = await read(product.path);
  expect(made.hdus).toHaveLength(1);
  expect(made.image).toMatchObject({ bitpix: 16, naxis: [31, 31], bzero: 32768 });
  const [x0, y0] = [Math.ceil(60.2 - 15.5), Math.ceil(40.3 - 15.5)];
  const expected = Array.from(
    { length: 31 * 31 },
    (_, i) => pixels[(y0 + Math.floor(i / 31)) * NX + x0 + (i % 31)],
  );
  expect(Array.from(made.pixels as Int16Array)).toEqual(expected);
  const wcs = wcsFromHeader(made.header);
  for (const [x, y] of [
    [0, 0],
    [30, 0],
    [15, 30],
  ] as const) {
    const [is, was] = [pixelToIcrs(wcs, x, y)!, pixelToIcrs(frameWcs, x0 + x, y0 + y)!];
    expect(Math.abs(is.dec - was.dec)).toBeLessThan(1e-11);
    expect(Math.abs(((is.ra - was.ra + 540) % 360) - 180)).toBeLessThan(1e-11);
  }
  expect(dataSum(readFileSync(product.path))).toBe(0xffffffff);
});

test("a cutout beyond the edge is clipped to the image", async () => {
  const wcs = wcsFromHeader((await read(join(folder, "plain.fits"))).header);
  const corner = pixelToIcrs(wcs, NX - 1, 2)!;
  const made = await read((await products.get(cutout("plain.fits", corner.ra, corner.dec, 21))).path);
  expect(made.image.naxis).toEqual([11, 13]);
  expect(headerNumber(made.header, "CRPIX1")).toBe(100 - 189);
});

test("fifty concurrent requests for a new product get the same file, made once; later ones get it from the cache", async () => {
  const request = cutout("plain.fits", 359.99, 60, 17);
  const files = () =>
    readdirSync(join(folder, "cache"), { recursive: true }).filter((name) => String(name).endsWith(".fits"));
  const before = files().length;
  const answers = await Promise.all(Array.from({ length: 50 }, () => products.get(request)));
  expect(new Set(answers.map(({ path, etag }) => `${path} ${etag}`)).size).toBe(1);
  expect(files()).toHaveLength(before + 1);
  const again = await products.get(request);
  expect(again).toMatchObject({ origin: "cache", etag: answers[0]!.etag, path: answers[0]!.path });
});

test("jobs have threads of their own as soon as these have started: single requests are never made there (oracle: counts of tasks)", async () => {
  const tasks = () => {
    const { cutouts, jobs } = products.load();
    return { cutouts: cutouts.tasks, jobs: jobs!.tasks };
  };
  // describing the file for the first time is a task, too
  await products.get(cutout("plain.fits", 359.99, 60, 42));
  const before = tasks();
  let rows = 0;
  const row = () => products.get(cutout("plain.fits", 359.99, 60, 18 + rows++ / 64), { background: true });
  expect(await row()).toMatchObject({ origin: "made" });
  expect(tasks()).toEqual({ cutouts: before.cutouts + 1, jobs: 0 });
  await expect.poll(() => row().then(() => tasks().jobs), { interval: 5 }).toBeGreaterThan(0);
  const between = tasks();
  await Promise.all([row(), row(), products.get(cutout("plain.fits", 359.99, 60, 41))]);
  expect(tasks()).toEqual({ cutouts: between.cutouts + 1, jobs: between.jobs + 2 });
});

test("requests that the Python service confused are different products", async () => {
  const a = await products.get(cutout("plain.fits", 359.99, 60.002, 15));
  const b = await products.get(cutout("plain.fits", 359.99, 60.0021, 5));
  expect(a.path).not.toBe(b.path);
});

test("a replaced source yields a new product, never the old one", async () => {
  const request = cutout("changing.fits", 359.99, 60, 5);
  const first = await products.get(request);
  const other = imageHdu({ naxis: [NX, NY], pixels: pixels.map((value) => value + 1), cards: sky });
  writeFileSync(join(folder, "changing.fits"), Buffer.concat([other, new Uint8Array(2880)]));
  const second = await products.get(request);
  expect(second.etag).not.toBe(first.etag);
  const [was, is] = [await read(first.path), await read(second.path)];
  expect(Array.from(is.pixels as Int16Array)).toEqual(
    Array.from(was.pixels as Int16Array, (value) => value + 1),
  );
});

test("a whole image is the archived file, and a label is the label", async () => {
  const whole = await products.get({ id: id("plain.fits"), format: "fits", align: false });
  expect(whole).toMatchObject({
    path: join(folder, "plain.fits"),
    origin: "archive",
    downloadFilename: "plain.fits",
  });
  const label = await products.get({ id: id("plain.fits"), format: "label", align: false });
  expect(label).toMatchObject({
    path: join(folder, "plain.xml"),
    mediaType: "text/xml",
    downloadFilename: "plain.xml",
  });
});

test.each([
  ["an unknown image", cutout("unknown", 1, 1, 5), "IMAGE_NOT_FOUND", 404],
  ["a position beside the image", cutout("plain.fits", 10, 60, 5), "OFF_IMAGE", 400],
  ["a position behind the tangent plane", cutout("plain.fits", 179.99, -60, 5), "OFF_IMAGE", 400],
  ["a cutout larger than allowed", cutout("plain.fits", 359.99, 60, 101), "CUTOUT_TOO_LARGE", 400],
  ["an image without sky", cutout("nowhere.fits", 359.99, 60, 5), "NO_CELESTIAL_WCS", 400],
  ["a file without image", cutout("no-image.fits", 359.99, 60, 5), "NO_IMAGE", 400],
  ["a file that is no FITS file", cutout("no-fits.fits", 359.99, 60, 5), "FITS_CORRUPT", 500],
  ["a file that ends too early", cutout("cut-short.fits", 359.99, 60, 5), "FITS_TRUNCATED", 500],
  ["a file that is not there", cutout("gone.fits", 359.99, 60, 5), "SOURCE_MISSING", 404],
  [
    "a label that is not known",
    { id: id("gone.fits"), format: "label", align: false },
    "SOURCE_MISSING",
    404,
  ],
] as const)("%s", async (_, request, code, status) => {
  const error = await products.get(request).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(isSisError(error) && statusOf(error)).toBe(status);
});

test("the error for a large cutout names the requested pixels, the one for a position outside names the footprint", async () => {
  await expect(products.get(cutout("plain.fits", 359.99, 60, 101))).rejects.toThrow(
    /101 x 101 .* 100 pixels/,
  );
  const missed = await products.get(cutout("plain.fits", 10, 60, 5)).catch((error: unknown) => error);
  expect((missed as { details: { footprint: number[] } }).details.footprint).toHaveLength(8);
});

test("the product of a request whose client disconnected is not made", async () => {
  const controller = new AbortController();
  controller.abort();
  const request = cutout("plain.fits", 359.99, 60, 23);
  await expect(products.get(request, { signal: controller.signal })).rejects.toMatchObject({
    code: "CANCELLED",
  });
});
