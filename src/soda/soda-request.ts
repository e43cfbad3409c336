import { type Interval, overlap, type SodaCutout, type SodaFormat } from "@sbnsis/vo";
import type { Observation } from "../catalog/observations/observation.ts";
import type { ProductRequest } from "../products/product.ts";

/** How a cutout is made. */
export interface SodaOptions {
  readonly format: SodaFormat;
  /** Longest side of a cutout in pixels. */
  readonly maximumPixels: number;
}

/**
 * The product that a cutout asks for (SODA 1.0, 3.3): the pixels of a region, or without one the
 * whole file. Undefined where BAND or TIME have nothing in common with the image; an unknown bound
 * has nothing in common with anything.
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
