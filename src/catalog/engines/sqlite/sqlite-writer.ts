import { footprintBox } from "@sbnsis/wcs/internal";
import {
  detailLayout,
  type ExistingRow,
  type HarvestedImage,
  isRestamped,
  isRewritten,
  outcomeFor,
  recordLayout,
  replacementFor,
  type WriteOutcome,
  type WriterOptions,
} from "../../image-writer.ts";
import type { SqliteFile } from "./sqlite-database.ts";

const RECORD = recordLayout();

function marks(names: readonly string[]): string {
  return names.map(() => "?").join();
}

const BOX = ["id", "x0", "x1", "y0", "y1", "z0", "z1"];
const INSERT_IMAGE = `insert or fail into image (${RECORD.names.join()}) values (${marks(RECORD.names)})`;
const UPDATE_IMAGE = `update image set (${RECORD.names.join()}) = (${marks(RECORD.names)}) where id = ?`;
const DROP_FOOTPRINT = "delete from image_footprint where id = ?";
const PUT_FOOTPRINT = `insert into image_footprint (${BOX.join()}) values (${marks(BOX)})`;
const STAMP_DETAIL = "update image_detail set label_stamp = ? where image_id = ?";
const FIND_DETAILED = `select image.id, label_url, image_url, version_id, label_digest, label_stamp, corners from image
  left join image_detail on image_detail.image_id = image.id where obs_id = ?`;
const FIND_BARE =
  "select id, label_url, image_url, null as version_id, null as label_digest, null as label_stamp, null as corners from image where obs_id = ?";

/** Writes images one by one, in the transaction of its caller. */
class Batch {
  readonly #file: SqliteFile;
  readonly #options: WriterOptions;
  readonly #detail: ReturnType<typeof detailLayout>;
  readonly #putDetail: string;

  constructor(file: SqliteFile, options: WriterOptions) {
    const detail = detailLayout(options.version);
    this.#file = file;
    this.#options = options;
    this.#detail = detail;
    this.#putDetail = `insert or replace into image_detail (${detail.names.join()}) values (${marks(detail.names)})`;
  }

  write(image: HarvestedImage): WriteOutcome {
    const { record } = image;
    const { hasDetails } = this.#options;
    const file = this.#file;
    const find = hasDetails ? FIND_DETAILED : FIND_BARE;
    const row = file.prepare(find).get([record.obsId]) as ExistingRow | undefined;
    if (row === undefined) {
      const { lastInsertRowid } = file.prepare(INSERT_IMAGE).run(RECORD.values(record));
      if (hasDetails) this.#put(Number(lastInsertRowid), image, false);
      return "added";
    }
    const outcome = outcomeFor(row, image, this.#options);
    if (isRewritten(outcome)) {
      file.prepare(UPDATE_IMAGE).run([...RECORD.values(record), row.id]);
      if (hasDetails) this.#put(row.id, replacementFor(row, image), true);
    } else if (outcome === "known" && isRestamped(row, image)) {
      file.prepare(STAMP_DETAIL).run([image.stamp ?? null, row.id]);
    }
    return outcome;
  }

  #put(id: number, image: HarvestedImage, replaces: boolean): void {
    this.#file.prepare(this.#putDetail).run(this.#detail.values(id, image));
    if (replaces) this.#file.prepare(DROP_FOOTPRINT).run([id]);
    const { corners = null } = image.detail;
    const box = corners === null ? undefined : footprintBox(corners);
    if (box === undefined) return;
    const { min, max } = box;
    this.#file.prepare(PUT_FOOTPRINT).run([id, min[0], max[0], min[1], max[1], min[2], max[2]]);
  }
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
  const batch = new Batch(file, options);
  file.execute("begin immediate");
  try {
    const outcomes = images.map((image) => batch.write(image));
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
