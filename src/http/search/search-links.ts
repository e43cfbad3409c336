import { SkyCircle } from "@sbnsis/wcs/internal";
import type { FoundImage, ImageSearch } from "../../catalog/catalog.ts";
import type { ProductFormat } from "../../products/product.ts";

/** Side of the cutouts around a position without a radius, degrees. */
const DEFAULT_SIDE = 5 / 60;

/** What links are made from. */
export interface LinkOptions {
  /** Beginning of all links. */
  readonly baseUrl: string;
  /** MAXIMUM_CUTOUT_SIZE, pixels. */
  readonly maximumPixels: number;
}

/** Address of the product of an image. */
export function accessUrl(baseUrl: string, id: string, format: ProductFormat): string {
  return `${baseUrl}/images/${encodeURIComponent(id)}?format=${format}`;
}

/**
 * Side of a cutout that covers the search circle, degrees; undefined when that cutout need not
 * overlap the image.
 */
function cutoutSide(
  { record, detail }: FoundImage,
  place: NonNullable<ImageSearch["place"]>,
  maximumPixels: number,
): number | undefined {
  const wanted = place.radius > 0 ? 2 * place.radius : DEFAULT_SIDE;
  // one pixel less: the image's own scale can differ slightly from the label's
  const largest =
    record.pixelScale === null ? Number.POSITIVE_INFINITY : record.pixelScale * (maximumPixels - 1) * 0.98;
  if (wanted <= largest) return wanted;
  const corners = detail?.corners ?? null;
  return corners !== null && new SkyCircle([place.ra, place.dec], 0).meets(corners) ? largest : undefined;
}

/**
 * Links to the cutout of a found image around the search position, as FITS and as a picture with
 * north up; null where there is none.
 */
export function cutoutLinks(
  image: FoundImage,
  place: NonNullable<ImageSearch["place"]>,
  { baseUrl, maximumPixels }: LinkOptions,
): { readonly cutout: string | null; readonly preview: string | null } {
  const side = cutoutSide(image, place, maximumPixels);
  if (side === undefined) return { cutout: null, preview: null };
  const size = `${Number((side * 60).toFixed(4))}arcmin`;
  const where = `&ra=${decimal(place.ra)}&dec=${decimal(place.dec)}&size=${size}`;
  const url = (format: ProductFormat) => `${accessUrl(baseUrl, image.record.obsId, format)}${where}`;
  return { cutout: url("fits"), preview: `${url("jpeg")}&align=true` };
}

/** Degrees to a billionth, finer than any image resolves, without an exponent. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, "");
}
