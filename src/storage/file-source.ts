import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SisError } from "../errors/sis-error.ts";
import type { ByteRange, ByteSource, ReadOptions } from "../fits/byte-source.ts";
import { sourceError } from "./source-error.ts";

/** A local file as it was when it was opened: what tells one state of it from the next. */
export interface FileIdentity {
  /** Bytes. */
  readonly size: number;
  /** Modification time, milliseconds since 1970. */
  readonly mtimeMs: number;
}

/**
 * A local file as a `ByteSource`. It reads synchronously: in a compute thread that is the fastest way, and no event loop waits for it.
 * Open it with `openFileSource`, and close it.
 */
export class FileSource implements ByteSource {
  readonly #fd: number;
  readonly identity: FileIdentity;

  constructor(fd: number, identity: FileIdentity) {
    this.#fd = fd;
    this.identity = identity;
  }

  async size(): Promise<number> {
    return this.identity.size;
  }

  async read(ranges: readonly ByteRange[], options: ReadOptions = {}): Promise<Uint8Array[]> {
    const total = ranges.reduce((sum, range) => sum + range.length, 0);
    for (const range of ranges) this.#checkRange(range);
    const target = options.into ?? new Uint8Array(total);
    if (target.length < total) {
      throw new RangeError(`a buffer of ${target.length} bytes cannot hold ${total}`);
    }
    let at = 0;
    return ranges.map((range) => {
      options.signal?.throwIfAborted();
      const view = target.subarray(at, at + range.length);
      at += range.length;
      this.#fill(view, range);
      return view;
    });
  }

  close(): void {
    closeSync(this.#fd);
  }

  #checkRange({ offset, length }: ByteRange): void {
    if (offset >= 0 && length >= 0 && offset + length <= this.identity.size) return;
    throw new SisError(
      "FITS_TRUNCATED",
      `bytes ${offset} to ${offset + length} are needed, but the file ends at ${this.identity.size}`,
      { details: { offset, length, fileSize: this.identity.size } },
    );
  }

  #fill(view: Uint8Array, range: ByteRange): void {
    let done = 0;
    while (done < view.length) {
      let count: number;
      try {
        count = readSync(this.#fd, view, done, view.length - done, range.offset + done);
      } catch (error) {
        throw sourceError(error);
      }
      if (count === 0) {
        throw new SisError(
          "SOURCE_CHANGED",
          `the file ended at byte ${range.offset + done} while it was read`,
          { details: { offset: range.offset + done, fileSize: this.identity.size } },
        );
      }
      done += count;
    }
  }
}

/**
 * Opens a regular file for reading.
 * Errors: SOURCE_MISSING when there is none, SOURCE_UNREADABLE when it is not a regular file or may not be read.
 */
export function openFileSource(path: string): FileSource {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    throw sourceError(error);
  }
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw new SisError("SOURCE_UNREADABLE", "the source is not a regular file");
  }
  return new FileSource(fd, { size: stat.size, mtimeMs: stat.mtimeMs });
}
