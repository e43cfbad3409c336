import type { PixelArray } from "../render/pixel-array.ts";
import { resampledArray } from "../resample/resample.ts";
import type { FrameSource } from "./frame-source.ts";

/**
 * Decodes a whole frame band by band: all its physical values, in an array whose type represents
 * each of them. Errors: those of the source and the checkpoint.
 */
export async function decodeWhole(source: FrameSource, checkpoint: () => void): Promise<PixelArray> {
  const { width, height, bandRows, complete } = source;
  let whole: PixelArray | undefined;
  for (let y = 0; y < height; y += bandRows) {
    checkpoint();
    const values = source.physical(await source.rows(y, Math.min(bandRows, height - y)));
    whole ??= complete ? emptyLike(values, width * height) : resampledArray(values, width * height);
    whole.set(values, y * width);
  }
  return whole ?? new Float32Array(0);
}

function emptyLike<T extends PixelArray>(values: T, length: number): T {
  return new (values.constructor as new (length: number) => T)(length);
}
