import {
  type ByteSource,
  type ImageDescription,
  type PhysicalArray,
  physicalValues,
  planSection,
  readSection,
  type SectionBox,
} from "@sbnsis/fits";
import { nodeInflate } from "../../archive/node-inflate.ts";

/** Pixels in memory at a time; one layer of tiles if that is more. */
const BAND_PIXELS = 4_194_304;

/**
 * Statistics of the physical values of a whole image; blank pixels (BLANK, NaN) are counted and
 * excluded. Null where there is no number to report.
 */
export interface ImageStatistics {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly sum: number | null;
  /** Of the first pixel of the file; null when it is blank. */
  readonly first: number | null;
  readonly blank: number;
  /** Type of the values, by its numpy name. */
  readonly dtype: string;
}

/**
 * Reads a whole image piece by piece, with memory independent of its size. Errors: those of
 * readSection.
 */
export async function imageStatistics(
  source: ByteSource,
  image: ImageDescription,
  options: { readonly signal?: AbortSignal; readonly bandPixels?: number } = {},
): Promise<ImageStatistics> {
  const { signal, bandPixels = BAND_PIXELS } = options;
  const sums = new Sums();
  for (const box of bandsOf(image, bandPixels)) {
    const plan = planSection(image, box);
    const stored = await readSection(source, plan, {
      inflate: nodeInflate,
      ...(signal !== undefined && { signal }),
    });
    sums.add(physicalValues(image, stored));
  }
  return sums.result();
}

/**
 * Boxes that cover an image once: whole leading axes as far as they fit, then a piece of one axis,
 * and one tile along each remaining axis.
 */
function* bandsOf({ naxis, storage }: ImageDescription, pixels: number): Generator<SectionBox> {
  const tile = storage.kind === "tiled" ? storage.tile : naxis.map(() => 1);
  let cut = 0;
  let piece = 1;
  while (cut < naxis.length - 1 && piece * naxis[cut]! <= pixels) piece *= naxis[cut++]!;
  const step = naxis.map((length, axis) => {
    if (axis < cut) return length;
    if (axis > cut) return tile[axis]!;
    return Math.max(1, Math.floor(pixels / piece / tile[axis]!)) * tile[axis]!;
  });
  const start = naxis.map(() => 0);
  for (;;) {
    yield {
      start: start.slice(),
      shape: step.map((side, axis) => Math.min(side, naxis[axis]! - start[axis]!)),
    };
    let axis = 0;
    for (; axis < naxis.length; axis++) {
      start[axis]! += step[axis]!;
      if (start[axis]! < naxis[axis]!) break;
      start[axis] = 0;
    }
    if (axis === naxis.length) return;
  }
}

class Sums {
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  /** Rounding error of the sum so far (Neumaier). */
  #lost = 0;
  #count = 0;
  #blank = 0;
  #first: number | undefined;
  #dtype = "";

  add(values: PhysicalArray): void {
    const dtype = dtypeOf(values);
    // Pieces without blank pixels are integers where others are floats: the image has the
    // floating-point type.
    if (this.#dtype === "" || dtype.startsWith("float")) this.#dtype = dtype;
    this.#first ??= Number(values[0]);
    for (let i = 0; i < values.length; i++) this.#addOne(Number(values[i]));
  }

  #addOne(value: number): void {
    if (Number.isNaN(value)) {
      this.#blank++;
      return;
    }
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const sum = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
  }

  result(): ImageStatistics {
    const none = this.#count === 0;
    const exact = this.#sum + this.#lost;
    const sum = Number.isNaN(exact) ? this.#sum : exact;
    return {
      min: none ? null : this.#min,
      max: none ? null : this.#max,
      mean: none ? null : sum / this.#count,
      sum: none ? null : sum,
      first: this.#first === undefined || Number.isNaN(this.#first) ? null : this.#first,
      blank: this.#blank,
      dtype: this.#dtype,
    };
  }
}

/** `BigInt64Array` is int64, `Uint16Array` uint16. */
function dtypeOf(values: PhysicalArray): string {
  return values.constructor.name.replace(/^Big|Array$/g, "").toLowerCase();
}
