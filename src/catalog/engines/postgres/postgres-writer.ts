import { footprintBox } from "@sbnsis/wcs/internal";
import type { PostgresPoolClient } from "kysely";
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
import { COLUMN_TYPES } from "../../model/column.ts";
import { columnsOf, type StoredValue } from "../../model/image.ts";
import { storedValue } from "../../model/rows.ts";
import { isAway } from "./postgres-errors.ts";
import type { PreparingPool } from "./postgres-pool.ts";

/** How often a batch is attempted that conflicts with other writers or loses its connection. */
const ATTEMPTS = 4;

const RECORD = recordLayout();

function typesOf(version: number): ReadonlyMap<string, string> {
  const columns = [...columnsOf("image", version), ...columnsOf("image_detail", version)];
  const types = columns.map(({ name, type }) => [name, COLUMN_TYPES[type].declared] as const);
  return new Map([...types, ["image_id", "INTEGER"], ["label_stamp", "VARCHAR"]]);
}

/** Rows passed as one parameter: a JSON array of objects with the columns `names`. */
function rowsOf(names: readonly string[], version: number): string {
  const types = typesOf(version);
  const columns = names.map((name) => `${name} ${types.get(name)}`);
  return `json_to_recordset($1::json) as sent(${columns.join(", ")})`;
}

const settings = (names: readonly string[]): string =>
  names.map((name) => `${name} = excluded.${name}`).join(", ");

const FIND_DETAILED = `select image.id, obs_id, label_url, image_url, version_id, label_digest, label_stamp, corners from image
  left join image_detail on image_detail.image_id = image.id where obs_id = any($1::varchar[])`;
const FIND_BARE = `select id, obs_id, label_url, image_url, null as version_id, null as label_digest, null as label_stamp, null as corners
  from image where obs_id = any($1::varchar[])`;
const INSERT_IMAGES = `insert into image (${RECORD.names}) select ${RECORD.names} from ${rowsOf(RECORD.names, 1)}
  on conflict (obs_id) do nothing returning id, obs_id`;
const UPDATE_IMAGES = `update image set ${RECORD.names.map((name) => `${name} = sent.${name}`).join(", ")}
  from ${rowsOf(RECORD.names, 1)} where image.obs_id = sent.obs_id`;
const insertFootprints = (names: readonly string[]): string => `insert into image_footprint (${names})
  select ${names} from (select *, box(point(x0, y0), point(x1, y1)) as xy, box(point(z0, 0), point(z1, 0)) as z
    from json_to_recordset($1::json)
    as sent(id integer, x0 float8, x1 float8, y0 float8, y1 float8, z0 float8, z1 float8, corners varchar,
      start_mjd float8)) as boxed`;
const putFootprints = (names: readonly string[]): string =>
  `${insertFootprints(names)} on conflict (id) do update set ${settings(names)}`;
const PUT_FOOTPRINTS = putFootprints(["id", "xy", "z", "corners"]);
const PUT_BARE_FOOTPRINTS = putFootprints(["id", "xy", "z"]);
/** In partitions no index excludes a second one: those of images that are rewritten are dropped. */
const PUT_DATED_FOOTPRINTS = insertFootprints(["id", "xy", "z", "corners", "start_mjd"]);
const DROP_FOOTPRINTS = "delete from image_footprint where id = any($1::integer[])";
const STAMP_DETAILS = `update image_detail set label_stamp = sent.label_stamp
  from ${rowsOf(["image_id", "label_stamp"], 2)} where image_detail.image_id = sent.image_id`;

function objectOf(
  names: readonly string[],
  values: readonly StoredValue[],
): Readonly<Record<string, StoredValue>> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? null]));
}

/** An image with the id of its row. */
interface Written {
  readonly id: number;
  readonly image: HarvestedImage;
}

type FoundRow = ExistingRow & { readonly obs_id: string };

/** A transaction in progress. */
class Batch {
  readonly #client: PostgresPoolClient;
  readonly #options: WriterOptions;
  readonly #detail: ReturnType<typeof detailLayout>;
  readonly #detailsStatement: string;

  constructor(client: PostgresPoolClient, options: WriterOptions) {
    const detail = detailLayout(options.version);
    this.#client = client;
    this.#options = options;
    this.#detail = detail;
    this.#detailsStatement = `insert into image_detail (${detail.names}) select ${detail.names}
      from ${rowsOf(detail.names, options.version)}
      on conflict (image_id) do update set ${settings(detail.names)}`;
  }

  async #rows<R>(text: string, parameter: unknown): Promise<readonly R[]> {
    const values = [Array.isArray(parameter) ? parameter : JSON.stringify(parameter)];
    const { rows } = await this.#client.query<R>(text, values);
    return rows;
  }

  async #send(text: string, rows: readonly unknown[]): Promise<void> {
    if (rows.length > 0) await this.#client.query(text, [JSON.stringify(rows)]);
  }

  /**
   * Inserts images and returns their ids by LID; another writer may have inserted some of them
   * first.
   */
  async #insert(images: readonly HarvestedImage[]): Promise<ReadonlyMap<string, number>> {
    if (images.length === 0) return new Map();
    const rows = images.map(({ record }) => objectOf(RECORD.names, RECORD.values(record)));
    const { rows: inserted } = await this.#client.query<{ id: number; obs_id: string }>(INSERT_IMAGES, [
      JSON.stringify(rows),
    ]);
    return new Map(inserted.map(({ id, obs_id }) => [obs_id, id]));
  }

  async #putDetails(written: readonly Written[]): Promise<void> {
    if (!this.#options.hasDetails) return;
    await this.#send(
      this.#detailsStatement,
      written.map(({ id, image }) => objectOf(this.#detail.names, this.#detail.values(id, image))),
    );
    const boxes = written.flatMap(({ id, image: { detail } }) => {
      const { corners = null } = detail;
      const box = corners === null ? undefined : footprintBox(corners);
      if (box === undefined) return [];
      const [x0, y0, z0] = box.min;
      const [x1, y1, z1] = box.max;
      const start_mjd = detail.startMjd ?? null;
      return [{ id, x0, x1, y0, y1, z0, z1, corners: storedValue(corners), start_mjd }];
    });
    const { hasFootprintCorners, hasFootprintYears } = this.#options;
    const put = hasFootprintCorners ? PUT_FOOTPRINTS : PUT_BARE_FOOTPRINTS;
    await this.#send(hasFootprintYears ? PUT_DATED_FOOTPRINTS : put, boxes);
  }

  /**
   * The existing rows with the images' LIDs; those that will be rewritten are locked until the end
   * of the transaction.
   */
  async #find(images: readonly HarvestedImage[]): Promise<ReadonlyMap<string, FoundRow>> {
    const text = this.#options.hasDetails ? FIND_DETAILED : FIND_BARE;
    const lids = images.map(({ record }) => record.obsId);
    const rows = await this.#rows<FoundRow>(text, lids);
    const found = new Map(rows.map((row) => [row.obs_id, row]));
    const stale = images.flatMap((image) => {
      const { obsId } = image.record;
      const row = found.get(obsId);
      return row !== undefined && isRewritten(outcomeFor(row, image, this.#options)) ? [obsId] : [];
    });
    if (stale.length > 0) {
      await this.#rows(`${FIND_BARE} order by id for update`, stale);
      for (const row of await this.#rows<FoundRow>(text, stale)) found.set(row.obs_id, row);
    }
    return found;
  }

  /**
   * Writes images with different LIDs; those left without an outcome were inserted by another
   * writer meanwhile.
   */
  async write(images: readonly HarvestedImage[]): Promise<readonly (WriteOutcome | undefined)[]> {
    const existing = await this.#find(images);
    const inserted = await this.#insert(images.filter(({ record }) => !existing.has(record.obsId)));
    const added: Written[] = [];
    const updated: Written[] = [];
    const stamped: Written[] = [];
    const outcomes = images.map((image) => {
      const row = existing.get(image.record.obsId);
      const id = inserted.get(image.record.obsId);
      if (id !== undefined) added.push({ id, image });
      if (row === undefined) return id === undefined ? undefined : "added";
      const outcome = outcomeFor(row, image, this.#options);
      if (isRewritten(outcome)) updated.push({ id: row.id, image: replacementFor(row, image) });
      else if (outcome === "known" && isRestamped(row, image)) stamped.push({ id: row.id, image });
      return outcome;
    });
    await this.#send(
      UPDATE_IMAGES,
      updated.map(({ image }) => objectOf(RECORD.names, RECORD.values(image.record))),
    );
    if (this.#options.hasDetails && updated.length > 0) {
      await this.#rows(
        DROP_FOOTPRINTS,
        updated.map(({ id }) => id),
      );
    }
    await this.#putDetails([...added, ...updated]);
    await this.#send(
      STAMP_DETAILS,
      stamped.map(({ id, image }) => ({ image_id: id, label_stamp: image.stamp ?? null })),
    );
    return outcomes;
  }
}

async function writeBatch(batch: Batch, images: readonly HarvestedImage[]): Promise<readonly WriteOutcome[]> {
  const outcomes = new Array<WriteOutcome>(images.length);
  let waiting: readonly number[] = images.map((_, i) => i);
  while (waiting.length > 0) {
    // if several labels share a LID, the first is written now, the next one against its result
    const firsts = new Map<string, number>();
    for (const i of waiting) {
      const { obsId } = images[i]!.record;
      if (!firsts.has(obsId)) firsts.set(obsId, i);
    }
    const now = [...firsts.values()];
    const written = await batch.write(now.map((i) => images[i]!));
    for (const [at, i] of now.entries()) {
      const outcome = written[at];
      if (outcome !== undefined) outcomes[i] = outcome;
    }
    waiting = waiting.filter((i) => outcomes[i] === undefined);
  }
  return outcomes;
}

function isConflict(error: unknown): boolean {
  // deadlock and serialization failure: the other writer continues, this one starts over
  return ["40P01", "40001"].includes((error as { code?: string }).code ?? "");
}

/**
 * Writes a batch in one transaction and returns the outcome for each image; other processes may
 * write at the same time. A batch whose connection was lost is rewritten once the server is back;
 * images that were committed nevertheless are then `known`.
 */
export async function writeToPostgres(
  pool: PreparingPool,
  images: readonly HarvestedImage[],
  options: WriterOptions,
): Promise<readonly WriteOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    try {
      await client.query("begin", []);
      const outcomes = await writeBatch(new Batch(client, options), images);
      await client.query("commit", []);
      return outcomes;
    } catch (error) {
      await client.query("rollback", []).catch(() => {});
      if (attempt >= ATTEMPTS || !(isConflict(error) || isAway(error))) throw error;
    } finally {
      client.release();
    }
  }
}
