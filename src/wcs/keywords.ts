import type { Card } from "../fits/card.ts";
import type { Header } from "../fits/header.ts";

/** A parameter PVi_m or a coefficient of the header: axis from 1, number, value. */
export interface Parameter {
  readonly axis: number;
  readonly m: number;
  readonly value: number;
}

/** The cards of one coordinate system of a header: keywords are asked for without the alternate's letter. */
export interface Keywords {
  readonly header: Header;
  readonly alternate: string;
}

/** A finite number, also of a card whose number was written as a string; undefined when absent. */
export function numberAt(keywords: Keywords, keyword: string): number | undefined {
  return plainNumber(keywords, keyword + keywords.alternate);
}

/** As numberAt, for keywords that have no alternates. */
export function plainNumber({ header }: Keywords, keyword: string): number | undefined {
  return numberOf(header.index.get(keyword));
}

/** A string without blanks around it; undefined when absent or blank. */
export function textAt({ header, alternate }: Keywords, keyword: string): string | undefined {
  return plainText(header, keyword + alternate);
}

/** As textAt, for keywords that have no alternates. */
export function plainText(header: Header, keyword: string): string | undefined {
  const value = header.index.get(keyword)?.value;
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** All PVi_m of the alternate, in header order; of a repeated one the last stands last. */
export function parameters({ header, alternate }: Keywords): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const [keyword, card] of header.index) {
    if (keyword.charCodeAt(0) !== 80 || keyword.charCodeAt(1) !== 86) continue;
    const match = /^PV([1-9]\d?)_(\d{1,3})([A-Z]?)$/.exec(keyword);
    if (match === null || match[3] !== alternate) continue;
    const value = numberOf(card);
    if (value !== undefined) found.push({ axis: Number(match[1]), m: Number(match[2]), value });
  }
  return found;
}

function numberOf(card: Card | undefined): number | undefined {
  const value = card?.value;
  const number =
    typeof value === "number"
      ? value
      : typeof value === "bigint"
        ? Number(value)
        : typeof value === "string" && value.trim() !== ""
          ? Number(value.trim().replace(/[dD]/, "e"))
          : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
