import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draws } from "../../../test/support/draws.ts";
import { bytesSource, pixelsIn, tiledFile } from "../../../test/support/inputs/made-fits.ts";
import { dataSum } from "../src/file/checksum.ts";
import { openFits } from "../src/file/fits-file.ts";
import { headerNumber, headerText } from "../src/header/header.ts";
import { imageHeader } from "../src/header/image-header.ts";
import { valueCard } from "../src/header/write-card.ts";
import { storedArray } from "../src/read/physical-values.ts";
import type { WrittenCodec } from "../src/write/encode-tile.ts";
import { writeTiledImage } from "../src/write/write-tiled-image.ts";

const axes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 3 });
const seeds = fc.integer();

/** Integers with quiet and loud stretches. */
function wholeNumbers(count: number, seed: number, largest: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const wave = Math.sin(seed + i * i) * (i % 50 < 10 ? largest : 40);
    return Math.trunc(wave);
  });
}

describe("writeTiledImage", () => {
  test("writeTiledImage keeps every integer: codecs, BITPIX, axes, tiles, descriptors (read back, fast-check)", async () => {
    const property = fc.asyncProperty(
      axes,
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 3 }),
      fc.constantFrom<WrittenCodec>("RICE_1", "GZIP_1", "GZIP_2", "NOCOMPRESS"),
      fc.constantFrom(8, 16, 32, 64),
      fc.constantFrom("P", "Q", undefined),
      fc.constantFrom(16, 32),
      seeds,
      async (naxis, tileOfThree, codec, bitpix, descriptors, blocksize, seed) => {
        fc.pre(bitpix !== 64 || codec !== "RICE_1");
        const pixels = storedArray(
          bitpix as 8,
          naxis.reduce((a, b) => a * b, 1),
        );
        const values = wholeNumbers(pixels.length, seed, 2 ** (Math.min(bitpix, 32) - 1) - 1);
        values.forEach((value, i) => {
          pixels[i] = (bitpix === 64 ? BigInt(value) : bitpix === 8 ? Math.abs(value) : value) as number;
        });
        const image = {
          naxis,
          bitpix: bitpix as 8,
          codec,
          tile: tileOfThree.slice(0, naxis.length),
          blocksize,
        };
        const bytes = await tiledFile(descriptors === undefined ? image : { ...image, descriptors }, pixels);
        expect(await pixelsIn(bytes, 1)).toEqual(pixels);
        expect(dataSum(bytes.subarray(2880))).toBe(0xffffffff);
      },
    );
    await fc.assert(property, { numRuns: draws(150) });
  });

  test("writeTiledImage keeps floats bit by bit without quantization (read back)", async () => {
    for (const pixels of [new Float32Array(60), new Float64Array(60)]) {
      pixels.forEach((_, i) => {
        pixels[i] = i === 7 ? Number.NaN : Math.sin(i) * 10 ** (i - 30);
      });
      for (const codec of ["GZIP_1", "GZIP_2", "NOCOMPRESS"] as const) {
        const bitpix = pixels instanceof Float32Array ? -32 : -64;
        const bytes = await tiledFile({ naxis: [10, 6], bitpix, codec, tile: [4, 4] }, pixels);
        expect(await pixelsIn(bytes, 1)).toEqual(pixels);
      }
    }
  });

  test("writeTiledImage quantizes floats to a quarter of the noise, and keeps NaN and tiles without noise exactly (q = 4)", async () => {
    const [nx, ny] = [64, 12];
    const pixels = Float32Array.from({ length: nx * ny }, (_, i) =>
      i < 2 * nx ? 5.125 : i < 3 * nx && i % 2 ? Number.POSITIVE_INFINITY : 1000 + 8 * Math.sin(i * i),
    );
    pixels[400] = Number.NaN;
    pixels[500] = 0;
    for (const codec of ["RICE_1", "GZIP_1", "GZIP_2"] as const) {
      for (const method of ["NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2"] as const) {
        const quantization = { level: 4, method, zdither0: 9998 };
        const bytes = await tiledFile({ naxis: [nx, ny], bitpix: -32, codec, quantization }, pixels);
        const read = (await pixelsIn(bytes, 1)) as Float32Array;
        // Two rows without noise and one with infinities are kept as they are.
        expect(read.subarray(0, 3 * nx)).toEqual(pixels.subarray(0, 3 * nx));
        for (let i = 3 * nx; i < pixels.length; i++) {
          if (i === 400) expect(read[i]).toBeNaN();
          else expect(Math.abs(read[i]! - pixels[i]!)).toBeLessThan(4);
        }
        expect(read).not.toEqual(pixels);
        if (method === "SUBTRACTIVE_DITHER_2") expect(read[500]).toBe(0);
      }
    }
  });

  test("writeTiledImage preserves the header of the image (imageHeader)", async () => {
    const cards = [
      valueCard("OBJECT", "65P/Gunn"),
      valueCard("BZERO", 32768),
      valueCard("ZNAXIS1", 99),
      valueCard("CHECKSUM", "stale"),
    ];
    const pixels = new Int16Array(20);
    const bytes = await tiledFile({ naxis: [5, 4], bitpix: 16, codec: "RICE_1", cards }, pixels);
    const file = await openFits(bytesSource(bytes));
    expect(file.warnings).toEqual([]);
    const header = imageHeader(file.hdus[1]!);
    expect(headerText(header, "OBJECT")).toBe("65P/Gunn");
    expect(["BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "BZERO"].map((key) => headerNumber(header, key))).toEqual([
      16, 2, 5, 4, 32768,
    ]);
    expect(header.cards.filter(({ keyword }) => /^(Z|T[TF]|CHECKSUM)/.test(keyword))).toEqual([]);
  });

  test("writeTiledImage requests one layer of tiles at a time and buffers at most a piece of the heap (counted)", async () => {
    const asked: number[] = [];
    let [buffered, most] = [0, 0];
    const image = {
      naxis: [1000, 3000],
      bitpix: 16,
      codec: "NOCOMPRESS",
      planes: (_: number, count: number) => {
        asked.push(count);
        buffered += count * 2000;
        most = Math.max(most, buffered);
        return new Int16Array(count * 1000);
      },
    } as const;
    const write = async (bytes: Uint8Array) => {
      buffered -= bytes.length;
    };
    await writeTiledImage(image, { write });
    expect(asked).toEqual(new Array(3000).fill(1));
    expect(most).toBeLessThanOrEqual(2 ** 20 + 2000);
  });

  test("writeTiledImage refuses what cannot be written (its docstring)", async () => {
    const pixels = new Float32Array(20);
    const base = { naxis: [5, 4], bitpix: -32, codec: "GZIP_1" } as const;
    const quantization = { level: 4, method: "NO_DITHER" } as const;
    const write = { code: "FITS_WRITE" };
    await expect(tiledFile({ ...base, codec: "RICE_1" }, pixels)).rejects.toMatchObject(write);
    await expect(tiledFile({ ...base, codec: "NOCOMPRESS", quantization }, pixels)).rejects.toMatchObject(
      write,
    );
    await expect(tiledFile({ ...base, tile: [5] }, pixels)).rejects.toMatchObject(write);
    await expect(tiledFile({ ...base, tile: [5, 0] }, pixels)).rejects.toMatchObject(write);
    await expect(tiledFile({ ...base, bitpix: 16 }, pixels)).rejects.toMatchObject(write);
    await expect(tiledFile({ ...base, naxis: [5, 5] }, pixels)).rejects.toMatchObject(write);
    await expect(tiledFile({ ...base, bitpix: 16, quantization }, new Int16Array(20))).rejects.toMatchObject(
      write,
    );
    const reason = new Error("enough");
    const planes = () => pixels.subarray(0, 5);
    const sink = { write: async () => undefined };
    await expect(
      writeTiledImage({ ...base, planes }, sink, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
