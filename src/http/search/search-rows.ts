import { distanceFromCentre } from "@sbnsis/wcs/internal";
import type { FoundImage, ImageSearch } from "../../catalog/catalog.ts";
import type { ProductFormat } from "../../products/product.ts";
import { accessUrl, cutoutLinks, type LinkOptions } from "./search-links.ts";
import { type CellValue, type SearchHead, type SearchRow, shownColumns } from "./search-response.ts";

const RECORD = shownColumns("image").map(({ property, response }) => ({ property, name: response.name }));
const DETAIL = shownColumns("image_detail").map(({ property, response }) => ({
  property,
  name: response.name,
}));

type Values = Readonly<Record<string, CellValue>>;

/** Rows of an extended search as values by name, in the order of its columns. */
export function searchRows(
  images: readonly FoundImage[],
  { place }: ImageSearch,
  format: ProductFormat,
  options: LinkOptions,
): readonly SearchRow[] {
  return images.map((image) => {
    const row: Record<string, CellValue> = {};
    const record: Values = image.record;
    const detail: Values | undefined = image.detail;
    for (const { name, property } of RECORD) row[name] = record[property]!;
    row.access_url = accessUrl(options.baseUrl, image.record.obsId, format);
    for (const { name, property } of DETAIL) row[name] = detail?.[property] ?? null;
    if (place === undefined) return row;
    const { cutout, preview } = cutoutLinks(image, place, options);
    const { corners = null } = image.detail ?? {};
    row.distance = corners === null ? null : distanceFromCentre(corners, [place.ra, place.dec]);
    row.cutout_url = cutout;
    row.preview_url = preview;
    return row;
  });
}

/** A response as JSON; `rows` is a JSON array. */
export function responseText(head: SearchHead, rows: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"results":${rows}}`;
}
