import { SisError } from "../../../../src/errors/sis-error.ts";
import type { ByteRange, ByteSource, ReadOptions } from "../../src/source/byte-source.ts";

/** Bytes in memory as a source that records what is read of it. */
export class CountingSource implements ByteSource {
  readonly bytes: Uint8Array;
  /** All requested ranges, in order. */
  readonly ranges: ByteRange[] = [];
  /** Number of calls of `read`. */
  reads = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  async size(): Promise<number> {
    return this.bytes.length;
  }

  async read(ranges: readonly ByteRange[], { into }: ReadOptions = {}): Promise<Uint8Array[]> {
    this.reads++;
    this.ranges.push(...ranges);
    let at = 0;
    return ranges.map(({ offset, length }) => {
      if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length))
        throw new SisError("FITS_TRUNCATED", `bytes ${offset} to ${offset + length} are not there`);
      const view = into === undefined ? new Uint8Array(length) : into.subarray(at, at + length);
      at += length;
      view.set(this.bytes.subarray(offset, offset + length));
      return view;
    });
  }
}
