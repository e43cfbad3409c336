import { serviceUrl } from "../app/island.ts";
import { requestJson } from "../app/service.ts";

/** A list of images and places: a batch, a job of CATCH, or identifiers. */
export type SetSource =
  | { readonly kind: "batch"; readonly id: string }
  | { readonly kind: "catch"; readonly job: string }
  | { readonly kind: "ids"; readonly ids: readonly string[] };

/**
 * A row of a set as `POST /batch?dry=true` understands it: null for what is not known. Positions
 * are ICRS in degrees, position angles degrees east of north.
 */
export interface SetRow {
  /** Number of the row in the order given, from 1. */
  readonly n: number;
  readonly obs_id: string | null;
  readonly ra: number | null;
  readonly dec: number | null;
  /** Time of the position, Modified Julian Date (UTC). */
  readonly mjd: number | null;
  /** Motion, arcsec/h, along `pa`. */
  readonly rate: number | null;
  readonly pa: number | null;
  /** Semi-axes of the uncertainty ellipse, arcsec, for `unc_sigma` standard deviations. */
  readonly unc_a: number | null;
  readonly unc_b: number | null;
  readonly unc_pa: number | null;
  readonly unc_sigma: number | null;
  /** Directions to the Sun and of the heliocentric velocity. */
  readonly sun_pa: number | null;
  readonly vel_pa: number | null;
  readonly vmag: number | null;
  readonly weight: number | null;
  readonly use: boolean;
  readonly label: string | null;
  /** Code of docs/errors.md for a row that has no image; null if it has one. */
  readonly code: string | null;
  readonly detail: string | null;
  readonly warnings: readonly string[];
}

/** What a row of a manifest has in other columns than a row of a list. */
interface ManifestRow extends Omit<SetRow, "mjd"> {
  readonly ra_given: number | null;
  readonly dec_given: number | null;
  /** Middle of the exposure, MJD (UTC), and the time of the place minus it, seconds. */
  readonly mid_mjd: number | null;
  readonly dt_s: number | null;
}

/** The row of the list that a row of a manifest was made of. */
function rowOfManifest(row: ManifestRow): SetRow {
  const { ra, dec, ra_given, dec_given, mid_mjd, dt_s } = row;
  const place = ra_given === null || dec_given === null ? { ra, dec } : { ra: ra_given, dec: dec_given };
  return { ...row, ...place, mjd: mid_mjd === null ? null : mid_mjd + (dt_s ?? 0) / 86_400 };
}

/** A set as the service understands it. */
export interface ImageSet {
  readonly target: string | null;
  readonly rows: readonly SetRow[];
}

/** The set that an address names with `batch`, `catch` or `ids`; undefined if with none of them. */
export function setOf(parameter: (name: string) => string | undefined): SetSource | undefined {
  const batch = parameter("batch");
  if (batch !== undefined) return { kind: "batch", id: batch };
  const job = parameter("catch");
  if (job !== undefined) return { kind: "catch", job };
  const ids = parameter("ids");
  return ids === undefined ? undefined : { kind: "ids", ids: ids.split(",").filter((id) => id !== "") };
}

/** Reads a set. Errors: ServiceError. */
export async function loadSet(source: SetSource, signal: AbortSignal): Promise<ImageSet> {
  if (source.kind === "batch") {
    const url = `batch/${encodeURIComponent(source.id)}`;
    const [{ target }, { rows }] = await Promise.all([
      requestJson<Pick<ImageSet, "target">>(serviceUrl(url), { signal }),
      requestJson<{ readonly rows: readonly ManifestRow[] }>(serviceUrl(`${url}/manifest.json`), { signal }),
    ]);
    return { target, rows: rows.map(rowOfManifest) };
  }
  const list =
    source.kind === "catch" ? { catch: source.job } : { rows: source.ids.map((obs_id) => ({ obs_id })) };
  return requestJson<ImageSet>(serviceUrl("batch", { dry: true }), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(list),
    signal,
  });
}
