import {
  describeImage,
  imageAxes,
  memorySource,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";

/** What the pixels of a cutout say about its background. */
export interface SkyLevel {
  /** Median of the pixels with a value. */
  readonly sky: number | null;
  /** 1.4826 times their median absolute deviation. */
  readonly sigma: number | null;
  /** Fraction of pixels with a value. */
  readonly validFraction: number;
}

/** Moves the k smallest values to the front (Hoare's selection); returns the value at k. */
function select(values: Float64Array, count: number, k: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i] = values[j]!;
        values[j] = swapped;
        i++;
        j--;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

/** Median of the first `count` values, which are reordered: the mean of the middle two if even. */
export function median(values: Float64Array, count: number): number {
  const upper = select(values, count, count >> 1);
  if (count % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count >> 1; i++) lower = Math.max(lower, values[i]!);
  return (lower + upper) / 2;
}

/** Normal standard deviation of a median absolute deviation: 1 / Phi^-1(3/4). */
const MAD_TO_SIGMA = 1.482602218505602;

/** Integers of a wider range than this are not counted value by value. */
const MOST_COUNTED = 2 ** 16;

/**
 * Median and median absolute deviation of integers by counting each value, which is several times
 * as fast as selection; undefined if their range is too wide. Both are exact.
 */
function countedLevel(pixels: ArrayLike<number>): Pick<SkyLevel, "sky" | "sigma"> | undefined {
  const n = pixels.length;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    const value = pixels[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = most - least;
  if (!(range < MOST_COUNTED)) return undefined;
  const counts = new Uint32Array(range + 1);
  for (let i = 0; i < n; i++) counts[pixels[i]! - least]! += 1;
  const twice = ranked(counts, (n - 1) >> 1) + ranked(counts, n >> 1);
  // deviations in units of a half: the median of an even number can be between two integers
  const deviations = new Uint32Array(2 * range + 1);
  for (let value = 0; value <= range; value++) deviations[Math.abs(2 * value - twice)]! += counts[value]!;
  const deviation = (ranked(deviations, (n - 1) >> 1) + ranked(deviations, n >> 1)) / 4;
  return { sky: least + twice / 2, sigma: MAD_TO_SIGMA * deviation };
}

/** The value at rank k, from 0, of values that were counted. */
function ranked(counts: Uint32Array, k: number): number {
  let value = 0;
  for (let below = counts[0]!; below <= k; below += counts[value]!) value++;
  return value;
}

/** Background of pixel values; NaN is no value. */
export function skyLevel(pixels: ArrayLike<number>): SkyLevel {
  if (ArrayBuffer.isView(pixels) && !(pixels instanceof Float32Array || pixels instanceof Float64Array)) {
    const counted = pixels.length === 0 ? undefined : countedLevel(pixels);
    if (counted !== undefined) return { ...counted, validFraction: 1 };
  }
  const values = new Float64Array(pixels.length);
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (Number.isFinite(value)) values[count++] = value;
  }
  const validFraction = pixels.length === 0 ? 0 : count / pixels.length;
  if (count === 0) return { sky: null, sigma: null, validFraction };
  const sky = median(values, count);
  for (let i = 0; i < count; i++) values[i] = Math.abs(values[i]! - sky);
  return { sky, sigma: MAD_TO_SIGMA * median(values, count), validFraction };
}

/** Bytes of a card, and of a block (FITS 4.0, 3.1 and 4.1). */
const CARD = 80;
const BLOCK = 2880;

/** Keywords of a primary header that decide what its pixels are. */
const STRUCTURE = /^(?:SIMPLE|BITPIX|NAXIS\d?|BSCALE|BZERO|BLANK|END) *$/;

/**
 * A FITS file with a short header: the same pixels with the cards that decide what they are. Most
 * of the time of reading a cutout would go into its other 400 cards.
 */
function shortened(bytes: Uint8Array): Uint8Array {
  const cards: Uint8Array[] = [];
  for (let at = 0; at + CARD <= bytes.length; at += CARD) {
    const keyword = Buffer.from(bytes.buffer, bytes.byteOffset + at, 8).toString("latin1");
    if (!STRUCTURE.test(keyword)) continue;
    cards.push(bytes.subarray(at, at + CARD));
    if (!keyword.startsWith("END")) continue;
    const data = bytes.subarray(Math.ceil((at + CARD) / BLOCK) * BLOCK);
    const file = new Uint8Array(BLOCK + data.length).fill(32, 0, BLOCK);
    for (const [i, card] of cards.entries()) file.set(card, i * CARD);
    file.set(data, BLOCK);
    return file;
  }
  return bytes;
}

/** The background of a FITS cutout. Errors: FITS_*. */
export async function readCutout(bytes: Uint8Array): Promise<SkyLevel> {
  const source = memorySource(shortened(bytes));
  const { hdus } = await openFits(source);
  // a compressed image is in the HDU after an empty one
  const hdu = hdus.find((one) => imageAxes(one) !== undefined) ?? hdus[0]!;
  const image = await describeImage(source, hdu);
  if (image === undefined) return { sky: null, sigma: null, validFraction: 0 };
  const shape = image.naxis.slice(0, 2);
  const plan = planSection(image, { start: [0, 0], shape: [shape[0]!, shape[1]!] });
  const values = physicalValues(image, await readSection(source, plan));
  const level =
    values instanceof BigInt64Array || values instanceof BigUint64Array
      ? Float64Array.from(values, Number)
      : values;
  return skyLevel(level);
}
