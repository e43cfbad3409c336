import { pixelMap, type RowMap, type Wcs } from "@sbnsis/wcs";
import { tanWcs } from "@sbnsis/wcs/internal";
import type { FrameSource } from "../frame/frame-source.ts";
import { memorySource } from "../frame/frame-source.ts";
import { marksOnPicture, pictureFrame } from "../frame/picture-geometry.ts";
import { scaledFrame } from "../frame/tan-frame.ts";
import { reducedSize } from "../resample/scale.ts";
import type { Picture } from "./picture.ts";
import type { PictureOptions } from "./picture-options.ts";
import { renderPlaced } from "./pipeline.ts";

/** Allowed error of positions, pixels of the frame: large, because the picture is far coarser. */
const TOLERANCE = 0.05;

/** A frame, and the picture to make of some of its rows. */
export interface SampledPictureInput {
  readonly source: FrameSource;
  readonly wcs: Wcs;
  /** North up, east to the left. */
  readonly align: boolean;
  /** Positions of marks are ICRS; `width` is the longer side of the picture. */
  readonly options: PictureOptions;
  readonly checkpoint: () => void;
}

/**
 * A quick-look picture of a whole frame: for each row of the picture only one row of the frame is
 * read, and each pixel shows the mean of the columns that it covers. Limits are found from these
 * means. Otherwise it is like other pictures, with their position on the sky.
 * Errors: PICTURE_FAILED when the middle of the frame is not on the sky, those of the source.
 */
export async function renderSampledRows(input: SampledPictureInput): Promise<Picture> {
  const { source, wcs, align, options, checkpoint } = input;
  const shape = [source.width, source.height] as const;
  const size = reducedSize(...shape, options.width);
  const whole = pictureFrame(wcs, { start: [0, 0], shape }, align);
  const frame = scaledFrame(whole, shape, size);
  const target = tanWcs(frame, wcs.frame);
  const { rows } = pixelMap(target, wcs, size, { tolerance: TOLERANCE, checkpoint });
  const data = await sampledRows(source, size, checkpoint);
  const marks = marksOnPicture(options.marks ?? [], { frame, wcs: target });
  return renderPlaced({
    source: memorySource(data, size),
    frame,
    map: toSamples(rows, size[0] / shape[0], size[1] / shape[1]),
    options: { ...options, marks },
    checkpoint,
  });
}

/** From pixels of the picture to samples, which are `scaleX` by `scaleY` per pixel of the frame. */
function toSamples(map: RowMap, scaleX: number, scaleY: number): RowMap {
  return (y, x0, step, count, sourceX, sourceY) => {
    map(y, x0, step, count, sourceX, sourceY);
    for (let i = 0; i < count; i++) {
      sourceX[i] = (sourceX[i]! + 0.5) * scaleX - 0.5;
      sourceY[i] = (sourceY[i]! + 0.5) * scaleY - 0.5;
    }
  };
}

/** One row of the frame for each row of samples, the one in its middle; NaN without a value. */
async function sampledRows(
  source: FrameSource,
  [width, height]: readonly [number, number],
  checkpoint: () => void,
): Promise<Float32Array> {
  const samples = new Float32Array(width * height);
  const firsts = Int32Array.from({ length: width + 1 }, (_, i) => Math.floor((i * source.width) / width));
  for (let row = 0; row < height; row++) {
    checkpoint();
    const values = source.physical(await source.rows(Math.floor(((row + 0.5) * source.height) / height), 1));
    for (let column = 0; column < width; column++) {
      const first = firsts[column]!;
      const end = Math.max(first + 1, firsts[column + 1]!);
      let sum = 0;
      let count = 0;
      for (let x = first; x < end; x++) {
        const value = values[x]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      samples[row * width + column] = count === 0 ? Number.NaN : sum / count;
    }
  }
  return samples;
}
