import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteRange, ByteSource, ReadOptions } from "@sbnsis/fits";
import { checkRange, rangeViews } from "@sbnsis/fits/internal";
import { exhausted, isExhaustion } from "../concurrency/exhaustion.ts";
import { SisError } from "../errors/sis-error.ts";

/** What distinguishes one state of a local file from another, taken when it was opened. */
export interface FileIdentity {
  /** Bytes. */
  readonly size: number;
  /** Modification time, milliseconds since 1970. */
  readonly mtimeMs: number;
}

/**
 * A local file as a `ByteSource`. Reads are synchronous: in a compute thread that is the fastest
 * way, and no event loop waits for them. Open it with `openFileSource`, and close it.
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
    for (const range of ranges) checkRange(range, this.identity.size);
    const views = rangeViews(ranges, options.into);
    for (const [i, range] of ranges.entries()) {
      options.signal?.throwIfAborted();
      this.#fill(views[i] as Uint8Array, range);
    }
    return views;
  }

  /**
   * The current size and modification time; they differ from `identity` if the file has been
   * written to.
   */
  current(): FileIdentity {
    const { size, mtimeMs } = fstatSync(this.#fd);
    return { size, mtimeMs };
  }

  close(): void {
    closeSync(this.#fd);
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
          `the file ended at byte ${range.offset + done} while being read`,
          { details: { offset: range.offset + done, fileSize: this.identity.size } },
        );
      }
      done += count;
    }
  }
}

/**
 * Opens a regular file for reading.
 * Errors: SOURCE_MISSING when it does not exist, SOURCE_UNREADABLE when it is not a regular file or
 * may not be read.
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

/**
 * The error for a failed file operation: SOURCE_MISSING when the file does not exist, OVERLOADED
 * when no more files can be opened, otherwise SOURCE_UNREADABLE.
 */
export function sourceError(error: unknown): SisError<"SOURCE_MISSING" | "SOURCE_UNREADABLE" | "OVERLOADED"> {
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (isExhaustion(error)) return exhausted(systemCode, error);
  if (systemCode === "ENOENT" || systemCode === "ENOTDIR") {
    return new SisError("SOURCE_MISSING", `the source does not exist (${systemCode})`, { cause: error });
  }
  return new SisError("SOURCE_UNREADABLE", `the source cannot be read (${systemCode})`, { cause: error });
}
