import { FitsError } from "../errors.ts";

/** A run of bytes in a source, counted from 0. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Options for reading bytes. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /**
   * Destination of the bytes: the ranges back to back in order, from index 0. It must have room for
   * all of them. The results are then views of it. Without it, the source allocates memory.
   */
  readonly into?: Uint8Array;
}

/**
 * The interface to all sources of bytes: a file, a web archive, memory. The layers above decide
 * what to read; a source only reads it.
 * Errors: FITS_TRUNCATED for a range beyond the end; `SOURCE_*` codes for other failures.
 */
export interface ByteSource {
  /** Size in bytes. */
  size(options?: { readonly signal?: AbortSignal }): Promise<number>;
  /** Reads all ranges; result i has exactly `ranges[i].length` bytes. */
  read(ranges: readonly ByteRange[], options?: ReadOptions): Promise<Uint8Array[]>;
}

/** Refuses a range that is not within a source of `size` bytes: FITS_TRUNCATED. */
export function checkRange({ offset, length }: ByteRange, size: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new FitsError(
    "FITS_TRUNCATED",
    `bytes ${offset} to ${offset + length} are needed, but the file ends at ${size}`,
    { details: { offset, length, fileSize: size } },
  );
}

/**
 * A view for each range, back to back in `into`, or in a new buffer. Errors: RangeError when `into`
 * is too short.
 */
export function rangeViews(ranges: readonly ByteRange[], into: Uint8Array | undefined): Uint8Array[] {
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  const target = into ?? new Uint8Array(total);
  if (target.length < total) throw new RangeError(`a buffer of ${target.length} bytes cannot hold ${total}`);
  let at = 0;
  return ranges.map(({ length }) => {
    const view = target.subarray(at, at + length);
    at += length;
    return view;
  });
}

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
