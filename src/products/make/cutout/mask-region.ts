import { type Card, type PhysicalArray, type StoredArray, valueCard } from "@sbnsis/fits";
import { clearOutside, type PixelBox } from "@sbnsis/imaging";
import type { Wcs } from "@sbnsis/wcs";
import { type SkyShape, skyRegion } from "@sbnsis/wcs/internal";
import { SisError } from "../../../errors/sis-error.ts";

/** The region outside which the pixels of a product have no value. Plain data. */
export interface RegionMask {
  readonly shape: SkyShape;
  /** Of the whole image. */
  readonly wcs: Wcs;
}

/**
 * Sets pixels outside a region to no value: NaN, or the BLANK of integers.
 *
 * @param blank the stored integer that means no value, if the image has one
 * @returns cards that the header then needs: BLANK, if the image has none
 * Errors: FITS_UNSUPPORTED if all integers of the type are values of pixels.
 */
export function maskPixels(
  pixels: StoredArray,
  { wcs, shape }: RegionMask,
  box: PixelBox,
  blank: number | bigint | undefined,
): readonly Card[] {
  const region = skyRegion(shape);
  if (pixels instanceof Float32Array || pixels instanceof Float64Array) {
    clearOutside(wcs, box, region, (from, to) => pixels.fill(Number.NaN, from, to));
    return [];
  }
  const none = blank ?? unusedValue(pixels);
  clearOutside(wcs, box, region, (from, to) => fillIntegers(pixels, none, from, to));
  return blank === undefined ? [valueCard("BLANK", none, "stored value of undefined pixels")] : [];
}

/**
 * Physical values with NaN outside a region; integers become 64-bit floats.
 */
export function maskedValues(
  values: PhysicalArray,
  { wcs, shape }: RegionMask,
  box: PixelBox,
): Float32Array | Float64Array {
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  const floats = isFloat ? values : Float64Array.from(values as ArrayLike<number | bigint>, Number);
  clearOutside(wcs, box, skyRegion(shape), (from, to) => floats.fill(Number.NaN, from, to));
  return floats;
}

type Integers = Exclude<StoredArray, Float32Array | Float64Array>;

function fillIntegers(pixels: Integers, value: number | bigint, from: number, to: number): void {
  if (pixels instanceof BigInt64Array) pixels.fill(BigInt(value), from, to);
  else pixels.fill(Number(value), from, to);
}

/** The smallest integer of the type that no pixel has. */
function unusedValue(pixels: Integers): number | bigint {
  const isUnsigned = pixels instanceof Uint8Array;
  const bits = 8 * pixels.BYTES_PER_ELEMENT;
  const least = isUnsigned ? 0n : -(2n ** BigInt(bits - 1));
  const used = new Set<number | bigint>(pixels);
  const isBig = pixels instanceof BigInt64Array;
  const values = 2n ** BigInt(bits);
  for (let step = 0n; step < values && step <= BigInt(used.size); step += 1n) {
    const value = isBig ? least + step : Number(least + step);
    if (!used.has(value)) return value;
  }
  throw new SisError(
    "FITS_UNSUPPORTED",
    `pixels outside the region cannot be masked: all ${values} integers of this image are in use, and its header has no BLANK`,
  );
}
