import { allocateTile } from "../tile/tile-codec.ts";
import { HcompressBits } from "./hcompress-bits.ts";
import { HCOMPRESS_HEADER, type HcompressHeader } from "./hcompress-header.ts";
import { type Coefficients, smoothDifferences } from "./hcompress-smooth.ts";

/**
 * Decodes a tile in plain TypeScript: the twin of the WebAssembly kernel, for platforms without it
 * and tiles too large for it.
 * Computes in float64, which is exact for all possible coefficients of 32-bit pixels; results are
 * truncated to 32 bits as in cfitsio.
 */
export function decodeHcompressPlain(
  input: Uint8Array,
  header: HcompressHeader,
  smooth: boolean,
): Int32Array | "damaged" {
  const { rows, columns, scale, sum } = header;
  const values = allocateTile(rows * columns, Float64Array);
  if (!readCoefficients(new HcompressBits(input, HCOMPRESS_HEADER), header, values)) return "damaged";
  values[0] = Number(sum);
  if (scale > 1) for (let i = 0; i < values.length; i++) values[i]! *= scale;
  const levels = bitLength(Math.max(rows, columns));
  const coefficients = { values, stride: columns };
  let means = Float64Array.of(rounded(values[0]!, 2 ** (levels + 1)));
  for (let k = levels - 1; k >= 0; k--) {
    const unit = 2 ** k;
    const [r, c] = [Math.ceil(rows / unit), Math.ceil(columns / unit)];
    if (smooth) smoothDifferences(means, coefficients, r, c, scale);
    means = invertLevel(means, coefficients, r, c, unit);
  }
  return Int32Array.from(means);
}

/** Number of times `n` can be halved, rounding up, until it is 1. */
function bitLength(n: number): number {
  return 32 - Math.clz32(n - 1);
}

/** Reads magnitudes by quadrant and bit plane, then signs. */
function readCoefficients(bits: HcompressBits, header: HcompressHeader, values: Float64Array): boolean {
  const { rows, columns, planes } = header;
  const [r, c] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const quadrants = [
    [0, r, c, planes[0]],
    [c, r, columns >> 1, planes[1]],
    [r * columns, rows >> 1, c, planes[1]],
    [r * columns + c, rows >> 1, columns >> 1, planes[2]],
  ] as const;
  for (const [offset, height, width, count] of quadrants) {
    for (let bit = count - 1; bit >= 0; bit--) {
      const nibbles = readPlane(bits, height, width);
      if (nibbles === undefined) return false;
      insertPlane(nibbles, height, width, values.subarray(offset), columns, 2 ** bit);
    }
  }
  if (bits.take(4) !== 0) return false;
  bits.toNextByte();
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0 && bits.take(1) === 1) values[i] = -values[i]!;
  }
  return !bits.ended;
}

/** The nibbles of a plane, one for each two by two elements; undefined when damaged. */
function readPlane(bits: HcompressBits, rows: number, columns: number): Uint8Array | undefined {
  const kind = bits.take(4);
  if (kind === 0) {
    const nibbles = new Uint8Array(((rows + 1) >> 1) * ((columns + 1) >> 1));
    for (let i = 0; i < nibbles.length && !bits.ended; i++) nibbles[i] = bits.take(4);
    return bits.ended ? undefined : nibbles;
  }
  if (kind !== 15) return undefined;
  let nibbles = Uint8Array.of(bits.code());
  for (let k = bitLength(Math.max(rows, columns, 1)) - 1; k > 0; k--) {
    const [r, c] = [Math.ceil(rows / 2 ** k), Math.ceil(columns / 2 ** k)];
    const next = new Float64Array(r * c);
    insertPlane(nibbles, r, c, next, c, 1);
    nibbles = new Uint8Array(next.length);
    for (let i = next.length - 1; i >= 0; i--) if (next[i] !== 0) nibbles[i] = bits.code();
  }
  return bits.ended ? undefined : nibbles;
}

/** Adds `weight` to the elements whose bits are set. */
function insertPlane(
  nibbles: Uint8Array,
  rows: number,
  columns: number,
  to: Float64Array,
  stride: number,
  weight: number,
): void {
  let from = 0;
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j < columns; j += 2) {
      const nibble = nibbles[from++]!;
      if (nibble === 0) continue;
      const at = i * stride + j;
      const right = j + 1 < columns;
      const below = i + 1 < rows;
      if (nibble & 8) to[at]! += weight;
      if (nibble & 4 && right) to[at + 1]! += weight;
      if (nibble & 2 && below) to[at + stride]! += weight;
      if (nibble & 1 && right && below) to[at + stride + 1]! += weight;
    }
  }
}

/**
 * Rounds to the nearest multiple of `unit`, halves away from 0 downwards: the result of adding half
 * of it and masking.
 */
function rounded(value: number, unit: number): number {
  const half = Math.floor(unit / 2);
  const bias = value >= 0 ? half : Math.max(half - 1, 0);
  return Math.floor((value + bias) / unit) * unit;
}

/** Whether the bit of weight `unit` is set in the two's complement of `value`. */
function bitOf(value: number, unit: number): number {
  return Math.abs(Math.floor(value / unit)) % 2;
}

function towardsZero(value: number, step: number): number {
  return value >= 0 ? value - step : value + step;
}

/**
 * One level of the inverse transform, to `rows` by `columns` values. `unit` is the weight of its
 * lowest bit.
 */
function invertLevel(
  means: Float64Array,
  { values, stride }: Coefficients,
  rows: number,
  columns: number,
  unit: number,
): Float64Array<ArrayBuffer> {
  const out = allocateTile(rows * columns, Float64Array);
  const [r, c] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const divisor = unit === 1 ? 4 : 2;
  const double = 2 * unit;
  for (let i = 0; i < r; i++) {
    for (let j = 0; j < c; j++) {
      const at = 2 * i * columns + 2 * j;
      const below = 2 * i + 1 < rows;
      const right = 2 * j + 1 < columns;
      let h0 = means[i * c + j]!;
      let hx = below ? rounded(values[(r + i) * stride + j]!, double) : 0;
      let hy = right ? rounded(values[i * stride + c + j]!, double) : 0;
      if (!below || !right) {
        // At an odd edge there is at most one slope.
        const slope = below ? hx : hy;
        h0 = towardsZero(h0, bitOf(slope, double) * double);
        out[at] = Math.floor((h0 - slope) / divisor);
        if (below || right) out[at + (below ? columns : 1)] = Math.floor((h0 + slope) / divisor);
        continue;
      }
      const hc = rounded(values[(r + i) * stride + c + j]!, unit);
      const low0 = bitOf(hc, unit) * unit;
      hx = towardsZero(hx, low0);
      hy = towardsZero(hy, low0);
      const low1 = ((bitOf(hc, double) + bitOf(hx, double) + bitOf(hy, double)) % 2) * double;
      h0 += h0 >= 0 || low0 !== 0 ? low0 - low1 : low1;
      out[at] = Math.floor((h0 - hx - hy + hc) / divisor);
      out[at + 1] = Math.floor((h0 - hx + hy - hc) / divisor);
      out[at + columns] = Math.floor((h0 + hx - hy - hc) / divisor);
      out[at + columns + 1] = Math.floor((h0 + hx + hy + hc) / divisor);
    }
  }
  return out;
}
