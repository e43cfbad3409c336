import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../test/support/draws.ts";
import { sharedKernel } from "../src/kernel/kernel.ts";
import { dequantize, dequantizePlain } from "../src/quantize/dequantize.ts";
import { DEFAULT_ZBLANK, EXACT_ZERO, quantize } from "../src/quantize/quantize.ts";
import { ditherTable } from "../src/quantize/quantize-dither.ts";
import {
  decodeRiceInto,
  newPixels,
  oneTile,
  pixelsOf,
  quantised,
  sameBytes,
  summaryLike,
} from "./codecs/tile-fixtures.ts";

describe("dither sequence", () => {
  it("the dither sequence ends with the check value of FITS 4.0, appendix I", () => {
    expect(ditherTable()[9999]).toBe(Math.fround(1_043_618_065 / 2_147_483_647));
    expect(ditherTable()[0]).toBe(Math.fround(16_807 / 2_147_483_647));
  });
});

describe("quantized floats", () => {
  it.each(quantised)("floats are quantized like in cfitsio's C code: $name", (tile) => {
    const pixels = pixelsOf(tile.type, tile.pixels) as Float32Array | Float64Array;
    const ints = new Int32Array(pixels.length);
    const { level, method, tileRow, rowLength } = tile;
    const scaling = quantize(pixels, ints, { level, method, tileRow, rowLength });
    expect(scaling).toEqual({ scale: tile.scale, zero: tile.zero, blank: tile.blank ?? false });
    expect(summaryLike(tile.ints, ints)).toBe(tile.ints);
  });

  it.each(quantised)("quantized floats are restored like in cfitsio's C code: $name", (tile) => {
    const pixels = pixelsOf(tile.type, tile.pixels) as Float32Array | Float64Array;
    const ints = new Int32Array(pixels.length);
    const { level, method, tileRow, rowLength, scale, zero } = tile;
    quantize(pixels, ints, { level, method, tileRow, rowLength });
    const out = newPixels(tile.type, ints.length) as Float32Array | Float64Array;
    const zblank = tile.blank === true ? DEFAULT_ZBLANK : undefined;
    const isBlank = Array.from(pixels, Number.isNaN);
    for (const restore of [dequantize, dequantizePlain]) {
      out.fill(0);
      restore(ints, out, ints.length, { scale, zero, zblank, method, tileRow }, 0);
      expect(Array.from(out, Number.isNaN)).toEqual(isBlank);
      const known = out.map((pixel) => (Number.isNaN(pixel) ? 0 : pixel)) as typeof out;
      expect(summaryLike(tile.floats, known)).toBe(tile.floats);
    }
  });

  it("dequantizing kernel and twin agree for any columns, methods, widths, blanks and exact zeros", () => {
    const property = fc.property(
      fc.array(fc.oneof(fc.integer(), fc.constant(DEFAULT_ZBLANK), fc.constant(EXACT_ZERO)), {
        minLength: 1,
        maxLength: 200,
      }),
      fc.nat({ max: 30_000 }),
      fc.nat({ max: 30_000 }),
      fc.constantFrom("NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2"),
      fc.boolean(),
      fc.constantFrom(undefined, DEFAULT_ZBLANK, Int32Array.of(DEFAULT_ZBLANK)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (values, before, tileRow, method, wide, zblank, scale, zero) => {
        const ints = new Int32Array(before + values.length);
        ints.set(values, before);
        const make = () => (wide ? new Float64Array(values.length) : new Float32Array(values.length));
        const [a, b] = [sharedKernel(), undefined].map((kernel) => {
          const out = make();
          const tile = oneTile(ints, before, { scale, zero, zblank, method, tileRow });
          decodeRiceInto({ ...tile, outOffset: 0, outStride: 0, out }, kernel);
          return out;
        });
        expect(a).toEqual(b);
        expect(sameBytes(a!.map(bitsOfNaN), b!.map(bitsOfNaN))).toBe(true);
      },
    );
    fc.assert(property, { numRuns: draws(150) });
  });

  it("quantizing keeps NaN, and exact zeros under method 2", () => {
    const pixels = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * i) * 100);
    pixels[7] = Number.NaN;
    pixels[8] = 0;
    const ints = new Int32Array(200);
    const options = { level: 4, method: "SUBTRACTIVE_DITHER_2", tileRow: 3, rowLength: 200 } as const;
    const scaling = quantize(pixels, ints, options)!;
    expect(scaling.blank).toBe(true);
    expect([ints[7], ints[8]]).toEqual([DEFAULT_ZBLANK, EXACT_ZERO]);
    const out = new Float32Array(200);
    dequantize(ints, out, 200, { ...scaling, zblank: DEFAULT_ZBLANK, method: options.method, tileRow: 3 });
    expect([out[7], out[8]]).toEqual([Number.NaN, 0]);
    for (let i = 9; i < 200; i++) expect(Math.abs(out[i]! - pixels[i]!)).toBeLessThanOrEqual(scaling.scale);
  });

  it("floats without noise, or with a range beyond 32 bits, are not quantized", () => {
    const options = { level: 4, method: "NO_DITHER", tileRow: 0, rowLength: 50 } as const;
    expect(quantize(new Float32Array(50).fill(3), new Int32Array(50), options)).toBeUndefined();
    const steep = Float64Array.from({ length: 50 }, (_, i) => (i === 20 ? 1e20 : Math.cos(i * i)));
    expect(quantize(steep, new Int32Array(50), options)).toBeUndefined();
  });

  it("infinite pixels cannot be quantized", () => {
    const pixels = Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 4);
    const options = { level: -1, method: "NO_DITHER", tileRow: 0, rowLength: 4 } as const;
    expect(() => quantize(pixels, new Int32Array(4), options)).toThrow(/infinite/);
  });
});

/** NaN has many bit patterns; any will do. */
function bitsOfNaN(x: number): number {
  return Number.isNaN(x) ? 12_345.5 : x;
}
