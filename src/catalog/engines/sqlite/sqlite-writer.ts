import { footprintBox } from "@sbnsis/wcs/internal";
import {
  DETAIL_NAMES,
  detailValues,
  type ExistingRow,
  type HarvestedImage,
  isRestamped,
  isRewritten,
  outcomeFor,
  RECORD_NAMES,
  recordValues,
  replacementFor,
  type WriteOutcome,
  type WriterOptions,
} from "../../image-writer.ts";
import type { SqliteFile } from "./sqlite-database.ts";

function marks(names: string): string {
  return names.replace(/[^,]+/g, "?");
}

const INSERT_IMAGE = `insert or fail into image (${RECORD_NAMES}) values (${marks(RECORD_NAMES)})`;
const UPDATE_IMAGE = `update image set (${RECORD_NAMES}) = (${marks(RECORD_NAMES)}) where id = ?`;
const PUT_DETAIL = `insert or replace into image_detail (${DETAIL_NAMES}) values (${marks(DETAIL_NAMES)})`;
const DROP_FOOTPRINT = "delete from image_footprint where id = ?";
const PUT_FOOTPRINT = `insert into image_footprint (id, x0, x1, y0, y1, z0, z1) values (${marks("id,x0,x1,y0,y1,z0,z1")})`;
const STAMP_DETAIL = "update image_detail set label_stamp = ? where image_id = ?";
const FIND_DETAILED = `select image.id, label_url, image_url, version_id, label_digest, label_stamp, corners from image
  left join image_detail on image_detail.image_id = image.id where obs_id = ?`;
const FIND_BARE =
  "select id, label_url, image_url, null as version_id, null as label_digest, null as label_stamp, null as corners from image where obs_id = ?";

function putDetail(file: SqliteFile, id: number, image: HarvestedImage, replaces: boolean): void {
  const { detail } = image;
  file.prepare(PUT_DETAIL).run(detailValues(id, image));
  if (replaces) file.prepare(DROP_FOOTPRINT).run([id]);
  const box = detail.corners === null ? undefined : footprintBox(detail.corners);
  if (box === undefined) return;
  const { min, max } = box;
  file.prepare(PUT_FOOTPRINT).run([id, min[0], max[0], min[1], max[1], min[2], max[2]]);
}

function writeImage(file: SqliteFile, image: HarvestedImage, options: WriterOptions): WriteOutcome {
  const { record } = image;
  const find = options.hasDetails ? FIND_DETAILED : FIND_BARE;
  const row = file.prepare(find).get([record.obsId]) as ExistingRow | undefined;
  if (row === undefined) {
    const { lastInsertRowid } = file.prepare(INSERT_IMAGE).run(recordValues(record));
    if (options.hasDetails) putDetail(file, Number(lastInsertRowid), image, false);
    return "added";
  }
  const outcome = outcomeFor(row, image, options);
  if (isRewritten(outcome)) {
    file.prepare(UPDATE_IMAGE).run([...recordValues(record), row.id]);
    if (options.hasDetails) putDetail(file, row.id, replacementFor(row, image), true);
  } else if (outcome === "known" && isRestamped(row, image)) {
    file.prepare(STAMP_DETAIL).run([image.stamp ?? null, row.id]);
  }
  return outcome;
}

/**
 * Writes a batch in one transaction and returns the outcome for each image; other processes may
 * write at the same time.
 */
export function writeToSqlite(
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
    try {
      file.execute("rollback");
    } catch {
      // a full disk has already ended the transaction; report its error instead
    }
    throw error;
  }
}
