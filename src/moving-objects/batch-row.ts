import type { ErrorCode } from "../errors/catalogue.ts";
import type { BatchFormat } from "./batch-request.ts";
import type { ObjectFacts, RowWarning } from "./object-row.ts";

/**
 * Whether all formats of a row were made, only some of them, or none, or whether it was skipped.
 */
type RowStatus = "done" | "partial" | "failed" | "skipped";

/** A product of a row: how to get it again, and its bytes in numbers. */
export interface RowProduct {
  readonly format: BatchFormat;
  readonly bytes: number;
  /** Entity tag of GET /images, quoted. */
  readonly etag: string;
  /** CRC-32 of all bytes, as in ZIP. */
  readonly crc32: number;
  readonly filename: string;
  /** Query of GET /images/{obs_id} that returns the same bytes, without the question mark. */
  readonly query: string;
}

/**
 * One line of the manifest: what was requested, and what was made of it. Null means not known.
 * Plain data, stored as JSON.
 */
export interface BatchRow extends ObjectFacts {
  readonly n: number;
  readonly row: string | null;
  readonly status: RowStatus;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  /** The column at fault, for ROW_INVALID. */
  readonly column: string | null;
  readonly warnings: readonly RowWarning[];
  readonly obs_id: string | null;
  /** Collection of the frame. */
  readonly survey: string | null;
  readonly facility: string | null;
  readonly instrument: string | null;
  readonly filter: string | null;
  /** Seconds. */
  readonly exposure: number | null;
  /** As written in the label. */
  readonly start: string | null;
  readonly stop: string | null;
  /** Middle of the exposure, ISO 8601 and MJD, UTC; and what it comes from. */
  readonly mid: string | null;
  readonly mid_mjd: number | null;
  readonly mid_from: string | null;
  /** Time of the row minus the middle of the exposure, seconds. */
  readonly dt_s: number | null;
  /** Center of the cutout, and the position as given: ICRS, degrees. */
  readonly ra: number | null;
  readonly dec: number | null;
  readonly ra_given: number | null;
  readonly dec_given: number | null;
  /** The center in pixels, counted from 1: in the frame and in the cutout. */
  readonly x: number | null;
  readonly y: number | null;
  readonly cut_x: number | null;
  readonly cut_y: number | null;
  /** Size of the cutout, pixels, and the fraction of the requested area that is on the frame. */
  readonly cut_w: number | null;
  readonly cut_h: number | null;
  readonly inside: number | null;
  /** Pixels from the center to the nearest edge of the frame. */
  readonly edge_px: number | null;
  /** Length of the trail in the exposure. */
  readonly trail_arcsec: number | null;
  /**
   * At the center: arcseconds per pixel, position angle of the y axis, and 1 as on the sky or -1.
   */
  readonly scale_arcsec: number | null;
  readonly north_pa: number | null;
  readonly parity: number | null;
  /** Median and 1.4826 MAD of the cutout; zero point of the header, and its keyword. */
  readonly sky: number | null;
  readonly sigma: number | null;
  readonly zp: number | null;
  readonly zp_from: string | null;
  /** Full width at half maximum of a point source, arcseconds, and what it comes from. */
  readonly fwhm: number | null;
  readonly fwhm_from: string | null;
  readonly valid_fraction: number | null;
  readonly use: boolean;
  readonly weight: number | null;
  readonly label: string | null;
  readonly interp_err: number | null;
  /** Milliseconds since 1970 at which it was made, and how long that took. */
  readonly made: number | null;
  readonly ms: number | null;
  readonly products: readonly RowProduct[];
}

/** Characters that every file system allows in names. */
const UNSAFE = /[^A-Za-z0-9._+-]+/g;

/** Longest part of an identifier in a file name. */
const LONGEST_TAIL = 80;

/**
 * Name of a file with a product of a row: its number, the last part of the identifier, and the
 * middle of the exposure, as in `0007_02a58678o0644o_2019-07-14T04-15-29.fits`.
 */
export function rowFileName(row: Pick<BatchRow, "n" | "obs_id" | "mid">, format: BatchFormat): string {
  const tail = (row.obs_id ?? "").split(":").at(-1) ?? "";
  const stem = tail
    .replace(/\.fits?$/, "")
    .replace(UNSAFE, "_")
    .slice(0, LONGEST_TAIL);
  const mid = row.mid?.slice(0, 19).replaceAll(":", "-");
  const parts = [String(row.n).padStart(4, "0"), stem, mid].filter(
    (part) => part !== undefined && part !== "",
  );
  return `${parts.join("_")}.${format}`;
}
