import { zscale } from "@sbnsis/imaging";
import { describe, expect, it } from "vitest";
import { imageStatistics } from "../../page/drawing/pixels/image-statistics.ts";
import { type PixelImage, valuesOf } from "../../page/drawing/pixels/pixels.ts";

/** Noise with a few bright pixels, and two pixels without a value if `blank` is given. */
function noisyImage(side: number, blank?: number): PixelImage {
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const stored = Int16Array.from({ length: side * side }, () => {
    const noise = Array.from({ length: 12 }, random).reduce((sum, x) => sum + x, -6);
    return Math.round(100 + 40 * noise + (random() < 0.01 ? 3000 : 0));
  });
  if (blank !== undefined) stored[5] = stored[side * side - 1] = blank;
  return { width: side, height: side, stored, zero: 32_768, scale: 0.5, blank, isExact: true };
}

describe("statistics of an image", () => {
  it.each([
    ["every value of a small image", 40, undefined, 1],
    ["pixels without a value left out", 40, -32_768, 1],
    ["every sixth value of a large image", 310, undefined, 6],
  ])("are those of sorted values: %s", (_, side, blank, step) => {
    const image = noisyImage(side, blank);
    const values = valuesOf(image).filter(Number.isFinite);
    const sorted = values.filter((_, i) => i % step === 0).sort();
    const at = (from: Float64Array, fraction: number) => from[Math.round(fraction * (from.length - 1))]!;
    const sky = at(sorted, 0.5);
    const found = imageStatistics(image);
    expect(found.sky).toBe(sky);
    expect(found.sigma).toBe(1.4826 * at(sorted.map((value) => Math.abs(value - sky)).sort(), 0.5));
    expect(found.percentile).toEqual([at(sorted, 0.005), at(sorted, 0.995)]);
    const { vmin, vmax } = zscale(values)!;
    expect(found.zscale).toEqual([vmin, vmax]);
    expect([found.minimum, found.maximum]).toEqual([
      values.reduce((a, b) => Math.min(a, b)),
      values.reduce((a, b) => Math.max(a, b)),
    ]);
    expect(found.valid).toBe(values.length / side ** 2);
  });

  it("are NaN without a value", () => {
    const stored = new Float32Array(4).fill(Number.NaN);
    const found = imageStatistics({
      ...{ width: 2, height: 2, stored, zero: 0, scale: 1 },
      ...{ blank: undefined, isExact: true },
    });
    expect(found).toMatchObject({ sky: Number.NaN, sigma: Number.NaN, valid: 0 });
    expect([...found.zscale, ...found.percentile]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});
