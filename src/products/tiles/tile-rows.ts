import type { ImageDescription } from "@sbnsis/fits";
import type { FrameSource } from "@sbnsis/imaging";
import type { NumberRows } from "./block-sums.ts";

/** How the numbers of a frame become values. */
export interface RowReader {
  readonly zero: number;
  readonly scale: number;
  /** Whether every pixel has a value. */
  readonly complete: boolean;
  read(start: number, count: number): Promise<NumberRows>;
}

/** Reads rows of a frame; integers without BLANK stay as they are stored, which is fast. */
export function rowReader(frame: FrameSource, image: ImageDescription): RowReader {
  const isStored = frame.complete && image.bitpix !== 64;
  return {
    zero: isStored ? image.bzero : 0,
    scale: isStored ? image.bscale : 1,
    complete: isStored,
    read: async (start, count) => {
      const stored = await frame.rows(start, count);
      if (isStored) return { numbers: stored as ArrayLike<number>, complete: true };
      return { numbers: frame.physical(stored), complete: false };
    },
  };
}
