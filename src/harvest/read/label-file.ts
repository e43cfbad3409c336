import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { MAXIMUM_LABEL_BYTES } from "@sbnsis/pds4";
import { SisError } from "../../errors/sis-error.ts";

/** Size of the buffer, which holds nearly all labels of a thread, bytes. */
const USUAL_BYTES = 64 * 1024;
const usual = Buffer.allocUnsafeSlow(USUAL_BYTES);

/** A label file's bytes. */
export interface LabelBytes {
  /** Valid until the next call in this thread. */
  readonly bytes: Uint8Array;
  /** State of the file before it was read. */
  readonly stamp: string | null;
}

/**
 * Reads the file of a label; a file larger than any label is not read.
 * Errors: LABEL_INVALID for a file that is too large or not a regular file; those of the file
 * system.
 */
export function readLabelFile(path: string): LabelBytes {
  // non-blocking: a pipe would keep the thread waiting for a writer
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new SisError("LABEL_INVALID", "not a regular file");
    const { size } = status;
    if (size > MAXIMUM_LABEL_BYTES) {
      throw new SisError(
        "LABEL_INVALID",
        `the file has ${size} bytes; labels may have at most ${MAXIMUM_LABEL_BYTES}`,
      );
    }
    const buffer = size <= USUAL_BYTES ? usual : Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const read = readSync(file, buffer, filled, size - filled, filled);
      if (read === 0) break;
      filled += read;
    }
    return { bytes: buffer.subarray(0, filled), stamp: labelStamp(status, Date.now()) };
  } finally {
    closeSync(file);
  }
}

/**
 * A label file that changed this recently could change again within the same tick of the file
 * system's clock.
 */
const SETTLED_MS = 2000;

/**
 * Identifies a state of a label file: its size and the times of its last changes. Null for a file
 * that has just changed, whose state cannot be identified yet.
 */
export function labelStamp({ size, mtimeMs, ctimeMs }: Stats, nowMs: number): string | null {
  // a time far in the future is from a clock since set back; a change now would get a different
  // time
  const unsettled = [mtimeMs, ctimeMs].some((time) => Math.abs(nowMs - time) < SETTLED_MS);
  return unsettled ? null : `${size}:${mtimeMs}:${ctimeMs}`;
}
