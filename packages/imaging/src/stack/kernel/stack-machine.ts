import { compiledKernel, growTo, type KernelMemory } from "@sbnsis/fits/internal";
import {
  type Clipping,
  clippedMeansPlain,
  distancesPlain,
  finitePlain,
  medianPlain,
  mediansPlain,
} from "./combine-plain.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";
import {
  INTERPOLATIONS,
  placeRowPlain,
  type RowPlaces,
  type SampledFrame,
  type Sampling,
  sampleRowPlain,
} from "./sample-plain.ts";
import {
  addNoisePlain,
  addRowPlain,
  addVariancesPlain,
  addWeightedPlain,
  type FrameWeight,
  type StripSums,
} from "./sums-plain.ts";

/**
 * The inner loops of a stack, with their own memory. Every array passed to them must come from
 * `floats` of the same machine.
 */
export interface StackMachine {
  /** An array of `length` zeros. */
  floats(length: number): Float64Array;
  /** {@link placeRowPlain} */
  placeRow(coefficients: Float64Array, first: number, step: number, count: number, into: RowPlaces): void;
  /** {@link finitePlain} */
  finite(values: Float64Array, count: number, work: Float64Array): number;
  /** {@link distancesPlain} */
  distances(values: Float64Array, count: number, from: number): void;
  /** {@link sampleRowPlain} */
  sampleRow(
    frame: SampledFrame,
    places: RowPlaces,
    count: number,
    sampling: Sampling,
    out: Float64Array,
  ): number;
  /** {@link addNoisePlain} */
  addNoise(
    values: Float64Array,
    areas: Float64Array,
    count: number,
    noise: number,
    variances: Float64Array,
    counts: Float64Array,
  ): void;
  /** {@link addRowPlain} */
  addRow(values: Float64Array, count: number, sums: Float64Array, counts: Float64Array): void;
  /** {@link addVariancesPlain} */
  addVariances(
    values: Float64Array,
    areas: Float64Array,
    count: number,
    noise: number,
    variances: Float64Array,
  ): void;
  /** {@link addWeightedPlain} */
  addWeighted(
    values: Float64Array,
    areas: Float64Array,
    count: number,
    noise: number,
    weight: FrameWeight,
    sums: StripSums,
  ): void;
  /** {@link medianPlain} */
  median(values: Float64Array, count: number): number;
  /** {@link mediansPlain} */
  medians(cube: Float64Array, frames: number, pixels: number, out: Float64Array): void;
  /** {@link clippedMeansPlain} */
  clippedMeans(
    cube: Float64Array,
    frames: number,
    pixels: number,
    clipping: Clipping,
    out: Float64Array,
    counts: Float64Array,
  ): void;
}

type Address = number;

interface KernelExports {
  readonly memory: KernelMemory;
  placeRow(
    coefficients: Address,
    first: number,
    step: number,
    count: number,
    xs: Address,
    ys: Address,
    areas: Address,
  ): void;
  sampleRow(
    kind: number,
    data: Address,
    width: number,
    height: number,
    xs: Address,
    ys: Address,
    areas: Address,
    count: number,
    b0: number,
    bx: number,
    by: number,
    gain: number,
    out: Address,
  ): number;
  addNoise(
    values: Address,
    areas: Address,
    count: number,
    noise: number,
    variances: Address,
    counts: Address,
  ): void;
  addRow(values: Address, count: number, sums: Address, counts: Address): void;
  addVariances(values: Address, areas: Address, count: number, noise: number, variances: Address): void;
  addWeighted(
    values: Address,
    areas: Address,
    count: number,
    noise: number,
    weight: number,
    inverse: number,
    sums: Address,
    weights: Address,
    variances: Address,
    counts: Address,
  ): void;
  finite(values: Address, count: number, work: Address): number;
  distances(values: Address, count: number, from: number): void;
  medianOf(values: Address, count: number): number;
  medians(cube: Address, frames: number, pixels: number, out: Address, work: Address): void;
  clippedMeans(
    cube: Address,
    frames: number,
    pixels: number,
    limit: number,
    rounds: number,
    fewest: number,
    out: Address,
    counts: Address,
    work: Address,
  ): void;
}

/** Address of the first array: the kernel's own data are before it. */
const FIRST = 4096;

/** Numbers that the kernel needs as work space for a cube of that many planes. */
const workOf = (frames: number): number => 9 * (frames + 1);

let factory: (() => KernelExports) | undefined;
let compiled = false;

/**
 * A machine for one stack, by the compiled kernel, or in plain TypeScript where there is none.
 * @param floats most numbers in all its arrays together
 * @param frames most planes of a cube
 */
export function stackMachine(floats: number, frames: number): StackMachine {
  if (!compiled) {
    compiled = true;
    factory = compiledKernel<KernelExports>(KERNEL_BASE64);
  }
  const kernel = factory?.();
  if (kernel === undefined) return plainMachine();
  try {
    growTo(kernel.memory, FIRST + 8 * (floats + workOf(frames)));
  } catch {
    // not enough memory: the twin gives the same results
    return plainMachine();
  }
  return compiledMachine(kernel, frames);
}

/** The twin of the compiled machine. */
export function plainMachine(): StackMachine {
  return {
    floats: (length) => new Float64Array(length),
    placeRow: placeRowPlain,
    sampleRow: sampleRowPlain,
    finite: finitePlain,
    distances: distancesPlain,
    addNoise: addNoisePlain,
    addRow: addRowPlain,
    addVariances: addVariancesPlain,
    addWeighted: addWeightedPlain,
    median: medianPlain,
    medians: mediansPlain,
    clippedMeans: clippedMeansPlain,
  };
}

function compiledMachine(kernel: KernelExports, frames: number): StackMachine {
  const { buffer } = kernel.memory;
  let at = FIRST + 8 * workOf(frames);
  const work = FIRST;
  return {
    floats: (length) => {
      const array = new Float64Array(buffer, at, length);
      at += 8 * length;
      return array;
    },
    placeRow: (coefficients, first, step, count, { xs, ys, areas }) =>
      kernel.placeRow(
        coefficients.byteOffset,
        first,
        step,
        count,
        xs.byteOffset,
        ys.byteOffset,
        areas.byteOffset,
      ),
    sampleRow: ({ data, width, height }, { xs, ys, areas }, count, sampling, out) =>
      kernel.sampleRow(
        INTERPOLATIONS.indexOf(sampling.kind),
        data.byteOffset,
        width,
        height,
        xs.byteOffset,
        ys.byteOffset,
        areas.byteOffset,
        count,
        ...sampling.background,
        sampling.gain,
        out.byteOffset,
      ),
    finite: (values, count, copied) => kernel.finite(values.byteOffset, count, copied.byteOffset),
    distances: (values, count, from) => kernel.distances(values.byteOffset, count, from),
    addNoise: (values, areas, count, noise, variances, counts) =>
      kernel.addNoise(
        values.byteOffset,
        areas.byteOffset,
        count,
        noise,
        variances.byteOffset,
        counts.byteOffset,
      ),
    addRow: (values, count, sums, counts) =>
      kernel.addRow(values.byteOffset, count, sums.byteOffset, counts.byteOffset),
    addVariances: (values, areas, count, noise, variances) =>
      kernel.addVariances(values.byteOffset, areas.byteOffset, count, noise, variances.byteOffset),
    addWeighted: (values, areas, count, noise, { weight, inverse }, strip) =>
      kernel.addWeighted(
        values.byteOffset,
        areas.byteOffset,
        count,
        noise,
        weight,
        inverse ? 1 : 0,
        strip.sums.byteOffset,
        strip.weights.byteOffset,
        strip.variances.byteOffset,
        strip.counts.byteOffset,
      ),
    median: (values, count) => kernel.medianOf(values.byteOffset, count),
    medians: (cube, planes, pixels, out) =>
      kernel.medians(cube.byteOffset, planes, pixels, out.byteOffset, work),
    clippedMeans: (cube, planes, pixels, { limit, rounds, fewest }, out, counts) =>
      kernel.clippedMeans(
        cube.byteOffset,
        planes,
        pixels,
        limit,
        rounds,
        fewest,
        out.byteOffset,
        counts.byteOffset,
        work,
      ),
  };
}
