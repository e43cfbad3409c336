import type { ImageDetail, ImageRecord } from "./catalog.ts";
import { footprintBox } from "./footprint.ts";
import type { SqliteFile } from "./sqlite-database.ts";

/** An image as harvest hands it over. */
export interface HarvestedImage {
  readonly record: ImageRecord;
  readonly detail: ImageDetail;
  /** State of the label file, by which a later harvest knows it again; without one it is read again. */
  readonly stamp?: string | null;
}

/**
 * What became of it: `known` is there already, `updated` had a lower version_id (or was asked for), `older` has a lower one
 * than the row, `conflict` has the same version_id but is another label.
 */
export type WriteOutcome = "added" | "known" | "updated" | "older" | "conflict";

/** Tables that are there: a bare one of the existing service has only `image`. */
export interface WriterOptions {
  readonly hasDetails: boolean;
  /** Writes rows that are there again: those without details, and those of the same version with other content. */
  readonly update: boolean;
}

const RECORD_NAMES =
  "obs_id, collection, facility, instrument, data_product_type, calibration_level, target, pixel_scale, image_url, label_url";
const DETAIL_NAMES =
  "image_id, version_id, label_digest, label_stamp, title, start_time, stop_time, start_mjd, stop_mjd, exposure, filter, field_id, limiting_magnitude, corners, md5, file_size";

function marks(names: string): string {
  return names.replace(/[^,]+/g, "?");
}

const INSERT_IMAGE = `insert or fail into image (${RECORD_NAMES}) values (${marks(RECORD_NAMES)})`;
const UPDATE_IMAGE = `update image set (${RECORD_NAMES}) = (${marks(RECORD_NAMES)}) where id = ?`;
const PUT_DETAIL = `insert or replace into image_detail (${DETAIL_NAMES}) values (${marks(DETAIL_NAMES)})`;
const DROP_FOOTPRINT = "delete from image_footprint where id = ?";
const PUT_FOOTPRINT = `insert into image_footprint (id, x0, x1, y0, y1, z0, z1) values (${marks("id,x0,x1,y0,y1,z0,z1")})`;
const STAMP_DETAIL = "update image_detail set label_stamp = ? where image_id = ?";
const FIND_DETAILED = `select image.id, label_url, version_id, label_digest, label_stamp from image
  left join image_detail on image_detail.image_id = image.id where obs_id = ?`;
const FIND_BARE =
  "select id, label_url, null as version_id, null as label_digest, null as label_stamp from image where obs_id = ?";

interface ExistingRow {
  readonly id: number;
  readonly label_url: string | null;
  readonly version_id: string | null;
  readonly label_digest: string | null;
  readonly label_stamp: string | null;
}

function recordValues(record: ImageRecord): readonly (string | number | null)[] {
  return [
    record.obsId,
    record.collection,
    record.facility,
    record.instrument,
    record.dataProductType,
    record.calibrationLevel,
    record.target,
    record.pixelScale,
    record.imageUrl,
    record.labelUrl,
  ];
}

function detailValues(id: number, { detail, stamp }: HarvestedImage): readonly (string | number | null)[] {
  return [
    id,
    detail.versionId,
    detail.labelDigest,
    stamp ?? null,
    detail.title,
    detail.startTime,
    detail.stopTime,
    detail.startMjd,
    detail.stopMjd,
    detail.exposure,
    detail.filter,
    detail.fieldId,
    detail.limitingMagnitude,
    detail.corners === null ? null : JSON.stringify(detail.corners),
    detail.md5,
    detail.fileSize,
  ];
}

/** Order of version_ids such as 1.0, 1.9, 1.10, 2.0: negative when `a` is the lower one. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number));
  for (let i = 0; i < Math.max(x!.length, y!.length); i += 1) {
    const difference = (x![i] ?? 0) - (y![i] ?? 0);
    if (difference !== 0) return Number.isNaN(difference) ? a.localeCompare(b) : difference;
  }
  return 0;
}

function putDetail(file: SqliteFile, id: number, image: HarvestedImage, replaces: boolean): void {
  const { detail } = image;
  file.prepare(PUT_DETAIL).run(detailValues(id, image));
  if (replaces) file.prepare(DROP_FOOTPRINT).run([id]);
  const box = detail.corners === null ? undefined : footprintBox(detail.corners);
  if (box === undefined) return;
  const { min, max } = box;
  file.prepare(PUT_FOOTPRINT).run([id, min[0], max[0], min[1], max[1], min[2], max[2]]);
}

function outcomeFor(row: ExistingRow, detail: ImageDetail, update: boolean): WriteOutcome {
  if (row.version_id === null) return update ? "updated" : "known";
  const order = compareVersions(detail.versionId, row.version_id);
  if (order > 0) return "updated";
  if (order < 0) return "older";
  if (row.label_digest === detail.labelDigest) return "known";
  return update ? "updated" : "conflict";
}

/** Whether the label of the row is the same as before, in a file that was touched since. */
function isRestamped(row: ExistingRow, { record, detail, stamp }: HarvestedImage): boolean {
  return (
    row.label_digest === detail.labelDigest &&
    row.label_url === record.labelUrl &&
    row.label_stamp !== (stamp ?? null)
  );
}

function writeImage(file: SqliteFile, image: HarvestedImage, options: WriterOptions): WriteOutcome {
  const { record, detail } = image;
  const find = options.hasDetails ? FIND_DETAILED : FIND_BARE;
  const row = file.prepare(find).get([record.obsId]) as ExistingRow | undefined;
  if (row === undefined) {
    const { lastInsertRowid } = file.prepare(INSERT_IMAGE).run(recordValues(record));
    if (options.hasDetails) putDetail(file, Number(lastInsertRowid), image, false);
    return "added";
  }
  const outcome = outcomeFor(row, detail, options.update);
  if (outcome === "updated") {
    file.prepare(UPDATE_IMAGE).run([...recordValues(record), row.id]);
    if (options.hasDetails) putDetail(file, row.id, image, true);
  } else if (outcome === "known" && isRestamped(row, image)) {
    file.prepare(STAMP_DETAIL).run([image.stamp ?? null, row.id]);
  }
  return outcome;
}

/** Writes a batch in one transaction and says what became of each image; other processes may write at the same time. */
export function writeImages(
  file: SqliteFile,
  images: readonly HarvestedImage[],
  options: WriterOptions,
): readonly WriteOutcome[] {
  file.execute("begin immediate");
  try {
    const outcomes = images.map((image) => writeImage(file, image, options));
    file.execute("commit");
    return outcomes;
  } catch (error) {
    file.execute("rollback");
    throw error;
  }
}
