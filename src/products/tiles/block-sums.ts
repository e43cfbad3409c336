import { addIntegersToBlocks } from "@sbnsis/imaging";

/** A level of an image, or of some rows of it, as sums over blocks of pixels. Plain data. */
export interface BlockSums {
  /** Size of what the blocks cover, pixels; blocks at its right and upper edge may be smaller. */
  readonly covered: readonly [width: number, height: number];
  /** Pixels along the side of a block. */
  readonly side: number;
  /** Columns and rows of blocks. */
  readonly width: number;
  readonly height: number;
  readonly sums: Float64Array;
  /** Pixels with a value in each block; undefined when every pixel has one. */
  readonly counts: Uint32Array | undefined;
}

/** Rows of an image as numbers, one after the other, NaN or infinite where there is no value. */
export interface NumberRows {
  readonly numbers: ArrayLike<number>;
  /** Whether every pixel has a value. */
  readonly complete: boolean;
}

/** Least and greatest number, infinities without any, and how many pixels have no value. */
export interface RowExtremes {
  least: number;
  most: number;
  missing: number;
}

/** Bytes of memory for sums over blocks. */
export function sumsBytes([width, height]: readonly [number, number], side: number): number {
  return 12 * Math.ceil(width / side) * Math.ceil(height / side);
}

/**
 * Empty sums over blocks.
 * @param complete whether every pixel has a value
 * @param memory of sumsBytes with any content, from a multiple of 8 bytes
 */
export function emptySums(
  covered: readonly [width: number, height: number],
  side: number,
  complete: boolean,
  { buffer, byteOffset }: Uint8Array,
): BlockSums {
  const [width, height] = [Math.ceil(covered[0] / side), Math.ceil(covered[1] / side)];
  const blocks = width * height;
  return {
    covered,
    side,
    width,
    height,
    sums: new Float64Array(buffer, byteOffset, blocks).fill(0),
    counts: complete ? undefined : new Uint32Array(buffer, byteOffset + 8 * blocks, blocks).fill(0),
  };
}

/**
 * Adds `count` rows of an image to its sums, the first of which is row `y` from the first row of
 * blocks. Returns their extremes.
 */
export function addRows(blocks: BlockSums, { numbers, complete }: NumberRows, y: number, count: number) {
  const found: RowExtremes = {
    least: Number.POSITIVE_INFINITY,
    most: Number.NEGATIVE_INFINITY,
    missing: 0,
  };
  const { side, width: columns, covered } = blocks;
  const [width] = covered;
  for (let done = 0; done < count; ) {
    const line = Math.floor((y + done) / side);
    const until = Math.min(count, (line + 1) * side - y);
    const sums = blocks.sums.subarray(line * columns, (line + 1) * columns);
    const counts = blocks.counts?.subarray(line * columns, (line + 1) * columns);
    if (complete && numbers instanceof Int16Array) {
      addIntegers(sums, side, width, numbers.subarray(done * width, until * width), found);
    } else {
      for (let at = done * width; at < until * width; at += width) {
        if (counts === undefined) addCompleteRow(sums, side, numbers, at, at + width, found);
        else addFiniteRow({ sums, counts, side }, numbers, at, at + width, found);
      }
    }
    done = until;
  }
  return found;
}

function addIntegers(
  sums: Float64Array,
  side: number,
  width: number,
  rows: Int16Array,
  found: RowExtremes,
): void {
  const extremes = addIntegersToBlocks(rows, width, side, sums);
  if (extremes === undefined) {
    for (let at = 0; at < rows.length; at += width) addCompleteRow(sums, side, rows, at, at + width, found);
    return;
  }
  found.least = Math.min(found.least, extremes[0]);
  found.most = Math.max(found.most, extremes[1]);
}

function addCompleteRow(
  sums: Float64Array,
  side: number,
  numbers: ArrayLike<number>,
  at: number,
  end: number,
  found: RowExtremes,
): void {
  let { least, most } = found;
  for (let column = 0, from = at; from < end; column++, from += side) {
    const until = Math.min(end, from + side);
    let sum = 0;
    for (let i = from; i < until; i++) {
      const number = numbers[i]!;
      sum += number;
      if (number < least) least = number;
      if (number > most) most = number;
    }
    sums[column]! += sum;
  }
  found.least = least;
  found.most = most;
}

function addFiniteRow(
  { sums, counts, side }: Pick<BlockSums, "sums" | "side"> & { readonly counts: Uint32Array },
  numbers: ArrayLike<number>,
  at: number,
  end: number,
  found: RowExtremes,
): void {
  let { least, most } = found;
  for (let column = 0, from = at; from < end; column++, from += side) {
    const until = Math.min(end, from + side);
    let [sum, count] = [0, 0];
    for (let i = from; i < until; i++) {
      const number = numbers[i]!;
      // infinite values are no values either
      if (number - number !== 0) continue;
      sum += number;
      count++;
      if (number < least) least = number;
      if (number > most) most = number;
    }
    sums[column]! += sum;
    counts[column]! += count;
    found.missing += until - from - count;
  }
  found.least = least;
  found.most = most;
}

/** The next coarser level. */
export function halved({ covered, side, width, height, sums, counts }: BlockSums): BlockSums {
  const memory = new Uint8Array(sumsBytes(covered, 2 * side));
  const next = emptySums(covered, 2 * side, counts === undefined, memory);
  for (let y = 0; y < height; y++) {
    const line = (y >> 1) * next.width;
    addPairs(sums, y * width, width, next.sums, line);
    if (counts !== undefined) addPairs(counts, y * width, width, next.counts!, line);
  }
  return next;
}

function addPairs<T extends Float64Array | Uint32Array>(
  from: T,
  at: number,
  width: number,
  to: T,
  line: number,
): void {
  for (let x = 0; x < width; x++) to[line + (x >> 1)]! += from[at + x]!;
}

/**
 * Means of some blocks, row by row into `out`; NaN without any pixel with a value. Value = zero +
 * scale * number.
 * @param at their first column and row
 */
export function meansOf(
  { covered, side, width: columns, sums, counts }: BlockSums,
  [x, y]: readonly [column: number, row: number],
  [width, height]: readonly [width: number, height: number],
  { zero, scale }: { readonly zero: number; readonly scale: number },
  out: Float64Array,
): void {
  for (let row = 0; row < height; row++) {
    const from = (y + row) * columns + x;
    const to = row * width;
    if (counts !== undefined) {
      for (let i = 0; i < width; i++) {
        const count = counts[from + i]!;
        out[to + i] = count === 0 ? Number.NaN : zero + (scale * sums[from + i]!) / count;
      }
      continue;
    }
    const lines = Math.min(side, covered[1] - (y + row) * side);
    for (let i = 0; i < width; i++) out[to + i] = zero + (scale * sums[from + i]!) / (side * lines);
    const last = covered[0] - (x + width - 1) * side;
    if (last < side) out[to + width - 1] = zero + (scale * sums[from + width - 1]!) / (last * lines);
  }
}
