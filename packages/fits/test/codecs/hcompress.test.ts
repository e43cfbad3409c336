import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import { generator, mutate } from "../../../../test/support/inputs/mutate.ts";
import { decodeHcompress } from "../../src/codecs/hcompress/hcompress.ts";
import { sharedKernel } from "../../src/kernel/kernel.ts";
import { bytesOf, summaryLike, type TileFixture, tilesOf } from "./tile-fixtures.ts";

const decoders = [
  ["the WebAssembly kernel", sharedKernel()],
  ["the plain twin", undefined],
] as const;
const tiles = tilesOf("HCOMPRESS_1");

function decode(tile: TileFixture, input: Uint8Array, kernel: (typeof decoders)[number][1]) {
  const kind = tile.bitpix === 8 ? Uint8Array : tile.bitpix === 16 ? Int16Array : Int32Array;
  const out = new kind(tile.count);
  const { smooth = false, count } = tile;
  decodeHcompress(input, out, { tileLength: count, count, smooth }, kernel);
  return Int32Array.from(out);
}

describe.each(decoders)("HCOMPRESS_1 by %s", (_, kernel) => {
  it.each(tiles)("HCOMPRESS_1 decodes like cfitsio's C code: $name", (tile) => {
    expect(summaryLike(tile.pixels, decode(tile, bytesOf(tile.data), kernel))).toBe(tile.pixels);
  });

  it("a cut or changed HCOMPRESS_1 stream is refused or decoded, without side effects", () => {
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
    fc.assert(property, { numRuns: draws(1500) });
  });

  it("a cut HCOMPRESS_1 stream is reported as cut", () => {
    for (const tile of tiles.slice(0, 4)) {
      const input = bytesOf(tile.data);
      const short = input.subarray(0, input.length - 2);
      expect(() => decode(tile, short, kernel)).toThrow(
        expect.objectContaining({ code: "FITS_TILE_CORRUPT" }),
      );
    }
  });
});

/**
 * A stream of random coefficients, with bit planes without Huffman coding (White's format, kind 0).
 */
function randomStream(rows: number, columns: number, scale: number, planes: readonly number[], seed: number) {
  const random = generator(seed);
  const bits: number[] = [];
  const put = (value: number, n: number) => {
    for (let k = n - 1; k >= 0; k--) bits.push((value >> k) & 1);
  };
  const [r, c] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const sizes = [
    [r, c, planes[0]!],
    [r, columns >> 1, planes[1]!],
    [rows >> 1, c, planes[1]!],
    [rows >> 1, columns >> 1, planes[2]!],
  ] as const;
  for (const [height, width, count] of sizes) {
    for (let bit = 0; bit < count; bit++) {
      put(0, 4);
      for (let i = ((height + 1) >> 1) * ((width + 1) >> 1); i > 0; i--) put(random(16), 4);
    }
  }
  put(0, 4);
  while (bits.length % 8 !== 0) bits.push(0);
  for (let i = rows * columns; i > 0; i--) bits.push(random(2));
  const stream = Buffer.alloc(25 + Math.ceil(bits.length / 8));
  stream.writeUInt16BE(0xdd99);
  stream.writeInt32BE(rows, 2);
  stream.writeInt32BE(columns, 6);
  stream.writeInt32BE(scale, 10);
  stream.writeBigInt64BE(BigInt(random(2 ** 20) - 2 ** 19), 14);
  stream.set(planes, 22);
  bits.forEach((bit, i) => {
    stream[25 + (i >> 3)]! |= bit << (7 - (i & 7));
  });
  return new Uint8Array(stream);
}

/**
 * Result of the kernel and the twin for a stream in 16 or 32 bits: pixels, or the error message.
 */
function bothOf(input: Uint8Array, count: number, wide: boolean, smooth: boolean): readonly unknown[] {
  return decoders.map(([, kernel]) => {
    const out = wide ? new Int32Array(count) : new Int16Array(count);
    try {
      decodeHcompress(input, out, { tileLength: count, count, smooth }, kernel);
      return out;
    } catch (error) {
      if (!isSisError(error, "FITS_TILE_CORRUPT")) throw error;
      return error.message;
    }
  });
}

describe("HCOMPRESS_1 with kernel and twin", () => {
  it("HCOMPRESS_1 kernel and twin agree for random coefficients of any size, scale and depth, smoothed or not", () => {
    let decoded = 0;
    const property = fc.property(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })),
      fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 }), fc.nat({ max: 12 })),
      fc.nat({ max: 9 }),
      fc.integer(),
      fc.boolean(),
      fc.boolean(),
      ([rows, columns], planes, scale, seed, wide, smooth) => {
        const input = randomStream(rows, columns, scale, planes, seed);
        const [a, b] = bothOf(input, rows * columns, wide, smooth);
        expect(a).toEqual(b);
        if (typeof a !== "string") decoded++;
      },
    );
    fc.assert(property, { numRuns: 500 });
    expect(decoded).toBeGreaterThan(250);
  });

  it("HCOMPRESS_1 kernel and twin agree for damaged bit planes of cfitsio's streams", () => {
    const random = generator(5);
    for (let run = 0; run < draws(3000); run++) {
      const tile = tiles[random(tiles.length)]!;
      const data = bytesOf(tile.data);
      const input = new Uint8Array(
        Buffer.concat([data.subarray(0, 25), mutate(data.subarray(25), random, 200)]),
      );
      const [a, b] = bothOf(input, tile.count, tile.bitpix === 32, random(2) === 0);
      expect(a).toEqual(b);
    }
  });
});

it("lossy HCOMPRESS_1 keeps pixels in the range of their type, as in cfitsio", () => {
  const tile = tiles.find((t) => t.name.startsWith("HCOMPRESS_1 int16 47x50 scale 5"))!;
  const whole = decode(tile, bytesOf(tile.data), sharedKernel());
  const out = new Uint8Array(tile.count);
  decodeHcompress(bytesOf(tile.data), out, { tileLength: tile.count, count: tile.count }, sharedKernel());
  expect([...out]).toEqual([...whole].map((pixel) => Math.min(Math.max(pixel, 0), 255)));
  expect(Math.max(...whole)).toBeGreaterThan(255);
});

it("HCOMPRESS_1 returns only the wanted first pixels of a tile, and refuses another size", () => {
  const tile = tiles.find((t) => t.name.startsWith("HCOMPRESS_1 int16 20x33 scale 0"))!;
  const input = bytesOf(tile.data);
  const whole = decode(tile, input, sharedKernel());
  const some = new Int32Array(70);
  decodeHcompress(input, some, { tileLength: tile.count, count: 70 }, undefined);
  expect(some).toEqual(whole.slice(0, 70));
  const other = () => decodeHcompress(input, some, { tileLength: 70, count: 70 }, sharedKernel());
  expect(other).toThrow(/declares 20 by 33/);
});
