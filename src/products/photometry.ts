import type { Header } from "@sbnsis/fits";

/** Keywords of the magnitude of one unit of the values (ATLAS, Catalina, others). */
export const ZERO_POINTS = ["MAGZPT", "MAGZP", "MAGZERO", "ZEROPNT", "PHOTZP", "ZEROPT"] as const;

/** Keywords of the width of a point source. */
const WIDTHS = ["FWHM", "SEEING"] as const;

/** What a header states about the brightness and the sharpness of an image. Plain data. */
export interface Photometry {
  /** Magnitude of one unit of the values, and its keyword. */
  readonly zeroPoint: { readonly value: number; readonly keyword: string } | undefined;
  /** Full width at half maximum of a point source, in pixels or arcseconds, and its keyword. */
  readonly width:
    | { readonly value: number; readonly unit: "pixel" | "arcsec"; readonly keyword: string }
    | undefined;
}

/**
 * Reads zero point and width. Of widths only a card whose comment begins with its unit counts (FITS
 * 4.0, 4.3.2), `[pix]` or `[arcsec]`: surveys differ.
 */
export function photometryOf(header: Header): Photometry {
  return { zeroPoint: zeroPointOf(header), width: widthOf(header) };
}

function zeroPointOf(header: Header): Photometry["zeroPoint"] {
  for (const keyword of ZERO_POINTS) {
    const value = header.index.get(keyword)?.value;
    if (typeof value === "number") return { value, keyword };
  }
  return undefined;
}

function widthOf(header: Header): Photometry["width"] {
  for (const keyword of WIDTHS) {
    const card = header.index.get(keyword);
    const unit = /^\s*\[\s*(pix|pixels?|arcsec)\s*\]/i.exec(card?.comment ?? "")?.[1]?.toLowerCase();
    const value = card?.value;
    if (unit === undefined || typeof value !== "number" || !(value > 0)) continue;
    return { value, unit: unit === "arcsec" ? "arcsec" : "pixel", keyword };
  }
  return undefined;
}
