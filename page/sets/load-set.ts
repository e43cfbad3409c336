import { type SkyPoint, separation, skyPoint, unitVector } from "@sbnsis/wcs/internal";
import { type FoundPage, island, serviceUrl } from "../app/island.ts";
import { requestJson, ServiceError } from "../app/service.ts";
import { ENDED_PHASES, followBatch, type Progress } from "./follow-batch.ts";
import { headersOf, JSON_LIST } from "./pasted-list.ts";
import { listOfRows } from "./rows-text.ts";

/**
 * The source of a set of images and positions: a batch, a CATCH job, identifiers, or the list
 * itself in the part of the address that is not sent to the service.
 */
export type SetSource =
  | { readonly kind: "batch"; readonly id: string }
  | { readonly kind: "catch"; readonly job: string }
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "rows"; readonly text: string };

/**
 * A row of a set as `POST /batch?dry=true` understands it: null for unknown values. Positions are
 * ICRS in degrees, position angles degrees east of north.
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
  /** Semi-axes of the uncertainty ellipse at `unc_sigma` standard deviations, arcsec. */
  readonly unc_a: number | null;
  readonly unc_b: number | null;
  readonly unc_pa: number | null;
  readonly unc_sigma: number | null;
  /** Directions to the Sun, and of the heliocentric velocity. */
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
  /** Middle of the exposure, MJD (UTC), and its length, seconds, if the service knows them. */
  readonly mid_mjd?: number | null;
  readonly exposure?: number | null;
}

/** A row of a manifest, where some columns differ from those of a row of a list. */
interface ManifestRow extends Omit<SetRow, "mjd"> {
  readonly ra_given: number | null;
  readonly dec_given: number | null;
  readonly mid_mjd: number | null;
  /** The time of the position minus the middle of the exposure, seconds. */
  readonly dt_s: number | null;
}

/** The row of the list from which a row of a manifest was made. */
function rowOfManifest(row: ManifestRow): SetRow {
  const { ra, dec, ra_given, dec_given, mid_mjd, dt_s } = row;
  const place = ra_given === null || dec_given === null ? { ra, dec } : { ra: ra_given, dec: dec_given };
  return { ...row, ...place, mjd: mid_mjd === null ? null : mid_mjd + (dt_s ?? 0) / 86_400 };
}

/** A set as understood by the service. */
export interface ImageSet {
  readonly target: string | null;
  readonly rows: readonly SetRow[];
  /**
   * Follows a batch that is still being made; returns a function that stops following. Undefined
   * for other sets.
   */
  readonly follow?: (receive: (change: SetChange) => void) => () => void;
}

/** A row of a set with its position. */
export interface PlacedRow extends SetRow {
  readonly obs_id: string;
  readonly ra: number;
  readonly dec: number;
}

/** Whether a row has an image and a position. */
export function isUsable(row: SetRow): row is PlacedRow {
  return row.obs_id !== null && row.ra !== null && row.dec !== null && row.code === null;
}

/** Changes to a set since it was read. */
export interface SetChange {
  /** New rows, and rows that were made again; see their numbers. */
  readonly rows: readonly SetRow[];
  /** Number of rows still being made; 0 at the end. */
  readonly left: number;
}

/**
 * The set named in an address by `batch`, `catch`, `ids` or `#rows=`; undefined if there is none.
 */
export function setOf(parameter: (name: string) => string | undefined, hash: string): SetSource | undefined {
  const batch = parameter("batch");
  if (batch !== undefined) return { kind: "batch", id: batch };
  const job = parameter("catch");
  if (job !== undefined) return { kind: "catch", job };
  const ids = parameter("ids");
  if (ids !== undefined) return { kind: "ids", ids: ids.split(",").filter((id) => id !== "") };
  return hash.startsWith("#rows=") ? { kind: "rows", text: hash.slice("#rows=".length) } : undefined;
}

/** Reads a set. Errors: ServiceError. */
export async function loadSet(source: SetSource, signal: AbortSignal): Promise<ImageSet> {
  if (source.kind === "batch") {
    const url = `batch/${encodeURIComponent(source.id)}`;
    const [{ target, phase }, { rows }] = await Promise.all([
      requestJson<{ readonly target: string | null; readonly phase: string }>(serviceUrl(url), { signal }),
      requestJson<{ readonly rows: readonly ManifestRow[] }>(serviceUrl(`${url}/manifest.json`), { signal }),
    ]);
    const set = { target, rows: rows.map(rowOfManifest) };
    return ENDED_PHASES.includes(phase)
      ? set
      : { ...set, follow: (receive) => followRows(source.id, receive) };
  }
  if (source.kind === "rows") {
    const list = await listOfRows(source.text);
    // one identifier per line, as written by Find
    const ids = list.split("\n");
    if (!ids.every((id) => /^urn:[^\s,]+$/.test(id))) return await readDry(list, headersOf(list), signal);
    return await readDry(JSON.stringify(await placedIds(ids, signal)), JSON_LIST, signal);
  }
  const list =
    source.kind === "catch" ? await caughtList(source.job, signal) : await placedIds(source.ids, signal);
  return await readDry(JSON.stringify(list), JSON_LIST, signal);
}

/** Receives the rows of a batch in groups, as they are made. */
function followRows(id: string, receive: (change: SetChange) => void): () => void {
  let rows: SetRow[] = [];
  const send = ({ total, done, failed }: Progress, hasEnded: boolean) => {
    receive({ rows, left: hasEnded ? 0 : total - done - failed });
    rows = [];
  };
  return followBatch<ManifestRow>(id, {
    row: (row) => rows.push(rowOfManifest(row)),
    progress: (progress) => send(progress, false),
    end: (progress) => send(progress, true),
  });
}

/** Lets the service read a list without making anything. Errors: ServiceError. */
function readDry(
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ImageSet> {
  return requestJson<ImageSet>(serviceUrl("batch", { dry: true }), { method: "POST", headers, body, signal });
}

/** The results of a CATCH job. Errors: ServiceError, also if no CATCH is configured. */
function caughtList(job: string, signal: AbortSignal): Promise<unknown> {
  if (island.catchUrl === "") {
    const message =
      "This service cannot open CATCH jobs by id: paste the JSON of the job's results into Cut.";
    throw new ServiceError(0, "NO_CATCH", message);
  }
  return requestJson(`${island.catchUrl}/caught/${encodeURIComponent(job)}`, { signal });
}

/**
 * If an image is farther than this from the middle of a set, degrees, each is shown around its own
 * middle.
 */
const TOGETHER = 1;

/**
 * Rows for images: at the middle of all of them or, if they are far apart, at the middle of each.
 * Errors: ServiceError.
 */
async function placedIds(ids: readonly string[], signal: AbortSignal): Promise<unknown> {
  const middles = await Promise.all(ids.map((id) => middleOf(id, signal)));
  const all = middleOfPlaces(middles.filter((middle) => middle !== undefined));
  const rows = ids.map((obs_id, i) => {
    const own = middles[i];
    const isNear = own !== undefined && all !== undefined && separation(own, all) < TOGETHER;
    const [ra, dec] = (isNear ? all : own) ?? [null, null];
    return { obs_id, ra, dec };
  });
  return { rows };
}

/** The middle of an image from its corners; undefined if unknown. Errors: ServiceError. */
async function middleOf(id: string, signal: AbortSignal): Promise<SkyPoint | undefined> {
  const { results } = await requestJson<FoundPage>(serviceUrl("query", { obs_id: id }), { signal });
  const corners = results[0]?.corners;
  return corners ? middleOfPlaces(corners) : undefined;
}

/** The direction of the sum of unit vectors. */
function middleOfPlaces(places: readonly SkyPoint[]): SkyPoint | undefined {
  const sum = places
    .map(unitVector)
    .reduce(([x, y, z], [a, b, c]) => [x + a, y + b, z + c], [0, 0, 0] as readonly [number, number, number]);
  return Math.hypot(...sum) === 0 ? undefined : skyPoint(sum);
}
