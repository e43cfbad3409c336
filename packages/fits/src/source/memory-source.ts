import { type ByteRange, type ByteSource, checkRange, type ReadOptions, rangeViews } from "./byte-source.ts";

/** Bytes in memory as a source. They are not copied, so they must not change. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: async () => bytes.length,
    read: async (ranges: readonly ByteRange[], { signal, into }: ReadOptions = {}) => {
      signal?.throwIfAborted();
      for (const range of ranges) checkRange(range, bytes.length);
      if (into === undefined)
        return ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
      const views = rangeViews(ranges, into);
      for (const [i, { offset, length }] of ranges.entries())
        views[i]!.set(bytes.subarray(offset, offset + length));
      return views;
    },
  };
}
