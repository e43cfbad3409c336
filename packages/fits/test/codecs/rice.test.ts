import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import { rice1 } from "../../src/codecs/rice/rice.ts";
import { encodeRice, encodeRicePlain } from "../../src/codecs/rice/rice-encode.ts";
import type { RicePixels } from "../../src/codecs/rice/rice-plain.ts";
import { sharedKernel } from "../../src/kernel/kernel.ts";
import {
  bytesOf,
  decodeRiceInto,
  newPixels,
  pixelsOf,
  type RowsIntoArray,
  sameBytes,
  tilesOf,
} from "./tile-fixtures.ts";

const decoders = [
  ["the WebAssembly kernel", sharedKernel()],
  ["the plain twin", undefined],
] as const;

/** One tile as a set of one row. */
function single(
  input: Uint8Array,
  out: RowsIntoArray["out"],
  bytepix: number,
  blocksize: number,
  first = 0,
): RowsIntoArray {
  const end = first + out.length;
  const place = { first, end, tileLength: end, out, outOffset: 0, outStride: 0 };
  return { bytes: input, offsets: [0], lengths: [input.length], bytepix, blocksize, ...place };
}

function arrayOf(bytepix: number, values: readonly number[]): RicePixels {
  return bytepix === 1
    ? Uint8Array.from(values)
    : bytepix === 2
      ? Int16Array.from(values)
      : Int32Array.from(values);
}

/** Rows with quiet and loud stretches, so that every kind of block occurs. */
const rows = fc.record({
  bytepix: fc.constantFrom(1, 2, 4),
  blocksize: fc.constantFrom(1, 3, 16, 32, 100),
  values: fc
    .array(
      fc.oneof(
        fc.array(fc.integer(), { maxLength: 40 }),
        fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 90 }),
        fc.array(fc.integer({ min: -4000, max: 4000 }), { maxLength: 90 }),
        fc.array(fc.constant(3), { maxLength: 90 }),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.flat()),
});

it("the machine that runs these tests has a kernel", () => {
  expect(sharedKernel()).toBeDefined();
});

describe.each(decoders)("RICE_1 by %s", (_, kernel) => {
  it.each(tilesOf("RICE_1"))("RICE_1 decodes like cfitsio's C code: $name", (tile) => {
    const expected = pixelsOf(tile.type, tile.pixels);
    const out = newPixels(tile.type, tile.count);
    decodeRiceInto(single(bytesOf(tile.data), out, tile.bytepix!, tile.blocksize!), kernel);
    expect(out).toEqual(expected);
  });

  it("RICE_1 gives back encoded pixels, for any range of columns", () => {
    const property = fc.property(rows, fc.nat(), fc.nat(), ({ bytepix, blocksize, values }, a, b) => {
      const pixels = arrayOf(bytepix, values);
      const input = encodeRice(pixels, blocksize);
      const first = a % (pixels.length + 1);
      const end = first + (b % (pixels.length + 1 - first));
      const out = pixels.slice(first, end).fill(77);
      decodeRiceInto({ ...single(input, out, bytepix, blocksize, first), tileLength: pixels.length }, kernel);
      expect(sameBytes(out, pixels.slice(first, end))).toBe(true);
    });
    fc.assert(property, { numRuns: draws(400) });
  });

  it("RICE_1 reports a tile that ends too early", () => {
    const pixels = Int16Array.from({ length: 300 }, (_, i) => (i * 7919) % 601);
    const input = encodeRice(pixels, 32);
    for (let length = 0; length < input.length - 1; length += 7) {
      const rowsCut = single(input.subarray(0, length), new Int16Array(300), 2, 32);
      expect(() => decodeRiceInto(rowsCut, kernel)).toThrow(/RICE_1 tile of \d+ bytes ends/);
    }
  });

  it("RICE_1 survives arbitrary bytes (fast-check)", () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(1, 5, 32, 1_000_000),
      fc.nat({ max: 3000 }),
      (input, bytepix, blocksize, count) => {
        const out = arrayOf(bytepix, new Array<number>(count).fill(0));
        try {
          decodeRiceInto(single(input, out, bytepix, blocksize), kernel);
        } catch (error) {
          expect(isSisError(error, "FITS_TILE_CORRUPT")).toBe(true);
        }
      },
    );
    fc.assert(property, { numRuns: draws(1000) });
  });
});

describe("RICE_1 with kernel and twin", () => {
  it("RICE_1 kernel and twin agree for arbitrary bytes on pixels or error", () => {
    const outcome = (rowTiles: RowsIntoArray, kernel: (typeof decoders)[number][1]) => {
      try {
        decodeRiceInto(rowTiles, kernel);
        return rowTiles.out;
      } catch {
        return "refused";
      }
    };
    const property = fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 900 }),
      fc.constantFrom(1, 2, 4),
      fc.nat({ max: 400 }),
      (input, bytepix, count) => {
        const blank = () => arrayOf(bytepix, new Array<number>(count).fill(0));
        const [a, b] = decoders.map(([, kernel]) => outcome(single(input, blank(), bytepix, 32), kernel));
        expect(a).toEqual(b);
      },
    );
    fc.assert(property, { numRuns: draws(1500) });
  });

  it("RICE_1 kernel and twin agree for several rows at once, good or damaged", () => {
    const property = fc.property(
      fc.array(rows, { minLength: 2, maxLength: 5 }),
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(16, 32),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
      fc.boolean(),
      (images, bytepix, blocksize, changes, cut) => {
        const width = Math.min(...images.map((image) => image.values.length));
        const tiles = images.map(({ values }) =>
          encodeRice(arrayOf(bytepix, values.slice(0, width)), blocksize),
        );
        for (const [row, at, byte] of changes) {
          const tile = tiles[row % tiles.length]!;
          if (cut) tiles[row % tiles.length] = tile.slice(0, at % (tile.length + 1));
          else tile[at % tile.length] = byte;
        }
        const lengths = tiles.map((tile) => tile.length);
        const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
        const bytes = new Uint8Array(Buffer.concat(tiles));
        const columns = { tileLength: width, first: 0, end: width, outOffset: 0, outStride: width };
        const [a, b] = decoders.map(([, kernel]) => {
          const out = arrayOf(bytepix, new Array<number>(width * tiles.length).fill(0));
          try {
            decodeRiceInto({ bytes, offsets, lengths, bytepix, blocksize, out, ...columns }, kernel);
            return out;
          } catch (error) {
            return isSisError(error) ? error.details : error;
          }
        });
        expect(a).toEqual(b);
      },
    );
    fc.assert(property, { numRuns: draws(1500) });
  });

  it.each(tilesOf("RICE_1"))("RICE_1 encodes to the bytes of cfitsio's C code: $name", (tile) => {
    const pixels = pixelsOf(tile.type, tile.pixels) as RicePixels;
    for (const encoder of [encodeRice, encodeRicePlain]) {
      expect(Buffer.from(encoder(pixels, tile.blocksize!))).toEqual(Buffer.from(bytesOf(tile.data)));
    }
  });

  it("RICE_1 kernel and twin encode the same bytes", () => {
    const property = fc.property(rows, ({ bytepix, blocksize, values }) => {
      const pixels = arrayOf(bytepix, values);
      expect(sameBytes(encodeRice(pixels, blocksize), encodeRicePlain(pixels, blocksize))).toBe(true);
    });
    fc.assert(property, { numRuns: draws(1500) });
  });

  it("RICE_1 decodes a short tile of 4-byte integers into 16 bits, and refuses values out of range", () => {
    const input = rice1.encode!(Int32Array.of(-5, 7, 30_000), {});
    const out = new Int16Array(3);
    rice1.decode(input, out, { tileLength: 3, count: 3, bytepix: 4 });
    expect([...out]).toEqual([-5, 7, 30_000]);
    const large = rice1.encode!(Int32Array.of(40_000), {});
    expect(() => rice1.decode(large, out, { tileLength: 1, count: 1, bytepix: 4 })).toThrow(
      /BITPIX cannot hold/,
    );
  });

  it("RICE_1 decodes more rows than one batch of the kernel, with a stride", () => {
    const width = 3000;
    const height = 200;
    const image = Int16Array.from({ length: width * height }, (_, i) => ((i * 2654435761) >>> 7) & 0xfff);
    const tiles = Array.from({ length: height }, (_, y) =>
      encodeRice(image.subarray(y * width, (y + 1) * width), 32),
    );
    const offsets = tiles.map((_, y) => tiles.slice(0, y).reduce((sum, t) => sum + t.length, 0));
    const common = {
      bytes: new Uint8Array(Buffer.concat(tiles)),
      offsets,
      lengths: tiles.map((t) => t.length),
      tileLength: width,
      first: 1000,
      end: 1300,
      bytepix: 2,
      outOffset: 5,
      outStride: 310,
    };
    for (const [, kernel] of decoders) {
      const out = new Int16Array(5 + 310 * height);
      decodeRiceInto({ ...common, out }, kernel);
      for (let y = 0; y < height; y += 13) {
        const row = out.subarray(5 + 310 * y, 305 + 310 * y);
        expect(sameBytes(row, image.subarray(y * width + 1000, y * width + 1300))).toBe(true);
      }
    }
  });

  it("RICE_1 names the damaged tile of many", () => {
    const good = encodeRice(new Int16Array(50), 32);
    const out = new Int16Array(150);
    const columns = { tileLength: 50, first: 0, end: 50, bytepix: 2, out, outOffset: 0, outStride: 50 };
    const rowTiles = { bytes: good, offsets: [0, 0, 0], lengths: [good.length, good.length, 1], ...columns };
    for (const [, kernel] of decoders) {
      expect(() => decodeRiceInto(rowTiles, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TILE_CORRUPT", details: { row: 2 } }),
      );
    }
  });

  it("RICE_1 refuses a tile that declares more pixels than its bytes can hold, before allocating memory", () => {
    const out = new Int16Array(10);
    const columns = { tileLength: 1e15, first: 1e15 - 10, end: 1e15, bytepix: 2, blocksize: 32 };
    const tiles = {
      bytes: new Uint8Array(100),
      offsets: [0],
      lengths: [100],
      out,
      outOffset: 0,
      outStride: 10,
    };
    for (const [, kernel] of decoders) {
      expect(() => decodeRiceInto({ ...tiles, ...columns }, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TILE_CORRUPT", details: { row: 0 } }),
      );
      expect(() => decodeRiceInto({ ...tiles, ...columns, blocksize: 1_000_000 }, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TILE_CORRUPT" }),
      );
      const large = { tileLength: 2 ** 34, first: 2 ** 34 - 10, end: 2 ** 34, blocksize: 0x3fffffff };
      expect(() => decodeRiceInto({ ...tiles, ...columns, ...large }, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TOO_LARGE" }),
      );
    }
  });

  it("RICE_1 refuses unknown parameters and arrays that are too short", () => {
    const out = new Int16Array(4);
    const bad = [
      [{ tileLength: 4, count: 4, bytepix: 8 }, "FITS_UNSUPPORTED"],
      [{ tileLength: 4, count: 4, blocksize: 0 }, "FITS_UNSUPPORTED"],
      [{ tileLength: 4, count: 4, blocksize: 1.5 }, "FITS_UNSUPPORTED"],
      [{ tileLength: 9, count: 9, bytepix: 2 }, "FITS_SECTION"],
      [{ tileLength: 3, count: 4, bytepix: 2 }, "FITS_SECTION"],
    ] as const;
    for (const [tile, code] of bad) {
      expect(() => rice1.decode(new Uint8Array(20), out, tile)).toThrow(expect.objectContaining({ code }));
    }
  });
});
