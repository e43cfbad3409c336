import { MAD_TO_SIGMA } from "./kernel/combine-plain.ts";
import type { Plane, SampledFrame } from "./kernel/sample-plain.ts";
import type { StackMachine } from "./kernel/stack-machine.ts";

/** What is subtracted from a frame: its median, a plane through its sky, or nothing. */
export const BACKGROUNDS = ["median", "plane", "none"] as const;
export type Background = (typeof BACKGROUNDS)[number];

/** The sky of a frame's box, in the values of its pixels. */
export interface FrameSky {
  /** The background, relative to the first pixel of the box. */
  readonly plane: Plane;
  /** Median of the pixels with a value; NaN without any. */
  readonly median: number;
  /** Standard deviation of the pixels about the background: 1.4826 MAD. */
  readonly sigma: number;
}

/**
 * Rounds of the fit of a plane, and how far, in sigma, a pixel may be from it to count in the next
 * round.
 */
const ROUNDS = 5;
const LIMIT = 3;

/**
 * The sky of the pixels of a box, among which infinities are replaced by NaN. The plane is a
 * least-squares fit that excludes, in up to five rounds, the pixels farther than 3 sigma from the
 * previous plane.
 * @param work an array of the machine with as many numbers as the frame has pixels
 */
export function measureSky(
  machine: StackMachine,
  frame: SampledFrame,
  background: Background,
  work: Float64Array,
): FrameSky {
  const { data } = frame;
  const n = machine.finite(data, data.length, work);
  const median = machine.median(work, n);
  if (background !== "plane") {
    machine.distances(work, n, median);
    const sigma = MAD_TO_SIGMA * machine.median(work, n);
    return { plane: [background === "none" ? 0 : median, 0, 0], median, sigma };
  }
  let plane: Plane = [median, 0, 0];
  let sigma = deviation(machine, frame, plane, work);
  for (let round = 0; round < ROUNDS; round++) {
    plane = fittedPlane(frame, plane, LIMIT * sigma) ?? plane;
    sigma = deviation(machine, frame, plane, work);
  }
  return { plane, median, sigma };
}

function deviation(machine: StackMachine, frame: SampledFrame, plane: Plane, work: Float64Array): number {
  const { data, width, height } = frame;
  let n = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = Math.abs(data[i]! - (plane[0] + plane[1] * x + plane[2] * y));
      work[n] = value;
      if (Number.isFinite(value)) n++;
    }
  }
  return MAD_TO_SIGMA * machine.median(work, n);
}

/**
 * The plane through the pixels within `limit` of the previous one, fitted about the middle of the
 * box; undefined if they do not determine one.
 */
function fittedPlane({ data, width, height }: SampledFrame, before: Plane, limit: number): Plane | undefined {
  const [mx, my] = [(width - 1) / 2, (height - 1) / 2];
  let [n, sx, sy, sxx, sxy, syy, sz, sxz, syz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const z = data[i]! - (before[0] + before[1] * column + before[2] * row);
      if (!(Math.abs(z) <= limit)) continue;
      const x = column - mx;
      const y = row - my;
      n++;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
      syy += y * y;
      sz += z;
      sxz += x * z;
      syz += y * z;
    }
  }
  const [a, b, c] = [sxx * syy - sxy * sxy, sxy * sy - sx * syy, sx * sxy - sxx * sy];
  const determinant = n * a + sx * b + sy * c;
  if (!(Math.abs(determinant) > 1e-9 * n * sxx * syy)) return undefined;
  const z0 = (sz * a + sxz * b + syz * c) / determinant;
  const zx = (sz * b + sxz * (n * syy - sy * sy) + syz * (sx * sy - n * sxy)) / determinant;
  const zy = (sz * c + sxz * (sx * sy - n * sxy) + syz * (n * sxx - sx * sx)) / determinant;
  return [before[0] + z0 - zx * mx - zy * my, before[1] + zx, before[2] + zy];
}
