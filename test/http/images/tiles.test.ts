import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeTile } from "../../support/decode-tile.ts";
import { imageAt, lid, type ProductApp, productApp, smallFrame } from "../../support/products/product-app.ts";

let folder: string;
let service: ProductApp;
const path = () => join(folder, "one.fits");
const url = `/images/${encodeURIComponent(lid("one"))}/tiles`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sbnsis-tiles-http-"));
  writeFileSync(path(), smallFrame());
  service = await productApp([imageAt("one", pathToFileURL(path()).href)], {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const get = (address: string, headers: Record<string, string> = {}) =>
  service.app.inject({ url: address, headers });

interface Description {
  readonly version: string;
  readonly levels: readonly unknown[];
}

const describeTiles = async () => (await get(url)).json() as Description;

it("the tiles of an image of 400 x 300 pixels are described with two levels, its cuts and its histogram", async () => {
  const response = await get(url);
  expect(response.statusCode).toBe(200);
  expect(response.headers["cache-control"]).toBe("no-cache");
  expect(response.json()).toMatchObject({
    width: 400,
    height: 300,
    tile: 256,
    bitpix: 16,
    unit: null,
    blank: false,
    levels: [
      { level: 0, width: 400, height: 300, exact: true },
      { level: 1, width: 200, height: 150, exact: false },
    ],
    cuts: { minmax: [0, 29_999] },
  });
  const again = await get(url, { "if-none-match": String(response.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
});

it("tiles are numbered from the lower left, and are immutable (oracle: pixel i has the value i modulo 30000)", async () => {
  const { version } = await describeTiles();
  const response = await get(`${url}/${version}/0/1/1`);
  expect(response.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "application/octet-stream",
  });
  const tile = decodeTile(response.rawPayload);
  expect([tile.width, tile.height]).toEqual([144, 44]);
  const expected = tile.values.map((_, i) => ((256 + Math.floor(i / 144)) * 400 + 256 + (i % 144)) % 30_000);
  expect(tile.values).toEqual(expected);
  const again = await get(`${url}/${version}/0/1/1`, { "if-none-match": String(response.headers.etag) });
  expect(again.statusCode).toBe(304);
  const current = await get(`${url}/current/0/1/1`);
  expect(current.rawPayload.equals(response.rawPayload)).toBe(true);
  expect(current.headers["cache-control"]).toBe("no-cache");
});

it("tiles of floats are sent in gzip to clients that accept it, with another entity tag (RFC 9110, 8.8.3.3)", async () => {
  const { version } = await describeTiles();
  const address = `${url}/${version}/1/0/0?exact=true`;
  const [plain, gzip] = await Promise.all([get(address), get(address, { "accept-encoding": "gzip, br" })]);
  expect([plain.headers["content-encoding"], gzip.headers["content-encoding"]]).toEqual([undefined, "gzip"]);
  expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
  expect(gzip.headers.etag).not.toBe(plain.headers.etag);
  const tile = decodeTile(plain.rawPayload);
  expect([tile.coding, tile.width, tile.height]).toEqual([3, 200, 150]);
  expect(tile.values[0]).toBe((0 + 1 + 400 + 401) / 4);
});

it.each([
  ["a level that the image does not have", "2/0/0"],
  ["a column to the right of it", "0/2/0"],
  ["a row above it", "0/0/2"],
  ["no number", "0/0/1e1"],
])("a tile with %s is not found", async (_, place) => {
  const { version } = await describeTiles();
  const response = await get(`${url}/${version}/${place}`);
  expect(response.statusCode).toBe(404);
});

it("after an image was replaced, tiles of the old version are gone, and the new ones have the new pixels", async () => {
  const { version } = await describeTiles();
  await get(`${url}/${version}/0/0/0`);
  writeFileSync(path(), smallFrame(5));
  utimesSync(path(), 1_700_000_000, 1_700_000_000);
  const gone = await get(`${url}/${version}/0/0/0`);
  const described = await describeTiles();
  expect([gone.statusCode, gone.json().code, gone.json().version]).toEqual([
    410,
    "TILE_VERSION",
    described.version,
  ]);
  const tile = decodeTile((await get(`${url}/${described.version}/0/0/0`)).rawPayload);
  expect(tile.values[0]).toBe(5);
});

it("an unknown image has no tiles", async () => {
  expect((await get("/images/urn:none/tiles")).json().code).toBe("IMAGE_NOT_FOUND");
});
