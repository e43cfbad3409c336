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
    const url = serviceUrl(`batch/${encodeURIComponent(source.id)}/manifest.json`);
    return requestJson<ImageSet>(url, { signal });
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
