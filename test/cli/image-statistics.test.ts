import { describe, expect, it } from "vitest";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { largestAllocation } from "../../packages/fits/test/support/allocations.ts";
import { fixtureBytes, imageFixtures, imageOf } from "../../packages/fits/test/support/image-fixtures.ts";
import { imageStatistics } from "../../src/cli/inspect/image-statistics.ts";
import { tiledFile } from "../support/inputs/made-fits.ts";

describe("statistics", () => {
  const numbers = (bytes: Uint8Array, type: string): readonly number[] => {
    const kinds = {
      uint8: Uint8Array,
      int8: Int8Array,
      int16: Int16Array,
      uint16: Uint16Array,
      int32: Int32Array,
      uint32: Uint32Array,
      int64: BigInt64Array,
      uint64: BigUint64Array,
      float32: Float32Array,
      float64: Float64Array,
    } as const;
    return Array.from(
      new kinds[type as keyof typeof kinds](bytes.buffer as ArrayBuffer) as Iterable<number | bigint>,
      Number,
    );
  };

  it.each(imageFixtures)(
    "statistics match the oracle's values, in pieces of any size: $name",
    async (fixture) => {
      const source = memorySource(fixtureBytes(fixture.file));
      const image = await imageOf(source, fixture.hdu);
      const values = numbers(fixtureBytes(fixture.values), fixture.type);
      const valid = values.filter((value) => !Number.isNaN(value));
      const sum = valid.reduce((total, value) => total + value, 0);
      for (const bandPixels of [1, 50, 2 ** 22]) {
        const found = await imageStatistics(source, image, { bandPixels });
        expect(found).toMatchObject({
          min: Math.min(...valid),
          max: Math.max(...valid),
          first: Number.isNaN(values[0]) ? null : values[0],
          blank: values.length - valid.length,
          dtype: fixture.type,
        });
        if (Number.isFinite(sum)) {
          const scale = valid.reduce((total, value) => total + Math.abs(value), 1e-300);
          expect(Math.abs(found.sum! - sum) / scale).toBeLessThan(1e-12);
          expect(found.mean).toBe(found.sum! / valid.length);
        }
      }
    },
  );
});

describe("the memory of statistics", () => {
  it.each([
    ["rows", undefined],
    ["tiles of 250 x 100 pixels", [250, 100]],
  ])("statistics need the memory of a band, not of the image: %s", async (_, tile) => {
    const side = 1000;
    const all = Int16Array.from({ length: side * side }, (__, i) => i % 1009);
    const image = {
      naxis: [side, side],
      bitpix: 16,
      codec: "RICE_1",
      ...(tile !== undefined && { tile }),
    } as const;
    const source = memorySource(await tiledFile(image, all));
    const description = await imageOf(source, 1);
    let sum: number | null = null;
    const largest = await largestAllocation(async () => {
      sum = (await imageStatistics(source, description, { bandPixels: 100 * side })).sum;
    });
    expect(sum).toBe(all.reduce((total, value) => total + value, 0));
    expect(largest).toBeLessThanOrEqual(100 * side * 2 * 1.1);
  });
});
