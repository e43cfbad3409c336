import {
  type Combination,
  framePlaces,
  type Interpolation,
  planeMap,
  type StackPlane,
  stackFrames,
} from "@sbnsis/imaging";
import type { Wcs } from "@sbnsis/wcs";
import { type PixelImage, valuesOf } from "../drawing/pixels/pixels.ts";

/** A frame kept by the stacking worker. */
export interface KeptFrame {
  readonly image: PixelImage;
  readonly wcs: Wcs;
}

/** The frames to stack, and how to stack them. */
export interface StackOrder {
  readonly planes: readonly { readonly n: number; readonly plane: StackPlane }[];
  readonly combine: Combination;
  readonly interpolation: Interpolation;
}

/** A stack; row 0 is the lowest. */
export interface MadeStack {
  readonly side: number;
  /** NaN where no frame has a value. */
  readonly values: Float64Array;
  readonly coverage: Int16Array;
  /** Number of frames that have a value in it. */
  readonly frames: number;
  readonly milliseconds: number;
}

/**
 * Stacks frames as the service does, with the same code: median of each frame subtracted, flux
 * kept. Errors: STACK_NOISE if a frame of a weighted mean has no noise.
 */
export async function makeStack(
  frames: ReadonlyMap<number, KeptFrame>,
  { planes, combine, interpolation }: StackOrder,
): Promise<MadeStack> {
  const begun = performance.now();
  const present = planes.filter(({ n }) => frames.has(n));
  const side = present[0]?.plane.side ?? 1;
  const stack = await stackFrames({
    frames: present.map(({ n, plane }) => {
      const { image, wcs } = frames.get(n)!;
      return {
        places: framePlaces(planeMap(plane, wcs), side),
        naxis: [image.width, image.height] as const,
        gain: 1,
        weight: 1,
      };
    }),
    ...{ side, combine, interpolation },
    inverseVariance: true,
    background: "median",
    read: async (frame, box) => valuesOf(frames.get(present[frame]!.n)!.image, box),
  });
  return {
    ...{ side, values: stack.values, coverage: stack.coverage },
    frames: stack.frames.filter(({ used }) => used > 0).length,
    milliseconds: performance.now() - begun,
  };
}
