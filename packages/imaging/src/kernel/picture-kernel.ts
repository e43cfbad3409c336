import { compiledKernel, growTo, type KernelMemory } from "@sbnsis/fits/internal";
import type { Levels } from "../interval/zscale.ts";
import { isFloatArray, type PixelArray } from "../render/pixel-array.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";

interface KernelExports {
  readonly memory: KernelMemory;
  levels16(values: number, count: number, offset: number, vmin: number, span: number, out: number): void;
  levels32(values: number, count: number, vmin: number, span: number, out: number): number;
  levels64(values: number, count: number, vmin: number, span: number, out: number): number;
  addBlocks16(values: number, rows: number, width: number, side: number, sums: number): number;
  addBlocks(bytes: number, rows: number, width: number, side: number, columns: number, blocks: number): void;
}

/** Values converted between two copies. */
const BATCH = 65_536;
/**
 * Addresses in the kernel's memory: the levels of a batch, copied values, and the space for
 * callers.
 */
const OUT = 4096;
const COPIED = OUT + BATCH;
const ROOM = COPIED + 8 * BATCH;
/**
 * Addresses of the sums of columns and of blocks, each in one half of the space for copied values.
 */
const COLUMNS = COPIED;
const BLOCKS = COPIED + 4 * BATCH;
/** Rows of bytes whose sums fit in 16 bits. */
const MAX_ROWS = 257;
/** Size limit of the space for callers, bytes: its memory is never released. */
const MAX_ROOM = 32 * 1024 * 1024;

let kernel: KernelExports | undefined;
let tried = false;

/** The kernel of this thread; undefined where there is none (see compiledKernel). */
function pictureKernel(): KernelExports | undefined {
  if (!tried) {
    tried = true;
    try {
      kernel = compiledKernel<KernelExports>(KERNEL_BASE64)?.();
      if (kernel !== undefined) growTo(kernel.memory, ROOM);
    } catch {
      // not enough memory: the TypeScript twin does the work
      kernel = undefined;
    }
  }
  return kernel;
}

/**
 * At least `length` bytes in the memory of this thread's kernel, with any content, valid until the
 * next call: values stored there need not be copied for conversion to levels. Undefined without a
 * kernel or enough memory.
 */
export function kernelRoom(length: number): Uint8Array<ArrayBuffer> | undefined {
  const found = pictureKernel();
  if (found === undefined || length > MAX_ROOM) return undefined;
  try {
    growTo(found.memory, ROOM + length);
  } catch {
    return undefined;
  }
  return new Uint8Array(found.memory.buffer, ROOM, length);
}

/**
 * Does the work of linearLevels for floats, and for integers of at most 16 bits, which float32
 * represents exactly. Returns the number of values that are not finite; undefined, without side
 * effects, if there is no kernel, or for other integers.
 */
export function linearLevelsByKernel(
  values: PixelArray,
  { vmin, vmax }: Levels,
  out: Uint8Array,
): number | undefined {
  const found = pictureKernel();
  const isFloat = isFloatArray(values);
  if (found === undefined || !(isFloat || values.BYTES_PER_ELEMENT <= 2)) return undefined;
  const span = vmax - vmin === 0 ? 1 : vmax - vmin;
  const run = values instanceof Float64Array ? found.levels64 : found.levels32;
  let missing = 0;
  inBatches(
    found,
    values,
    out,
    (from, count) => {
      missing += run(from, count, vmin, span, OUT);
    },
    !isFloat,
  );
  return missing;
}

/**
 * Does the work of linearLevels for integers plus `offset`, -2^22 to 2^22. False, without side
 * effects, if there is no kernel.
 */
export function integerLevelsByKernel(
  values: Int16Array,
  offset: number,
  { vmin, vmax }: Levels,
  out: Uint8Array,
): boolean {
  const found = pictureKernel();
  if (found === undefined) return false;
  const span = vmax - vmin === 0 ? 1 : vmax - vmin;
  inBatches(found, values, out, (from, count) => found.levels16(from, count, offset, vmin, span, OUT));
  return true;
}

/**
 * Calls `run` to convert values to levels at OUT, batch by batch, wherever they are stored;
 * `asFloats`: converted to float32 first.
 */
function inBatches(
  { memory: { buffer } }: KernelExports,
  values: PixelArray,
  out: Uint8Array,
  run: (from: number, count: number) => void,
  asFloats = false,
): void {
  const batch = Math.min(BATCH, values.length);
  const width = values.BYTES_PER_ELEMENT;
  const done = new Uint8Array(buffer, OUT, batch);
  const inKernel = values.buffer === buffer && !asFloats;
  const copied = inKernel || asFloats ? undefined : new Uint8Array(buffer, COPIED, batch * width);
  const converted = asFloats ? new Float32Array(buffer, COPIED, batch) : undefined;
  for (let i = 0; i < values.length; i += batch) {
    const count = Math.min(batch, values.length - i);
    const from = values.byteOffset + i * width;
    copied?.set(new Uint8Array(values.buffer, from, count * width));
    converted?.set(values.subarray(i, i + count));
    run(inKernel ? from : COPIED, count);
    out.set(count === batch ? done : done.subarray(0, count), i);
  }
}

/**
 * Adds the bytes of whole rows to sums, one for every `side` (at least 2) columns, with the kernel
 * of this thread if there is one.
 * @param rows a multiple of `width` bytes
 */
export function addToBlocks(rows: Uint8Array, width: number, side: number, sums: Float64Array): void {
  const found = pictureKernel();
  // the sums of columns need room for one more vector
  if (found === undefined || width > BATCH - 16) {
    addToBlocksPlain(rows, width, side, sums);
    return;
  }
  const { buffer } = found.memory;
  const bytes = new Uint8Array(buffer, OUT, BATCH);
  const blocks = new Float64Array(buffer, BLOCKS, sums.length);
  const batch = width * Math.min(MAX_ROWS, Math.floor(BATCH / width));
  blocks.set(sums);
  for (let i = 0; i < rows.length; i += batch) {
    const part = rows.subarray(i, i + batch);
    bytes.set(part);
    found.addBlocks(OUT, part.length / width, width, side, COLUMNS, BLOCKS);
  }
  sums.set(blocks);
}

/** Pixels of a block whose sum fits in 32 bits. */
const MAX_SUMMED = 65_536;

/**
 * Adds whole rows of integers to sums, one for every `side` columns. Returns the least and the
 * greatest of them; undefined, without side effects, if there is no kernel or it does not support
 * the array.
 * @param values a multiple of `width`
 */
export function addIntegersToBlocks(
  values: Int16Array,
  width: number,
  side: number,
  sums: Float64Array,
): readonly [least: number, most: number] | undefined {
  const found = pictureKernel();
  const isKnown = side === 2 || side === 4 || (side % 8 === 0 && side <= MAX_SUMMED);
  const isCopied = values.buffer !== found?.memory.buffer;
  const atOnce = Math.min(
    Math.floor(MAX_SUMMED / side),
    isCopied ? Math.floor((2 * BATCH) / width) : values.length,
  );
  if (found === undefined || !isKnown || atOnce === 0 || sums.length > BATCH / 2) return undefined;
  const { buffer } = found.memory;
  const copied = new Int16Array(buffer, COPIED, 2 * BATCH);
  const blocks = new Float64Array(buffer, BLOCKS, sums.length);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  blocks.set(sums);
  for (let i = 0; i < values.length; i += atOnce * width) {
    const part = values.subarray(i, i + atOnce * width);
    if (isCopied) copied.set(part);
    const from = isCopied ? COPIED : part.byteOffset;
    const ends = found.addBlocks16(from, part.length / width, width, side, BLOCKS);
    least = Math.min(least, (ends << 16) >> 16);
    most = Math.max(most, ends >> 16);
  }
  sums.set(blocks);
  return [least, most];
}

/** {@link addToBlocks} in plain TypeScript: the twin of the kernel. */
export function addToBlocksPlain(rows: Uint8Array, width: number, side: number, sums: Float64Array): void {
  for (let start = 0; start < rows.length; start += width) {
    for (let block = 0, x = start; block < sums.length; block++) {
      const end = Math.min(x + side, start + width);
      let sum = 0;
      for (; x < end; x++) sum += rows[x]!;
      sums[block]! += sum;
    }
  }
}
