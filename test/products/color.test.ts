import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { colorRequest } from "../../src/http/color/color-request.ts";
import { avmFrame, readAvm } from "../support/avm-reader.ts";
import { madeCatalog, madeImage } from "../support/catalog/made-catalog.ts";
import { squareFrame } from "../support/inputs/sky-frames.ts";
import { imageAt, lid, type ProductApp, productApp, tanCards } from "../support/products/product-app.ts";

const NX = 100;
const NY = 80;
const folder = mkdtempSync(join(tmpdir(), "sis-colour-"));
let service: ProductApp;
const get = (query: string) => service.app.inject({ url: `/colour?${query}` });
const place = "ra=150&dec=20&size=40arcsec";
const three = `r=${lid("r.fits")}&g=${lid("g.fits")}&b=${lid("b.fits")}`;

beforeAll(async () => {
  // a spot of each color: red in the east, green in the middle, blue in the west
  for (const [name, column] of [
    ["r", 40],
    ["g", 50],
    ["b", 60],
  ] as const) {
    const pixels = new Float32Array(NX * NY).fill(100);
    for (let y = 37; y <= 43; y++) pixels.fill(900, y * NX + column - 3, y * NX + column + 4);
    const cards = tanCards(51, 41);
    writeFileSync(join(folder, `${name}.fits`), imageHdu({ naxis: [NX, NY], pixels, cards }));
  }
  const flat = new Float32Array(4);
  writeFileSync(join(folder, "nowhere.fits"), imageHdu({ naxis: [2, 2], pixels: flat }));
  const names = ["r.fits", "g.fits", "b.fits", "nowhere.fits"];
  const images = names.map((name) => imageAt(name, pathToFileURL(join(folder, name)).href));
  service = await productApp(images, {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
    MAXIMUM_CUTOUT_SIZE: "60",
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** Color of a pixel, counted from 0 at the lower left. */
async function pixelsOf(bytes: Buffer) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray(3 * ((info.height - 1 - y) * info.width + x)).subarray(0, 3),
  ];
  return { info, at };
}

test("a spot of each image has its color in /colour, north up and east to the left, with AVM", async () => {
  const answer = await get(`${three}&${place}&format=png&minimum=100&softening=500&interpolation=nearest`);
  expect(answer.statusCode, answer.payload.slice(0, 300)).toBe(200);
  expect(answer.headers["content-type"]).toBe("image/png");
  const { info, at } = await pixelsOf(answer.rawPayload);
  expect([info.width, info.height, info.channels]).toEqual([40, 40, 3]);
  const [red, green, blue, sky] = [at(9, 19), at(19, 19), at(29, 19), at(2, 2)];
  expect([red[1], red[2], green[0], green[2], blue[0], blue[1]]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(Math.min(red[0]!, green[1]!, blue[2]!)).toBeGreaterThan(100);
  expect(sky).toEqual([0, 0, 0]);
  const packet = /<x:xmpmeta[\s\S]*<\/x:xmpmeta>/.exec(answer.rawPayload.toString("latin1"))![0];
  const frame = avmFrame(readAvm(packet))!;
  expect(frame.crval[0]).toBeCloseTo(150, 9);
  expect(frame.crval[1]).toBeCloseTo(20, 9);
  expect(frame.crpix).toEqual([20.5, 20.5]);
  expect(frame.cd[0]! * 3600).toBeCloseTo(-1, 6);
  expect(frame.cd[3]! * 3600).toBeCloseTo(1, 6);
});

test("/colour without g has the mean of red and blue as green", async () => {
  const two = `r=${lid("r.fits")}&b=${lid("b.fits")}`;
  const answer = await get(`${two}&${place}&format=png&stretch=linear&cut=minmax&interpolation=nearest`);
  const { at } = await pixelsOf(answer.rawPayload);
  expect(at(9, 19)).toEqual([255, 255, 0]);
  expect(at(29, 19)).toEqual([0, 255, 255]);
});

test("/colour makes JPEG by default, once, and another picture for each choice", async () => {
  const first = await get(`${three}&${place}`);
  expect([first.statusCode, first.headers["content-type"]]).toEqual([200, "image/jpeg"]);
  expect((await get(`${three}&${place}`)).headers.etag).toBe(first.headers.etag);
  const swapped = `r=${lid("r.fits")}&g=${lid("b.fits")}&b=${lid("g.fits")}`;
  const others = await Promise.all(
    [`${swapped}&${place}`, `${three}&${place}&q=3`, `${three}&${place}&stretch=asinh`].map(get),
  );
  expect(new Set([first, ...others].map(({ headers }) => headers.etag)).size).toBe(4);
});

test.each([
  [`r=${lid("r.fits")}&${place}`, 400, "INVALID_PARAMETER", "together with b"],
  [`${three}&ra=150&dec=20`, 400, "INCOMPLETE_CUTOUT", "ra, dec and size"],
  [`${three}&ra=150&dec=20&size=61px`, 400, "CUTOUT_TOO_LARGE", "61 x 61 pixels"],
  [`${three}&ra=151&dec=20&size=10px`, 400, "OFF_IMAGE", lid("r.fits")],
  [`${three}&ra=150&dec=20&size=5km`, 400, "INVALID_PARAMETER", "size"],
  [`r=${lid("r.fits")}&b=${lid("nowhere.fits")}&${place}`, 400, "NO_CELESTIAL_WCS", lid("nowhere.fits")],
  [`r=${lid("r.fits")}&b=${lid("gone")}&${place}`, 404, "IMAGE_NOT_FOUND", lid("gone")],
  [`${three}&${place}&minimum=1,2`, 400, "INVALID_PARAMETER", "three separated by commas"],
  [`${three}&${place}&cut=minmax`, 400, "INVALID_PARAMETER", "a stretch other than lupton"],
  [`${three}&${place}&stretch=log&q=2`, 400, "INVALID_PARAMETER", "stretch=lupton"],
  [`${three}&${place}&filters=i,r`, 400, "INVALID_PARAMETER", "only without r, g and b"],
  [`filters=i&${place}`, 400, "INVALID_PARAMETER", "two or three filters"],
  [`collection=x&${place}`, 400, "INVALID_PARAMETER", "only together with filters"],
  [`${three}&${place}&quality=80&format=png`, 400, "INVALID_PARAMETER", "format=jpeg"],
  [`${three}&${place}&format=fits`, 400, "INVALID_PARAMETER", "jpeg, jpg, png"],
])("the color request %s is refused", async (query, status, code, says) => {
  const answer = await get(query);
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  expect(answer.json().detail).toContain(says);
});

test("filters find, for each color, the image with that filter whose middle is closest to the position", async () => {
  const image = (name: string, filter: string, ra: number) =>
    madeImage(name, { detail: { filter, corners: squareFrame([ra, 20], 1, 0.2) } });
  const made = await madeCatalog([
    image("i-far", "i", 150.5),
    image("i-near", "i", 150.1),
    image("r-only", "r", 149.7),
    image("g-off", "g", 170),
  ]);
  try {
    const query = { ra: "150", dec: "20", size: "1arcmin", format: "png", download: false } as const;
    const found = await colorRequest({ ...query, filters: "i, r" }, made.catalog);
    expect(found).toMatchObject({
      format: "png",
      colour: { ids: ["urn:nasa:pds:made:data:i-near", "urn:nasa:pds:made:data:r-only"] },
    });
    await expect(colorRequest({ ...query, filters: "i,r,g" }, made.catalog)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      message: "No image with the filter g shows ra=150, dec=20.",
    });
  } finally {
    await made.close();
  }
});
