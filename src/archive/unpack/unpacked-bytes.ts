import type { ByteRange, ByteSource, ReadOptions } from "@sbnsis/fits";
import { checkRange, rangeViews } from "@sbnsis/fits/internal";
import { SisError } from "../../errors/sis-error.ts";
import { type MemoryMeter, UNMETERED } from "../memory-meter.ts";

/**
 * Size of the first segment in bytes; it is smaller than the rest, because many compressed files
 * are.
 */
const FIRST_SEGMENT = 65_536;
const SEGMENT = 4 * 2 ** 20;

/** Limits and checks while bytes arrive. */
export interface UnpackOptions {
  /** Maximum number of bytes; more are FITS_TOO_LARGE. */
  readonly limit: number;
  readonly memory?: MemoryMeter;
  /** Called at least once per segment; throwing stops the work. */
  readonly checkpoint?: () => void;
}

/**
 * Collects bytes in segments, one by one or in pieces, so that growing neither copies them nor
 * needs twice their memory. Errors: FITS_TOO_LARGE, those of the meter and the checkpoint.
 */
export class UnpackedBytes {
  readonly #options: UnpackOptions;
  readonly #segments: Uint8Array<ArrayBuffer>[] = [];
  /** Offset in the file at which each segment starts. */
  readonly #starts: number[] = [];
  #last = new Uint8Array(0);
  #used = 0;
  #full = 0;

  constructor(options: UnpackOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#full + this.#used;
  }

  push(byte: number): void {
    if (this.#used === this.#last.length) this.#grow();
    this.#last[this.#used++] = byte;
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === this.#last.length) this.#grow();
      const piece = bytes.subarray(at, at + this.#last.length - this.#used);
      this.#last.set(piece, this.#used);
      this.#used += piece.length;
      at += piece.length;
    }
  }

  /** The bytes as a source. Nothing may be added afterwards. */
  source(): ByteSource {
    const size = this.length;
    return {
      size: async () => size,
      read: async (ranges: readonly ByteRange[], { signal, into }: ReadOptions = {}) => {
        signal?.throwIfAborted();
        for (const range of ranges) checkRange(range, size);
        if (into === undefined) return ranges.map((range) => this.#view(range) ?? this.#copy(range));
        const views = rangeViews(ranges, into);
        for (const [i, range] of ranges.entries()) this.#copy(range, views[i]!);
        return views;
      },
    };
  }

  #grow(): void {
    const { limit, memory = UNMETERED, checkpoint } = this.#options;
    checkpoint?.();
    const length = this.length;
    if (length >= limit) throw tooLarge(limit);
    const more = Math.min(limit - length, length === 0 ? FIRST_SEGMENT : SEGMENT);
    memory.hold("unpacked", length + more);
    this.#full = length;
    this.#used = 0;
    this.#last = new Uint8Array(more);
    this.#segments.push(this.#last);
    this.#starts.push(length);
  }

  /** The segment that contains a byte. */
  #at(offset: number): number {
    if (offset < FIRST_SEGMENT) return 0;
    return Math.min(this.#segments.length - 1, 1 + Math.floor((offset - FIRST_SEGMENT) / SEGMENT));
  }

  #view({ offset, length }: ByteRange): Uint8Array | undefined {
    if (length === 0) return new Uint8Array(0);
    const i = this.#at(offset);
    if (this.#at(offset + length - 1) !== i) return undefined;
    const start = offset - this.#starts[i]!;
    return this.#segments[i]!.subarray(start, start + length);
  }

  #copy({ offset, length }: ByteRange, into: Uint8Array = new Uint8Array(length)): Uint8Array {
    for (let done = 0; done < length; ) {
      const i = this.#at(offset + done);
      const start = offset + done - this.#starts[i]!;
      const piece = this.#segments[i]!.subarray(start, start + length - done);
      into.set(piece, done);
      done += piece.length;
    }
    return into;
  }
}

/** The error of a compressed file with more than `limit` bytes of content. */
export function tooLarge(limit: number): SisError {
  return new SisError("FITS_TOO_LARGE", `the unpacked file is larger than the limit of ${limit} bytes`);
}
