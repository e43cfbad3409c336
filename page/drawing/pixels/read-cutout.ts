import {
  describeImage,
  type Header,
  headerNumber,
  headerText,
  imageHeader,
  memorySource,
  openFits,
  planSection,
  readSection,
  type StoredArray,
} from "@sbnsis/fits";
import { hasCelestialWcs, type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { type ImageStatistics, imageStatistics } from "./image-statistics.ts";
import type { PixelImage } from "./pixels.ts";

/** A cutout as plain data, which a worker can send. */
export interface Cutout {
  readonly image: PixelImage;
  /** Undefined if the header has no celestial coordinates. */
  readonly wcs: Wcs | undefined;
  readonly statistics: ImageStatistics;
  /** BUNIT, or an empty string. */
  readonly unit: string;
  /** Exposure in seconds, its middle as MJD (UTC), and the filter, if the header has them. */
  readonly exposure: number | undefined;
  readonly mid: number | undefined;
  readonly filter: string;
}

/** Maximum number of pixels of a cutout. */
const MAX_PIXELS = 64 * 2 ** 20;

/** Reads a FITS file in memory. Errors: FitsError, WcsError; a TypeError if it has no image. */
export async function readCutout(bytes: Uint8Array): Promise<Cutout> {
  const source = memorySource(bytes);
  const { hdus } = await openFits(source);
  for (const hdu of hdus) {
    const described = await describeImage(source, hdu);
    if (described === undefined) continue;
    const [width = 1, height = 1] = described.naxis;
    if (width * height > MAX_PIXELS) throw new TypeError(`the image has ${width} x ${height} pixels`);
    const box = {
      start: described.naxis.map(() => 0),
      shape: described.naxis.map((n, k) => (k < 2 ? n : 1)),
    };
    const stored = await readSection(source, planSection(described, box));
    const header = imageHeader(hdu);
    const { blank, bscale, bzero, storage } = described;
    const image: PixelImage = {
      ...{ width, height },
      stored: drawable(stored),
      zero: bzero,
      scale: bscale,
      blank: blank === undefined ? undefined : Number(blank),
      isExact: !(storage.kind === "tiled" && storage.quantization !== undefined),
    };
    return {
      image,
      wcs: hasCelestialWcs(header) ? wcsFromHeader(header) : undefined,
      statistics: imageStatistics(image),
      unit: headerText(header, "BUNIT")?.trim() ?? "",
      exposure: headerNumber(header, "EXPTIME"),
      mid: middleOf(header),
      filter: headerText(header, "FILTER")?.trim() ?? "",
    };
  }
  throw new TypeError("the FITS file has no image");
}

function drawable(stored: StoredArray): PixelImage["stored"] {
  if (stored instanceof BigInt64Array) return Float64Array.from(stored, Number);
  if (stored instanceof Uint8Array) return Int16Array.from(stored);
  return stored;
}

/**
 * Middle of the exposure: MJD-OBS or DATE-OBS is its start (FITS 4.0, 9.5), EXPTIME its length.
 * Used only for rows without a time from the service, and only in UTC: the service converts other
 * time scales.
 */
function middleOf(header: Header): number | undefined {
  const scale = headerText(header, "TIMESYS")?.trim() ?? "UTC";
  const length = headerNumber(header, "EXPTIME");
  if (!/^(?:UTC?|GMT)?$/i.test(scale) || length === undefined) return undefined;
  const date = headerText(header, "DATE-OBS")?.trim();
  const milliseconds =
    date === undefined ? Number.NaN : Date.parse(date.includes("T") ? `${date.replace(/Z$/, "")}Z` : "");
  const start = headerNumber(header, "MJD-OBS") ?? milliseconds / 86_400_000 + 40_587;
  return Number.isFinite(start) ? start + length / 2 / 86_400 : undefined;
}
