import type { Interval, SodaCutout, SodaFormat } from "@sbnsis/vo";
import type { Json } from "../jobs/job.ts";
import type { ProductRequest } from "../products/product.ts";

/** Kind of the jobs of SODA. */
export const SODA_KIND = "soda";

/** What a job of SODA stores as its request. */
export interface SodaJob {
  /** Parameters as given, in order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Known when the job was run. */
  readonly format?: SodaFormat;
}

/** One combination; JSON has no infinite numbers, which are null. */
export interface SodaItem extends Omit<SodaCutout, "band" | "time"> {
  readonly band?: readonly [number | null, number | null];
  readonly time?: readonly [number | null, number | null];
}

/** A result of a job: what to make, so that it can be made again, or a sentence. */
export type SodaResult =
  | { readonly kind: "product"; readonly mediaType: string; readonly request: ProductRequest }
  | { readonly kind: "text"; readonly text: string };

/** Plain data as the jobs store it. */
export function asJson(value: object): Json {
  return value as unknown as Json;
}

/** A combination as it is stored. */
export function sodaItem({ band, time, ...rest }: SodaCutout): SodaItem {
  return { ...rest, ...(band && { band: stored(band) }), ...(time && { time: stored(time) }) };
}

/** A combination that was stored. */
export function sodaCutout({ band, time, ...rest }: SodaItem): SodaCutout {
  return { ...rest, ...(band && { band: restored(band) }), ...(time && { time: restored(time) }) };
}

function stored([low, high]: Interval): readonly [number | null, number | null] {
  return [Number.isFinite(low) ? low : null, Number.isFinite(high) ? high : null];
}

function restored([low, high]: readonly [number | null, number | null]): Interval {
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}
