import type { FoundImage, ImageRecord, ImageSearch } from "../../catalog/catalog.ts";
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
    row.cutout_url = cutout;
    row.preview_url = preview;
    return row;
  });
}

/** What JSON has to escape in a text (RFC 8259, 7), and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be escaped
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

function jsonText(value: CellValue): string {
  if (typeof value === "string" && !SPECIAL.test(value)) return `"${value}"`;
  return JSON.stringify(value);
}

/**
 * Rows of the existing service as JSON texts. Consecutive rows mostly have the same collection,
 * facility and so on: the text of a value is reused while the value stays the same.
 */
export function recordTexts(
  records: readonly ImageRecord[],
  format: ProductFormat,
  { baseUrl }: Pick<LinkOptions, "baseUrl">,
): readonly string[] {
  const members = RECORD.map(({ name, property }, i) => ({
    property,
    key: `${i === 0 ? "{" : ","}${JSON.stringify(name)}:`,
    value: undefined as CellValue | undefined,
    text: "",
  }));
  return records.map((record: Values) => {
    let row = "";
    for (const member of members) {
      const value = record[member.property]!;
      if (value !== member.value) {
        member.value = value;
        member.text = member.key + jsonText(value);
      }
      row += member.text;
    }
    return `${row},"access_url":${jsonText(accessUrl(baseUrl, record.obsId as string, format))}}`;
  });
}

/** A response as JSON; `rows` are JSON texts. */
export function responseText(head: SearchHead, rows: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"results":[${rows.join(",")}]}`;
}
