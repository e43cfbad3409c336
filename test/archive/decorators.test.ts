import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ByteRange, type ByteSource, rangeViews } from "../../packages/fits/src/source/byte-source.ts";
import { countingSource } from "../../src/archive/hosts/traffic.ts";
import { BlockCache, cachedSource } from "../../src/archive/source/block-cache.ts";
import { coalescingSource } from "../../src/archive/source/coalescing-source.ts";
import { testBytes } from "../support/archive/test-archive.ts";
import { draws } from "../support/draws.ts";

const SIZE = 20_000;
const bytes = testBytes(SIZE);

/** A source in memory that records what is read from it. */
function memory(): { source: ByteSource; asked: (readonly [number, number])[]; reads: () => number } {
  const asked: (readonly [number, number])[] = [];
  let reads = 0;
  const source: ByteSource = {
    size: async () => SIZE,
    read: async (ranges, { into } = {}) => {
      reads += 1;
      for (const { offset, length } of ranges) asked.push([offset, length]);
      const views = rangeViews(ranges, into);
      for (const [i, { offset, length }] of ranges.entries()) {
        views[i]?.set(bytes.subarray(offset, offset + length));
      }
      return views;
    },
  };
  return { source, asked, reads: () => reads };
}

const ranges = (...list: readonly (readonly [number, number])[]): ByteRange[] =>
  list.map(([offset, length]) => ({ offset, length }));
const expected = (list: readonly ByteRange[]) =>
  list.map(({ offset, length }) => bytes.subarray(offset, offset + length));

const anyRanges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: SIZE }), fc.integer({ min: 0, max: 3000 }))
    .map(([offset, length]) => ({ offset, length: Math.min(length, SIZE - offset) })),
  { maxLength: 12 },
);

describe("coalescingSource", () => {
  test("coalescingSource merges ranges with a small gap, up to the maximum length", async () => {
    const { source, asked } = memory();
    const merged = coalescingSource(source, { gapBytes: 10, maximumBytes: 100 });
    const list = ranges([90, 20], [0, 20], [30, 20], [50, 10], [71, 5], [5, 3], [5000, 400]);
    expect(await merged.read(list)).toEqual(expected(list));
    expect(asked).toEqual([
      [0, 60],
      [71, 5],
      [90, 20],
      [5000, 400],
    ]);
  });

  test("coalescingSource fills the caller's buffer, whether or not it merges ranges", async () => {
    for (const gapBytes of [0, 1000]) {
      const merged = coalescingSource(memory().source, { gapBytes, maximumBytes: 10_000 });
      const into = new Uint8Array(6);
      await merged.read(ranges([500, 3], [100, 2]), { into });
      expect([...into]).toEqual([...bytes.subarray(500, 503), ...bytes.subarray(100, 102), 0]);
    }
  });

  test("coalescingSource merges nothing when the gap and the maximum length are 0", async () => {
    const { source, asked } = memory();
    await coalescingSource(source, { gapBytes: 0, maximumBytes: 0 }).read(ranges([0, 10], [10, 10]));
    expect(asked).toEqual([
      [0, 10],
      [10, 10],
    ]);
  });

  test("coalescingSource returns the bytes of the source for any ranges (against slices of memory)", async () => {
    const property = fc.asyncProperty(
      anyRanges,
      fc.nat(2000),
      fc.nat(9000),
      async (list, gapBytes, maximumBytes) => {
        const { source, asked } = memory();
        const read = await coalescingSource(source, { gapBytes, maximumBytes }).read(list);
        expect(read).toEqual(expected(list));
        expect(asked.length).toBeLessThanOrEqual(list.length);
        const longest = Math.max(maximumBytes, ...list.map(({ length }) => length));
        expect(Math.max(0, ...asked.map(([, length]) => length))).toBeLessThanOrEqual(longest);
      },
    );
    await fc.assert(property, { numRuns: draws(200), seed: 1 });
  });
});

describe("cachedSource", () => {
  test("cachedSource reads only missing blocks, adjacent ones together, and none twice", async () => {
    const { source, asked, reads } = memory();
    const cached = cachedSource(source, new BlockCache({ maximumBytes: 16_000, blockBytes: 100 }), "a");
    const list = ranges([250, 100], [1010, 5], [330, 90]);
    expect(await cached.read(list)).toEqual(expected(list));
    expect(asked).toEqual([
      [200, 300],
      [1000, 100],
    ]);
    expect(await cached.read(ranges([150, 400]))).toEqual(expected(ranges([150, 400])));
    expect(asked.slice(2)).toEqual([
      [100, 100],
      [500, 100],
    ]);
    await cached.read(list);
    expect(reads()).toBe(2);
  });

  test("cachedSource keeps the short last block, and fills the caller's buffer", async () => {
    const { source, asked } = memory();
    const cached = cachedSource(source, new BlockCache({ maximumBytes: 16_000, blockBytes: 3000 }), "a");
    const into = new Uint8Array(12);
    await cached.read(ranges([SIZE - 7, 7], [0, 5]), { into });
    await cached.read(ranges([SIZE - 7, 7], [0, 5]), { into });
    expect(into).toEqual(Uint8Array.of(...bytes.subarray(SIZE - 7), ...bytes.subarray(0, 5)));
    expect(asked).toEqual([
      [0, 3000],
      [18_000, 2000],
    ]);
  });

  test("cachedSource does not mix up sources, or states of one source", async () => {
    const cache = new BlockCache({ maximumBytes: 16_000, blockBytes: 100 });
    const one = memory();
    const two = memory();
    await cachedSource(one.source, cache, "a").read(ranges([0, 10]));
    await cachedSource(two.source, cache, "b").read(ranges([0, 10]));
    expect([one.asked, two.asked]).toEqual([[[0, 100]], [[0, 100]]]);
  });

  test("BlockCache never exceeds its limit, and long ranges bypass it", async () => {
    const cache = new BlockCache({ maximumBytes: 1000, blockBytes: 100 });
    const { source, asked } = memory();
    const cached = cachedSource(source, cache, "a");
    for (let offset = 0; offset < 5000; offset += 90) await cached.read(ranges([offset, 200]));
    expect(cache.size).toBeGreaterThan(0);
    expect(cache.size).toBeLessThanOrEqual(1000);
    asked.length = 0;
    const list = ranges([10, 251], [7777, 900]);
    const into = new Uint8Array(1151);
    expect(await cached.read(list, { into })).toEqual(expected(list));
    expect(into).toEqual(Uint8Array.of(...expected(list).flatMap((view) => [...view])));
    expect(asked).toEqual([
      [10, 251],
      [7777, 900],
    ]);
  });

  test("cachedSource returns the bytes of the source for any ranges (against slices of memory)", async () => {
    const property = fc.asyncProperty(
      fc.array(anyRanges, { maxLength: 5 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(30_000),
      async (reads, blockBytes, maximumBytes) => {
        const cache = new BlockCache({ maximumBytes, blockBytes });
        const cached = cachedSource(memory().source, cache, "a");
        for (const list of reads) expect(await cached.read(list)).toEqual(expected(list));
        expect(cache.size).toBeLessThanOrEqual(maximumBytes);
      },
    );
    await fc.assert(property, { numRuns: draws(100), seed: 1 });
  });
});

test("countingSource counts ranges and bytes (against what was read from the source)", async () => {
  const { source, asked } = memory();
  const traffic = { requests: 0, bytes: 0 };
  const counted = countingSource(source, traffic);
  const merged = coalescingSource(counted, { gapBytes: 100, maximumBytes: 10_000 });
  await merged.read(ranges([0, 10], [50, 10], [9000, 1000]));
  expect(await counted.size()).toBe(SIZE);
  expect(traffic).toEqual({ requests: 2, bytes: 1060 });
  expect(asked).toHaveLength(2);
});
