import type { Header } from "@sbnsis/fits";

/** Keywords of the magnitude of one unit of the values (ATLAS, Catalina, others). */
export const ZERO_POINTS = ["MAGZPT", "MAGZP", "MAGZERO", "ZEROPNT", "PHOTZP", "ZEROPT"] as const;

/** Keywords of the width of a point source. */
const WIDTHS = ["FWHM", "SEEING"] as const;

/** The zero point of a header, magnitudes, and its keyword. */
export function zeroPoint(header: Header): { readonly zp: number | null; readonly zp_from: string | null } {
  for (const keyword of ZERO_POINTS) {
    const value = header.index.get(keyword)?.value;
    if (typeof value === "number" && Number.isFinite(value)) {
      return { zp: value, zp_from: `header:${keyword}` };
    }
  }
  return { zp: null, zp_from: null };
}

/**
 * Full width at half maximum of a point source, arcseconds, and its keyword. Only a card whose
 * comment begins with its unit counts (FITS 4.0, 4.3.2), `[pix]` or `[arcsec]`: surveys differ.
 *
 * @param scale arcseconds per pixel
 */
export function fwhm(
  header: Header,
  scale: number | null,
): { readonly fwhm: number | null; readonly fwhm_from: string | null } {
  for (const keyword of WIDTHS) {
    const card = header.index.get(keyword);
    const unit = /^\s*\[\s*(pix|pixels?|arcsec)\s*\]/i.exec(card?.comment ?? "")?.[1]?.toLowerCase();
    if (card === undefined || unit === undefined) continue;
    const factor = unit === "arcsec" ? 1 : scale;
    if (factor === null || typeof card.value !== "number" || !(card.value > 0)) continue;
    return { fwhm: card.value * factor, fwhm_from: `header:${keyword}` };
  }
  return { fwhm: null, fwhm_from: null };
}
