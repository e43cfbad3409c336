import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import { plio1 } from "../../src/codecs/tile/plio.ts";
import { bytesOf, pixelsOf, tilesOf } from "./tile-fixtures.ts";

describe("PLIO_1", () => {
  it.each(tilesOf("PLIO_1"))("PLIO_1 decodes like cfitsio's C code: $name", (tile) => {
    const out = new Int32Array(tile.count);
    const expected = pixelsOf(tile.type, tile.pixels);
    plio1.decode(bytesOf(tile.data), out, { tileLength: tile.count, count: tile.count });
    expect(out).toEqual(expected);
    for (const count of [0, 1, 61, tile.count - 1]) {
      const some = new Int32Array(count);
      plio1.decode(bytesOf(tile.data), some, { tileLength: tile.count, count });
      expect(some).toEqual(expected.subarray(0, count));
    }
  });

  it("PLIO_1 reads the old form of a list, with its length in the third word", () => {
    const words = [0, 0, 6, 0x1005, 0, 0x4003];
    const out = new Uint8Array(5).fill(9);
    plio1.decode(new Uint8Array(words.flatMap((w) => [w >> 8, w & 255])), out, { tileLength: 5, count: 5 });
    expect([...out]).toEqual([5, 5, 5, 0, 0]);
  });

  it("PLIO_1 refuses values out of the array's range", () => {
    const words = [0, 0, 5, 0x2400, 0x4003];
    const input = new Uint8Array(words.flatMap((w) => [w >> 8, w & 255]));
    const read = () => plio1.decode(input, new Uint8Array(3), { tileLength: 3, count: 3 });
    expect(read).toThrow(/BITPIX cannot hold/);
  });

  it("PLIO_1 survives arbitrary bytes (fast-check)", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
      const input = headed
        ? new Uint8Array([0, 0, 0, 7, 0xff, 0x9c, 0, 60, 0, 0, 0, 0, 0, 0, ...bytes])
        : bytes;
      try {
        plio1.decode(input, new Int32Array(300), { tileLength: 300, count: 300 });
      } catch (error) {
        expect(isSisError(error, "FITS_TILE_CORRUPT")).toBe(true);
      }
    });
    fc.assert(property, { numRuns: draws(2000) });
  });
});
