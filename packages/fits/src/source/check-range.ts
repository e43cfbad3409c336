import { FitsError } from "../errors.ts";
import type { ByteRange } from "./byte-source.ts";

/** Refuses a range that is not within a source of `size` bytes: FITS_TRUNCATED. */
export function checkRange({ offset, length }: ByteRange, size: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new FitsError(
    "FITS_TRUNCATED",
    `bytes ${offset} to ${offset + length} are needed, but the file ends at ${size}`,
    { details: { offset, length, fileSize: size } },
  );
}

/** A view for each range, back to back in `into`, or in a new buffer. Errors: RangeError when `into` is too short. */
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
