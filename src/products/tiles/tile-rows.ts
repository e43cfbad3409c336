import type { ImageDescription } from "@sbnsis/fits";
import type { FrameSource } from "@sbnsis/imaging";

/** Rows of a frame as numbers: value = zero + scale * number, NaN where there is none. */
export interface NumberRows {
  readonly numbers: ArrayLike<number>;
  /** Whether every pixel has a value. */
  readonly complete: boolean;
}

/** How the numbers of a frame become values. */
export interface RowReader {
  readonly zero: number;
  readonly scale: number;
  read(start: number, count: number): Promise<NumberRows>;
}

/** Reads rows of a frame; integers without BLANK stay as they are stored, which is fast. */
export function rowReader(frame: FrameSource, image: ImageDescription): RowReader {
  const isStored = frame.complete && image.bitpix !== 64;
  return {
    zero: isStored ? image.bzero : 0,
    scale: isStored ? image.bscale : 1,
    read: async (start, count) => {
      const stored = await frame.rows(start, count);
      if (isStored) return { numbers: stored as ArrayLike<number>, complete: true };
      return { numbers: frame.physical(stored), complete: false };
    },
  };
}
