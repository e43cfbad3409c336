import { LITTLE_ENDIAN } from "@sbnsis/fits/internal";
import type { FrameSource } from "../frame/frame-source.ts";
import type { Levels } from "../interval/zscale.ts";
import { integerLevelsByKernel } from "../kernel/picture-kernel.ts";
import { type AnyPixels, isFloatArray, type PixelArray } from "../render/pixel-array.ts";
import type { MissingPixels } from "./missing-pixels.ts";
import { isLinear, type StretchOptions, stretchedLevels } from "./stretch.ts";

/** Number of pixels from which a table of 65,536 levels pays off. */
const TABLE_PIXELS = 2 ** 18;

/**
 * Returns a function that quantizes the bands of a frame to grey levels: as stretchedLevels does,
 * or large integer images of 8 and 16 bits by a table of all their values.
 * @param first index (row * width + column) of the first value of a band, for `missing`
 */
export function levelBands(
  source: FrameSource,
  levels: Levels,
  options: StretchOptions,
): (stored: AnyPixels, first: number, out: Uint8Array, missing?: MissingPixels) => number {
  const pixels = source.width * source.height;
  let table: LevelTable | undefined;
  const offset = isLinear(options) ? offsetOnly(source) : undefined;
  return (stored, first, out, missing) => {
    if (
      offset !== undefined &&
      stored instanceof Int16Array &&
      integerLevelsByKernel(stored, offset, levels, out)
    )
      return 0;
    if (stored instanceof Uint8Array || (stored instanceof Int16Array && pixels >= TABLE_PIXELS)) {
      table ??= levelTable(source, stored, levels, options);
      return byTable(stored, table, first, out, missing);
    }
    const values = source.physical(stored);
    const count = stretchedLevels(values, levels, options, out);
    if (count > 0 && missing !== undefined) addMissing(values, first, missing);
    return count;
  };
}

/**
 * The offset from stored integers of 16 bits to physical ones, if there is no other conversion and
 * no BLANK.
 */
function offsetOnly(source: FrameSource): number | undefined {
  if (!source.complete) return undefined;
  const values = source.physical(Int16Array.of(-32768, 0, 32767));
  const [low, zero, high] = values;
  return !isFloatArray(values) && low! + 32768 === zero && high! - 32767 === zero ? zero : undefined;
}

interface LevelTable {
  /** Grey level of each bit pattern. */
  readonly levels: Uint8Array;
  /** Bit pattern of a missing value; -1: none. */
  readonly blank: number;
}

function levelTable(
  source: FrameSource,
  like: Uint8Array | Int16Array,
  levels: Levels,
  options: StretchOptions,
): LevelTable {
  const patterns = Uint16Array.from({ length: like instanceof Uint8Array ? 256 : 65536 }, (_, i) => i);
  const stored = like instanceof Uint8Array ? Uint8Array.from(patterns) : new Int16Array(patterns.buffer);
  const values = source.physical(stored);
  const out = new Uint8Array(values.length);
  stretchedLevels(values, levels, options, out);
  const blank = isFloatArray(values) ? values.findIndex(Number.isNaN) : -1;
  return { levels: out, blank };
}

function byTable(
  stored: Uint8Array | Int16Array,
  { levels, blank }: LevelTable,
  first: number,
  out: Uint8Array,
  missing: MissingPixels | undefined,
): number {
  const bits =
    stored instanceof Uint8Array ? stored : new Uint16Array(stored.buffer, stored.byteOffset, stored.length);
  if (bits instanceof Uint8Array) lookUpBytes(bits, levels, out);
  else lookUpWords(bits, levels, out);
  if (blank < 0) return 0;
  let count = 0;
  for (let i = bits.indexOf(blank); i >= 0; i = bits.indexOf(blank, i + 1)) {
    count++;
    missing?.add(first + i);
  }
  return count;
}

/**
 * The same loop twice, so that each is compiled for one kind of array: a shared one would be half
 * as fast.
 */
function lookUpBytes(bits: Uint8Array, levels: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < bits.length; i++) out[i] = levels[bits[i]!]!;
}

function lookUpWords(bits: Uint16Array, levels: Uint8Array, out: Uint8Array): void {
  let done = 0;
  if (LITTLE_ENDIAN && bits.byteOffset % 4 === 0 && out.byteOffset % 4 === 0) {
    // two pixels per load, four per store
    const pairs = new Uint32Array(bits.buffer, bits.byteOffset, bits.length >>> 1);
    const fours = new Uint32Array(out.buffer, out.byteOffset, Math.min(bits.length, out.length) >>> 2);
    for (let i = 0; i < fours.length; i++) {
      const a = pairs[2 * i]!;
      const b = pairs[2 * i + 1]!;
      fours[i] =
        levels[a & 0xffff]! |
        (levels[a >>> 16]! << 8) |
        (levels[b & 0xffff]! << 16) |
        (levels[b >>> 16]! << 24);
    }
    done = 4 * fours.length;
  }
  for (let i = done; i < bits.length; i++) out[i] = levels[bits[i]!]!;
}

function addMissing(values: PixelArray, first: number, missing: MissingPixels): void {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) missing.add(first + i);
}
