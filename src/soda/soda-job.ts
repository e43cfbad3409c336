import { type Interval, overlap, type SodaCutout, type SodaFormat } from "@sbnsis/vo";
import type { Observation } from "../catalog/observations/observation.ts";
import type { ProductRequest } from "../products/product.ts";

/** The kind of SODA jobs. */
export const SODA_KIND = "soda";

/** The request that a SODA job stores. */
export interface SodaJob {
  /** Parameters as given, in order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Set when the job is started; defaults to FITS. */
  readonly format?: SodaFormat;
}

/** One combination of parameters. Infinite bounds are null, because JSON has no infinity. */
export interface SodaItem extends Omit<SodaCutout, "band" | "time"> {
  readonly band?: readonly [number | null, number | null];
  readonly time?: readonly [number | null, number | null];
}

/** A result of a job: what to make, so that it can be made again, or a sentence. */
export type SodaResult =
  | { readonly kind: "product"; readonly mediaType: string; readonly request: ProductRequest }
  | { readonly kind: "text"; readonly text: string };

/** A combination in its stored form. */
export function sodaItem({ band, time, ...rest }: SodaCutout): SodaItem {
  return { ...rest, ...(band && { band: stored(band) }), ...(time && { time: stored(time) }) };
}

/** A combination from its stored form. */
export function sodaCutout({ band, time, ...rest }: SodaItem): SodaCutout {
  return { ...rest, ...(band && { band: restored(band) }), ...(time && { time: restored(time) }) };
}

function stored([low, high]: Interval): readonly [number | null, number | null] {
  return [Number.isFinite(low) ? low : null, Number.isFinite(high) ? high : null];
}

function restored([low, high]: readonly [number | null, number | null]): Interval {
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}

/** How a cutout is made. */
export interface SodaOptions {
  readonly format: SodaFormat;
  /** Longest side of a cutout in pixels. */
  readonly maximumPixels: number;
}

/**
 * The product that a cutout requests (SODA 1.0, 3.3): the pixels of a region, or the whole file if
 * there is none. Undefined if BAND or TIME does not overlap the image; nothing overlaps an unknown
 * bound.
 */
export function sodaRequest(
  { lid, em_min, em_max, t_min, t_max }: Observation,
  { region, band, time }: SodaCutout,
  { format, maximumPixels }: SodaOptions,
): ProductRequest | undefined {
  if (!meets(band, em_min, em_max) || !meets(time, t_min, t_max)) return undefined;
  return {
    id: lid,
    format,
    align: false,
    ...(region !== undefined && {
      region: { shape: region.shape, text: region.text, maximumPixels },
    }),
  };
}

function meets(wanted: Interval | undefined, low: number | null, high: number | null): boolean {
  if (wanted === undefined) return true;
  return low !== null && high !== null && overlap(wanted, [low, high]);
}
