import { ImagingError } from "../errors.ts";
import type { PixelBox } from "../frame/cutout-box.ts";
import { isFloatArray, type PixelArray } from "../render/pixel-array.ts";
import { type Background, type FrameSky, measureSky } from "./background.ts";
import { boxOfRows, type FramePlaces, placeRow } from "./frame-places.ts";
import type { Clipping } from "./kernel/combine-plain.ts";
import { INTERPOLATION_REACH, type Interpolation, type SampledFrame } from "./kernel/sample-plain.ts";
import { type StackMachine, stackMachine } from "./kernel/stack-machine.ts";

/** How the values of the frames at a pixel are combined. */
export const COMBINATIONS = ["mean", "median", "weighted", "clipped", "sum"] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** One frame of a stack. */
export interface StackFrame {
  /** Where the pixels of the stack are in the frame. */
  readonly places: FramePlaces;
  /** Width and height of the frame, pixels. */
  readonly naxis: readonly [number, number];
  /** Factor by which its values are multiplied: 10^(-0.4 (zp - zp_ref)). */
  readonly gain: number;
  /** Factor by which its weight in a weighted mean is multiplied. */
  readonly weight: number;
}

/** Frames and how to stack them. */
export interface StackInput {
  readonly frames: readonly StackFrame[];
  /** Width and height of the stack, pixels. */
  readonly side: number;
  readonly combine: Combination;
  /** Whether weights of a weighted mean are divided by the variances of the frames. */
  readonly inverseVariance: boolean;
  readonly interpolation: Interpolation;
  readonly background: Background;
  /**
   * Physical values of a box of a frame, NaN where there is none: called once with all that the
   * stack needs, and then again for each strip of rows after the first, unless the pixels were
   * kept.
   */
  readonly read: (frame: number, box: PixelBox) => Promise<PixelArray>;
  /**
   * Limits in bytes: values combined at a time, and pixels kept so that they need not be read
   * again.
   */
  readonly memory?: { readonly strip: number; readonly kept: number };
  /** Called between frames; an exception ends the work. */
  readonly checkpoint?: () => void;
  /** Inner loops; for tests. */
  readonly machine?: (floats: number, frames: number) => StackMachine;
}

/** A stack; row 0 is the lowest, as in FITS. */
export interface Stack {
  readonly side: number;
  /** NaN where no frame has a value. */
  readonly values: Float64Array;
  /** Standard deviation of the values by the noise of the frames; NaN where there is no value. */
  readonly errors: Float64Array;
  /** Number of frames that count at a pixel. */
  readonly coverage: Int16Array;
  /** The results of each frame; `plane` is relative to `box`. */
  readonly frames: readonly FrameResult[];
}

/** The result of one frame of a stack. */
interface FrameResult {
  /** The part of the frame that was read; undefined if the stack does not overlap the frame. */
  readonly box: PixelBox | undefined;
  readonly sky: FrameSky;
  /** Number of pixels of the stack at which the frame has a value. */
  readonly used: number;
  /** Number of those at which it was rejected. */
  readonly rejected: number;
}

/** Noise of the median of many values of equal noise, in units of that of their mean. */
const MEDIAN_NOISE = 1.2533;

const CLIPPING: Clipping = { limit: 3, rounds: 5, fewest: 5 };

/**
 * The cube of a strip, and the pixels kept from measuring the sky: 64 MB for any number of frames.
 */
const MEMORY = { strip: 32 * 2 ** 20, kept: 24 * 2 ** 20 };

const NO_SKY: FrameSky = { plane: [0, 0, 0], median: Number.NaN, sigma: Number.NaN };

/**
 * Stacks frames: samples each on the plane of the stack, S = gain * area * (value - background), so
 * that flux is kept, and combines the values of each pixel in float64. A frame counts at a pixel
 * only if every pixel of it that has a weight there has a value. The sky of a frame is measured in
 * its box. For medians and clipped means the work is done in strips of rows, in bounded memory; a
 * frame whose pixels were not kept is read again for each strip. Errors: STACK_NOISE when a weight
 * needs the noise of a frame that has none; those of `read` and `checkpoint`.
 */
export async function stackFrames(input: StackInput): Promise<Stack> {
  const { frames, side, combine, memory = MEMORY } = input;
  const ranked = combine === "median" || combine === "clipped";
  const planes = combine === "clipped" ? 2 : 1;
  const stripRows = ranked
    ? Math.max(1, Math.min(side, Math.floor(memory.strip / (8 * planes * frames.length * side))))
    : side;
  const reach = INTERPOLATION_REACH[input.interpolation];
  const boxes = frames.map(({ places, naxis }) => boxOfRows(places, [0, side], reach, naxis));
  const largest = Math.max(0, ...boxes.map((box) => (box === undefined ? 0 : box.shape[0] * box.shape[1])));
  const strip = stripRows * side;
  const cubes = ranked ? planes * frames.length * strip : 0;
  const floats = 2 * largest + cubes + 4 * strip + 4 * side + 18;
  const machine = (input.machine ?? stackMachine)(floats, frames.length);
  const work: StackWork = {
    machine,
    boxes,
    pixels: machine.floats(largest),
    scratch: machine.floats(largest),
    cube: machine.floats(ranked ? frames.length * strip : 0),
    variances: machine.floats(combine === "clipped" ? frames.length * strip : 0),
    sums: {
      sums: machine.floats(strip),
      weights: machine.floats(strip),
      variances: machine.floats(strip),
      counts: machine.floats(strip),
    },
    row: { xs: machine.floats(side), ys: machine.floats(side), areas: machine.floats(side) },
    values: machine.floats(side),
    coefficients: machine.floats(18),
  };
  const kept: KeptPixels = { pixels: new Map(), mayKeep: stripRows < side ? memory.kept : 0 };
  const skies: FrameSky[] = [];
  const used = new Float64Array(frames.length);
  const left = new Float64Array(frames.length);
  const values = new Float64Array(side * side);
  const errors = new Float64Array(side * side);
  const coverage = new Int16Array(side * side);
  for (let y = 0; y < side; y += stripRows) {
    const rows = Math.min(stripRows, side - y);
    for (const sums of Object.values(work.sums)) sums.fill(0);
    for (let frame = 0; frame < frames.length; frame++) {
      input.checkpoint?.();
      const strip = { y0: y, y1: y + rows, pixels: rows * side };
      const source = await sourceOf(input, work, frame, strip, skies, kept);
      used[frame]! += addFrame(input, work, frame, strip, skies[frame]!, source);
    }
    finishStrip(input, work, rows * side, left, {
      values: values.subarray(y * side),
      errors: errors.subarray(y * side),
      coverage: coverage.subarray(y * side),
    });
  }
  return {
    side,
    values,
    errors,
    coverage,
    frames: skies.map((sky, k) => ({
      box: boxes[k],
      sky,
      used: used[k]!,
      rejected: combine === "clipped" ? used[k]! - left[k]! : 0,
    })),
  };
}

interface StackWork {
  readonly machine: StackMachine;
  readonly boxes: readonly (PixelBox | undefined)[];
  readonly pixels: Float64Array;
  readonly scratch: Float64Array;
  /** Values of the frames, plane after plane. */
  readonly cube: Float64Array;
  /** Variances of the values in the cube, for clipped means. */
  readonly variances: Float64Array;
  readonly sums: Readonly<Record<"sums" | "weights" | "variances" | "counts", Float64Array>>;
  readonly row: Readonly<Record<"xs" | "ys" | "areas", Float64Array>>;
  readonly values: Float64Array;
  readonly coefficients: Float64Array;
}

/** Pixels kept for the next strips, and how many more bytes may be kept. */
interface KeptPixels {
  readonly pixels: Map<number, PixelArray>;
  mayKeep: number;
}

/** The pixels that a strip needs of a frame, and their box. */
interface Source {
  readonly box: PixelBox;
  readonly pixels: SampledFrame;
}

/**
 * Reads the part of a frame that a strip needs; undefined if there is none. For the first strip,
 * reads all that the stack needs: the sky is measured in it, and its pixels are kept if allowed.
 */
async function sourceOf(
  { frames, background, combine, inverseVariance, interpolation, read }: StackInput,
  { machine, boxes, pixels, scratch }: StackWork,
  frame: number,
  { y0, y1 }: Strip,
  skies: FrameSky[],
  kept: KeptPixels,
): Promise<Source | undefined> {
  const whole = boxes[frame];
  const first = skies.length === frame;
  if (whole === undefined) {
    if (first) skies.push(NO_SKY);
    return undefined;
  }
  const held = kept.pixels.get(frame);
  if (!first) {
    const { places, naxis } = frames[frame]!;
    const rows = boxOfRows(places, [y0, y1], INTERPOLATION_REACH[interpolation], naxis);
    if (rows === undefined) return undefined;
    const box = held === undefined ? withColumns(rows, whole) : whole;
    const values = held ?? (await read(frame, box));
    pixels.set(values);
    const source = sampled(pixels, box);
    if (isFloatArray(values)) machine.finite(source.data, source.data.length, scratch);
    return { box, pixels: source };
  }
  const values = await read(frame, whole);
  pixels.set(values);
  const source = sampled(pixels, whole);
  const sky = measureSky(machine, source, background, scratch);
  if (combine === "weighted" && inverseVariance && !(sky.sigma > 0)) {
    throw new ImagingError(
      "STACK_NOISE",
      `frame ${frame + 1} has no measurable noise (1.4826 MAD = ${sky.sigma}), so it has no weight`,
    );
  }
  skies.push(sky);
  if (values.byteLength <= kept.mayKeep) {
    kept.mayKeep -= values.byteLength;
    kept.pixels.set(frame, values);
  }
  return { box: whole, pixels: source };
}

/** Whole rows of a box, which are contiguous in memory. */
function withColumns({ start, shape }: PixelBox, whole: PixelBox): PixelBox {
  return { start: [whole.start[0], start[1]], shape: [whole.shape[0], shape[1]] };
}

function sampled(pixels: Float64Array, { shape: [width, height] }: PixelBox): SampledFrame {
  return { data: pixels.subarray(0, width * height), width, height };
}

/** Rows y0 up to, but not including, y1 of the plane, and their number of pixels. */
interface Strip {
  readonly y0: number;
  readonly y1: number;
  readonly pixels: number;
}

/** Samples rows of the stack in a frame and adds them; returns the number of values. */
function addFrame(
  { frames, side, combine, interpolation, inverseVariance }: StackInput,
  work: StackWork,
  frame: number,
  { y0, y1, pixels: strip }: Strip,
  sky: FrameSky,
  source: Source | undefined,
): number {
  const { machine, boxes, row, coefficients } = work;
  const { places, gain, weight } = frames[frame]!;
  const ranked = combine === "median" || combine === "clipped";
  const whole = boxes[frame];
  if (whole === undefined || source === undefined) {
    if (ranked) work.cube.fill(Number.NaN, frame * strip, (frame + 1) * strip);
    return 0;
  }
  const { box } = source;
  const [b0, bx, by] = sky.plane;
  // the background counts from the first pixel of the box in which it was measured
  const [dx, dy] = [box.start[0] - whole.start[0], box.start[1] - whole.start[1]];
  const background = [b0 + bx * dx + by * dy, bx, by] as const;
  const sampling = { kind: interpolation, background, gain };
  const noise = Math.abs(gain) * (Number.isNaN(sky.sigma) ? 0 : sky.sigma);
  let used = 0;
  for (let y = y0; y < y1; y++) {
    placeRow(machine, places, y, box.start, row, coefficients);
    const at = (y - y0) * side;
    const line = ranked ? work.cube.subarray(frame * strip + at, frame * strip + at + side) : work.values;
    used += machine.sampleRow(source.pixels, row, side, sampling, line);
    const counts = work.sums.counts.subarray(at, at + side);
    const variances = work.sums.variances.subarray(at, at + side);
    if (combine === "median") {
      machine.addNoise(line, row.areas, side, noise, variances, counts);
    } else if (combine === "weighted") {
      const sums = work.sums.sums.subarray(at, at + side);
      const weights = work.sums.weights.subarray(at, at + side);
      const strips = { sums, weights, variances, counts };
      machine.addWeighted(line, row.areas, side, noise, { weight, inverse: inverseVariance }, strips);
    } else if (combine === "clipped") {
      const own = work.variances.subarray(frame * strip + at, frame * strip + at + side);
      own.fill(0);
      machine.addVariances(line, row.areas, side, noise, own);
    } else {
      machine.addRow(line, side, work.sums.sums.subarray(at, at + side), counts);
      machine.addVariances(line, row.areas, side, noise, variances);
    }
  }
  return used;
}

/**
 * Combines the values of a strip of `strip` pixels; adds to `left` those that were not rejected.
 */
function finishStrip(
  { frames, combine }: StackInput,
  { machine, cube, variances: own, sums: { sums, weights, variances, counts } }: StackWork,
  strip: number,
  left: Float64Array,
  { values, errors, coverage }: Pick<Stack, "values" | "errors" | "coverage">,
): void {
  const n = frames.length;
  const planes = cube.subarray(0, n * strip);
  if (combine === "median") machine.medians(planes, n, strip, sums);
  if (combine === "clipped") {
    machine.clippedMeans(planes, n, strip, CLIPPING, sums, counts);
    for (let frame = 0; frame < n; frame++) {
      for (let i = 0; i < strip; i++) {
        if (Number.isNaN(planes[frame * strip + i]!)) continue;
        variances[i]! += own[frame * strip + i]!;
        left[frame]! += 1;
      }
    }
  }
  for (let i = 0; i < strip; i++) {
    const count = counts[i]!;
    coverage[i] = count;
    const noise = Math.sqrt(variances[i]!);
    if (count === 0) {
      values[i] = Number.NaN;
      errors[i] = Number.NaN;
    } else if (combine === "weighted") {
      values[i] = sums[i]! / weights[i]!;
      errors[i] = noise / weights[i]!;
    } else {
      const mean = combine === "median" || combine === "clipped" ? sums[i]! : sums[i]! / count;
      const factor = combine === "sum" ? n : 1;
      values[i] = factor * mean;
      errors[i] = ((combine === "median" ? MEDIAN_NOISE : 1) * factor * noise) / count;
    }
  }
}
