import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../src/errors/sis-error.ts";
import { decodeHcompress } from "../../../src/fits/codecs/hcompress.ts";
import { sharedKernel } from "../../../src/fits/codecs/kernel.ts";
import { bytesOf, summaryLike, type TileFixture, tilesOf } from "./tile-fixtures.ts";

const decoders = [
  ["the WebAssembly kernel", sharedKernel()],
  ["the plain twin", undefined],
] as const;
const tiles = tilesOf("HCOMPRESS_1");

function decode(tile: TileFixture, input: Uint8Array, kernel: (typeof decoders)[number][1]) {
  const out = tile.bitpix === 16 ? new Int16Array(tile.count) : new Int32Array(tile.count);
  const { smooth = false, count } = tile;
  decodeHcompress(input, out, { tileLength: count, count, smooth }, kernel);
  return Int32Array.from(out);
}

describe.each(decoders)("HCOMPRESS_1 by %s", (_, kernel) => {
  it.each(tiles)("decodes as cfitsio's C code does: $name", (tile) => {
    expect(summaryLike(tile.pixels, decode(tile, bytesOf(tile.data), kernel))).toBe(tile.pixels);
  });

  it("refuses or decodes streams that are cut short or changed, and nothing else happens", () => {
    const property = fc.property(
      fc.constantFrom(...tiles),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat(),
      (tile, changes, cut) => {
        const input = bytesOf(tile.data).slice();
        for (const [at, byte] of changes) input[at % input.length] = byte;
        try {
          decode(tile, input.subarray(0, cut % 3 === 0 ? cut % input.length : input.length), kernel);
        } catch (error) {
          expect(isSisError(error, "FITS_TILE_CORRUPT")).toBe(true);
        }
      },
    );
    fc.assert(property, { numRuns: 1500 });
  });

  it("says that a stream is cut short", () => {
    for (const tile of tiles.slice(0, 4)) {
      const input = bytesOf(tile.data);
      const short = input.subarray(0, input.length - 2);
      expect(() => decode(tile, short, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TILE_CORRUPT" }),
      );
    }
  });
});

it("HCOMPRESS_1 with loss keeps pixels in the range of their type, as cfitsio does", () => {
  const tile = tiles.find((t) => t.name.startsWith("HCOMPRESS_1 int16 47x50 scale 5"))!;
  const whole = decode(tile, bytesOf(tile.data), sharedKernel());
  const out = new Uint8Array(tile.count);
  decodeHcompress(bytesOf(tile.data), out, { tileLength: tile.count, count: tile.count }, sharedKernel());
  expect([...out]).toEqual([...whole].map((pixel) => Math.min(Math.max(pixel, 0), 255)));
  expect(Math.max(...whole)).toBeGreaterThan(255);
});

it("HCOMPRESS_1 gives the wanted beginning of a tile, and refuses another size", () => {
  const tile = tiles.find((t) => t.name.startsWith("HCOMPRESS_1 int16 20x33 scale 0"))!;
  const input = bytesOf(tile.data);
  const whole = decode(tile, input, sharedKernel());
  const some = new Int32Array(70);
  decodeHcompress(input, some, { tileLength: tile.count, count: 70 }, undefined);
  expect(some).toEqual(whole.slice(0, 70));
  const other = () => decodeHcompress(input, some, { tileLength: 70, count: 70 }, sharedKernel());
  expect(other).toThrow(/says it is 20 by 33/);
});
