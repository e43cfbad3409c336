import { mjdOfTime } from "@sbnsis/pds4";
import { SkyCircle } from "@sbnsis/wcs/internal";
import type { Catalog, FoundImage, ImageRecord } from "../catalog/catalog.ts";
import type { BatchOptions } from "./batch-request.ts";
import { type EphemerisNode, positionAt, spansOf } from "./ephemeris/interpolate.ts";
import { tooManyRows } from "./list-error.ts";
import { failedRow, type ObjectRow } from "./object-row.ts";
import { midOfLabel } from "./time/mid-time.ts";

/** A row with its frame; the record is missing if the row has an error. */
export interface FramedRow {
  readonly row: ObjectRow;
  readonly record: ImageRecord | undefined;
}

/** How far the time of a position may be from an exposure that shows it, days: 2 seconds. */
const TIME_TOLERANCE = 2 / 86_400;

/** Interpolated positions with a larger error get a warning, arcseconds. */
const SPARSE_ARCSEC = 1;

/** Rows that a page of a search returns. */
const PAGE = 500;

/** Queries of one list that run at the same time. */
const CONCURRENT = 8;

/** Applies `work` to all values, a few at a time, until it fails; results in order. */
async function mapped<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Array<R>(values.length);
  let next = 0;
  const take = async () => {
    while (next < values.length) {
      const at = next++;
      results[at] = await work(values[at]!).catch((error: unknown) => {
        // the others start nothing new
        next = values.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT, values.length) }, take));
  return results;
}

interface Window {
  readonly ra: number;
  readonly dec: number;
  readonly radius: number;
  readonly start: number;
  readonly stop: number;
}

/** All images of a search, which stops after `limit` of them. */
async function imagesIn(catalog: Catalog, window: Window, limit: number): Promise<readonly FoundImage[]> {
  const { ra, dec, radius, start, stop } = window;
  const found: FoundImage[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await catalog.searchImages({
      place: { ra, dec, radius },
      time: { start, stop },
      order: "time",
      maxrec: PAGE,
      offset,
    });
    found.push(...page.images);
    if (found.length > limit) throw tooManyRows(limit);
    if (page.next === undefined || page.images.length === 0) return found;
  }
}

function noFrame(row: ObjectRow, where: string): ObjectRow {
  return failedRow(row, "NO_FRAME", `No frame of the catalog ${where}.`, null);
}

/** The frames that were exposed at the time of a row and show its position, one row for each. */
async function framesAtTime(catalog: Catalog, row: ObjectRow, limit: number): Promise<readonly FramedRow[]> {
  const { ra, dec, mjd } = row;
  if (row.code !== null || ra === null || dec === null || mjd === null) return [{ row, record: undefined }];
  const window = { ra, dec, radius: 0, start: mjd - TIME_TOLERANCE, stop: mjd + TIME_TOLERANCE };
  const images = await imagesIn(catalog, window, limit);
  if (images.length === 0) {
    return [
      { row: noFrame(row, "was exposed at the time of the row and shows its position"), record: undefined },
    ];
  }
  return images.map(({ record }) => ({ row: { ...row, obs_id: record.obsId }, record }));
}

/** A row with the time of its exposure, null where the label does not state it. */
export interface TimedRow extends ObjectRow {
  /** Middle of the exposure, Modified Julian Date, UTC. */
  readonly mid_mjd: number | null;
  /** Seconds. */
  readonly exposure: number | null;
}

/** Rows with the times that the labels of their frames state. */
export function timedRows(
  catalog: Pick<Catalog, "findDetail">,
  rows: readonly ObjectRow[],
): Promise<readonly TimedRow[]> {
  return mapped(rows, async (row) => {
    const detail =
      row.obs_id === null || row.code !== null ? undefined : await catalog.findDetail(row.obs_id);
    const mid = midOfLabel(detail);
    return { ...row, mid_mjd: mid?.mjd ?? null, exposure: mid?.exposure ?? detail?.exposure ?? null };
  });
}

/** The difference image that belongs to a frame (ATLAS: `.diff` beside `.fits`). */
function differenceOf(lid: string): string | undefined {
  const other = lid.replace(/([._])fits$/, "$1diff");
  return other === lid ? undefined : other;
}

/** The images that rows without an error name, as far as the catalog has them. */
async function namedImages(
  catalog: Catalog,
  rows: readonly ObjectRow[],
): Promise<ReadonlyMap<string, ImageRecord>> {
  const names = rows.flatMap(({ code, obs_id }) => (code === null && obs_id !== null ? [obs_id] : []));
  return names.length === 0 ? new Map() : await catalog.findImages([...new Set(names)]);
}

/** The row with its image, or with an error. */
function namedFrame(images: ReadonlyMap<string, ImageRecord>, row: ObjectRow): FramedRow {
  if (row.code !== null || row.obs_id === null) return { row, record: undefined };
  const record = images.get(row.obs_id);
  if (record !== undefined) return { row, record };
  const detail = "Image ID not found in database.";
  return { row: failedRow(row, "IMAGE_NOT_FOUND", detail, "obs_id"), record: undefined };
}

/** The same rows with the difference images of their frames. */
async function differences(catalog: Catalog, framed: readonly FramedRow[]): Promise<readonly FramedRow[]> {
  const others = framed.map(({ row }) => {
    if (row.code !== null || row.obs_id === null) return row;
    const other = differenceOf(row.obs_id);
    if (other !== undefined) return { ...row, obs_id: other };
    const detail = "This frame has no difference image: its identifier does not end in fits.";
    return failedRow(row, "IMAGE_NOT_FOUND", detail, "obs_id");
  });
  const images = await namedImages(catalog, others);
  return others.map((row) => namedFrame(images, row));
}

/** The nodes of an ephemeris in order of time; of nodes at the same time the first. */
function nodesOf(rows: readonly ObjectRow[]): readonly (EphemerisNode & { readonly row: ObjectRow })[] {
  const nodes = rows.flatMap((row) => {
    const { ra, dec, mjd, code } = row;
    return code === null && ra !== null && dec !== null && mjd !== null ? [{ ra, dec, mjd, row }] : [];
  });
  nodes.sort((a, b) => a.mjd - b.mjd);
  return nodes.filter((node, i) => i === 0 || node.mjd > nodes[i - 1]!.mjd);
}

/** The middle of an exposure by the times of its label, one of which may be missing. */
function middleOf({ detail }: FoundImage): number | undefined {
  const start = mjdOfTime(detail?.startTime ?? detail?.stopTime ?? "");
  const stop = mjdOfTime(detail?.stopTime ?? detail?.startTime ?? "");
  return start === undefined || stop === undefined ? undefined : (start + stop) / 2;
}

/**
 * Frames along an ephemeris: every one whose exposure meets its span of time and whose footprint
 * contains the position at the middle of the exposure. The other values of a row are those of the
 * node nearest in time. Nodes that are invalid stay as rows.
 */
async function framesAlong(
  catalog: Catalog,
  rows: readonly ObjectRow[],
  limit: number,
): Promise<readonly FramedRow[]> {
  const nodes = nodesOf(rows);
  const invalid = rows.filter(({ code }) => code !== null).map((row) => ({ row, record: undefined }));
  if (nodes.length === 0) return invalid;
  const candidates = new Map<string, FoundImage>();
  for (const span of spansOf(nodes)) {
    const [ra, dec] = span.centre;
    const { radius, start, stop } = span;
    for (const image of await imagesIn(catalog, { ra, dec, radius, start, stop }, 20 * limit)) {
      candidates.set(image.record.obsId, image);
    }
  }
  const found: FramedRow[] = [];
  for (const image of candidates.values()) {
    const mjd = middleOf(image);
    const corners = image.detail?.corners ?? null;
    if (mjd === undefined || corners === null) continue;
    const { ra, dec, error } = positionAt(nodes, mjd);
    if (!new SkyCircle([ra, dec], 0).meets(corners)) continue;
    const nearest = nodes.reduce((a, b) => (Math.abs(b.mjd - mjd) < Math.abs(a.mjd - mjd) ? b : a)).row;
    const isSparse = error === undefined || error > SPARSE_ARCSEC;
    const row: ObjectRow = {
      ...nearest,
      obs_id: image.record.obsId,
      ra,
      dec,
      mjd,
      interp_err: error ?? null,
      warnings: isSparse ? [...nearest.warnings, "EPHEMERIS_SPARSE"] : nearest.warnings,
    };
    found.push({ row, record: image.record });
  }
  found.sort((a, b) => a.row.mjd! - b.row.mjd!);
  if (found.length === 0) {
    const row = noFrame(nodes[0]!.row, "shows the object along the ephemeris");
    return [...invalid, { row, record: undefined }];
  }
  return [...invalid, ...found];
}

/** The frames of rows, in order: those that are named, and those found for the others. */
async function framesOf(
  rows: readonly ObjectRow[],
  images: ReadonlyMap<string, ImageRecord>,
  find: (row: ObjectRow) => Promise<readonly FramedRow[]>,
): Promise<readonly (readonly FramedRow[])[]> {
  const unnamed = rows.filter(({ obs_id }) => obs_id === null);
  const found = (await mapped(unnamed, find))[Symbol.iterator]();
  return rows.map((row) =>
    row.obs_id === null ? (found.next().value as readonly FramedRow[]) : [namedFrame(images, row)],
  );
}

/** The difference images of frames, or both; a row with an error appears once. */
function chosenOf(
  framed: readonly FramedRow[],
  others: readonly FramedRow[],
  wanted: "difference" | "both",
): readonly FramedRow[] {
  return framed.flatMap((one, i) =>
    wanted === "both" && one.row.code === null ? [one, others[i]!] : [others[i]!],
  );
}

/**
 * Finds the frame of every row that names none, and checks that the others are in the catalog. Rows
 * are renumbered, because a position can be on several frames; there are never fewer than were
 * given, except that the nodes of an ephemeris become the frames along it.
 * Errors: LIST_TOO_LARGE, CATALOG_UNAVAILABLE, CATALOG_SCHEMA.
 */
export async function findFrames(
  catalog: Catalog,
  rows: readonly ObjectRow[],
  { find, images: wanted }: Pick<BatchOptions, "find" | "images">,
  limit: number,
): Promise<readonly FramedRow[]> {
  const isUnnamed = ({ obs_id }: ObjectRow) => obs_id === null;
  if (find === "time" && rows.length > limit) throw tooManyRows(limit);
  const images = await namedImages(catalog, rows);
  const groups =
    find === "ephemeris" && rows.some(isUnnamed)
      ? [
          rows.filter((row) => !isUnnamed(row)).map((row) => namedFrame(images, row)),
          await framesAlong(catalog, rows.filter(isUnnamed), limit),
        ]
      : await framesOf(rows, images, (row) => framesAtTime(catalog, row, limit));
  const framed = groups.flat();
  const chosen = wanted === "science" ? framed : chosenOf(framed, await differences(catalog, framed), wanted);
  if (chosen.length > limit) throw tooManyRows(limit);
  return chosen.map((one, i) =>
    one.row.n === i + 1 ? one : { row: { ...one.row, n: i + 1 }, record: one.record },
  );
}
