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

/** Background of pixel values; NaN is no value. */
export function skyLevel(pixels: ArrayLike<number>): SkyLevel {
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
