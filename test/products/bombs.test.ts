import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Card } from "../../packages/fits/src/header/card.ts";
import { realCard, valueCard } from "../../packages/fits/src/header/write-card.ts";
import { imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { startArchive } from "../support/archive/test-archive.ts";
import { tiledFile } from "../support/inputs/made-fits.ts";
import {
  cutoutUrl,
  imageAt,
  lid,
  type ProductApp,
  productApp,
  smallFrame,
} from "../support/products/product-app.ts";

const MEMORY = 32 * 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), "sis-bombs-"));
afterAll(() => rmSync(folder, { recursive: true }));
let service: ProductApp;
afterEach(() => service.close());

/**
 * A service whose only thread has served nothing, with the frame `a` and a good one, which is
 * packed and needs most of the memory.
 */
async function serve(url: string, env: Record<string, string> = {}): Promise<void> {
  const good = join(folder, "good.fits.gz");
  writeFileSync(good, gzipSync(Buffer.concat([smallFrame(), Buffer.alloc(MEMORY - 8 * 2 ** 20)])));
  service = await productApp([imageAt("a", url), imageAt("good", pathToFileURL(good).href)], {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
    SBNSIS_MEMORY_BYTES: String(MEMORY),
    ...env,
  });
}

const fileUrl = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return pathToFileURL(path).href;
};
/**
 * The request is refused twice in the same way; afterwards all memory is free again, otherwise the
 * good frame could not be read.
 */
async function expectRefused(url: string, status: number, code: string): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    const answer = await service.app.inject(url);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  }
  expect((await service.app.inject(cutoutUrl("good"))).statusCode).toBe(200);
  const { cutouts, frames } = service.products.load();
  expect([cutouts.endedThreads, frames.endedThreads]).toEqual([0, 0]);
}

/**
 * The header of a frame of 400 x 300 int16 pixels, and 45,899,000 zeros, as packed by bzip2 1.0.8:
 * 50 bytes.
 */
const PACKED_HEADER =
  "QlpoOTFBWSZTWXJwtYEAAKV+AIDnwABAg3/CPiddYAAIMAC7ZhJSCenqTQ8kNDGU0MQaKeiMgAAHqAAYqANAGgAACINCBBFpI6oahOgnLWvfE5xgntEsQJUFwSMH6zZGIRAh0KQu+bXCAOnM3hpAtAECKtiQv5ojg1uJKbWMzQ4ytnUOvWYupKbIWuxcZJ8XAUaYl/w2NE/vgv1a9jrjWkeqdzpE3hAGU5XmRVWWFBmLBcT+LuSKcKEg5OFrAg==";
const PACKED_ZEROS = "QlpoOTFBWSZTWRpoPEMBX45gAMAAQAAACCAAMMwJqmmoVAS2pCoCXi7kinChIDTQeIY=";

test("a bzip2 file of 290 bytes is refused when it unpacks to more than a worker's memory", async () => {
  const streams = [PACKED_HEADER, PACKED_ZEROS, PACKED_ZEROS];
  const bomb = Buffer.concat(streams.map((stream) => Buffer.from(stream, "base64")));
  await serve(fileUrl("a.fits.bz2", bomb));
  await expectRefused(cutoutUrl("a"), 507, "MEMORY_EXCEEDED");
});

test("a gzip file that unpacks to more than its last word declares is refused", async () => {
  const bomb = gzipSync(Buffer.concat([smallFrame(), Buffer.alloc(MEMORY)]), { level: 1 });
  bomb.writeUInt32LE(2880, bomb.length - 4);
  await serve(fileUrl("a.fits.gz", bomb));
  await expectRefused(cutoutUrl("a"), 507, "MEMORY_EXCEEDED");
});

test("a header of 28 MB is refused, not copied into every cutout", async () => {
  const frame = smallFrame();
  const end = Buffer.from(frame).indexOf("END ".padEnd(80));
  const cards = Buffer.alloc(28_000_000, "COMMENT".padEnd(80, "x"));
  await serve(fileUrl("a.fits", Buffer.concat([frame.subarray(0, end), cards, frame.subarray(end)])));
  await expectRefused(cutoutUrl("a"), 500, "CORRUPT_SOURCE");
  expect(JSON.stringify(service.records)).toMatch(/longer than 2880000 bytes/);
});

test("an image in one tile that takes more than a worker's memory is refused, even for one pixel", async () => {
  const side = 4400;
  const tiled = await tiledFile(
    { naxis: [side, side], bitpix: 16, codec: "RICE_1", tile: [side, side], cards: sky(side) },
    new Int16Array(side * side),
  );
  await serve(fileUrl("a.fits.fz", tiled));
  await expectRefused(cutoutUrl("a", 1), 507, "MEMORY_EXCEEDED");
});

test("a picture of 16384 x 16384 pixels with an extreme SIP ends by itself when its time is up", async () => {
  const side = 16_384;
  const wild = [
    ["A_ORDER", 2],
    ["B_ORDER", 2],
    ["A_2_0", 1e-3],
    ["B_0_2", 1e-3],
    ["A_1_1", -1e-3],
  ].map(([keyword, value]) => valueCard(`${keyword}`, value as number));
  const shape = { naxis: [400, 300], pixels: new Uint8Array(120_000) };
  const small = imageHdu({ ...shape, cards: [...sky(side), ...wild] });
  const header = Buffer.from(small.subarray(0, small.length - 120_960))
    .toString("latin1")
    .replace("                 400", `${side}`.padStart(20))
    .replace("                 300", `${side}`.padStart(20));
  const url = fileUrl("wild.fits", Buffer.from(header, "latin1"));
  truncateSync(join(folder, "wild.fits"), header.length + side * side);
  await serve(url, { SBNSIS_MEMORY_BYTES: String(640 * 2 ** 20), SBNSIS_TASK_SECONDS: "1" });
  await expectRefused(`/images/${lid("a")}?format=png`, 500, "TASK_TIMEOUT");
});

test("a packed file of an archive that does not fit into the cache is sent as stored", async () => {
  const packed = gzipSync(smallFrame());
  const archive = await startArchive(packed);
  try {
    await serve(archive.url.replace(".fits", ".fits.gz"), { SBNSIS_CACHE_MAX_BYTES: "1" });
    const answer = await service.app.inject(`/images/${lid("a")}`);
    expect([answer.statusCode, answer.headers["content-length"]]).toEqual([200, String(packed.length)]);
    expect(answer.rawPayload.equals(packed)).toBe(true);
  } finally {
    await archive.close();
  }
});

/** A coordinate system with RA 150, Dec 20 at its middle, one arcsecond a pixel. */
function sky(side: number): readonly Card[] {
  return [
    ...[valueCard("CTYPE1", "RA---TAN-SIP"), valueCard("CTYPE2", "DEC--TAN-SIP")],
    ...[realCard("CRVAL1", 150), realCard("CRVAL2", 20), realCard("CRPIX1", side / 2)],
    ...[realCard("CRPIX2", side === 400 ? 150 : side / 2)],
    ...[realCard("CDELT1", -1 / 3600), realCard("CDELT2", 1 / 3600)],
  ];
}
