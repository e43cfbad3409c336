import { sql } from "kysely";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import type { DerivedFrom, ImageColumn } from "../model/column.ts";
import { columnsOf, type StoredValue } from "../model/image.ts";
import { cornersOfText, storedValue } from "../model/rows.ts";

/** Rows per statement. */
const BATCH = 1000;
/** The migration that added the columns that are derived from others. */
const DERIVED_SINCE = 6;

interface UnfilledRow {
  readonly image_id: number;
  readonly obs_id: string;
  readonly collection: string;
  readonly start_mjd: number | null;
  readonly stop_mjd: number | null;
  readonly filter: string | null;
  readonly corners: string | null;
}

type FilledRow = { readonly image_id: number } & Readonly<Record<string, StoredValue>>;

function filledRow(row: UnfilledRow, columns: readonly ImageColumn[]): FilledRow {
  const image: DerivedFrom = {
    obsId: row.obs_id,
    collection: row.collection,
    startMjd: row.start_mjd,
    stopMjd: row.stop_mjd,
    filter: row.filter,
    corners: cornersOfText(row.corners),
  };
  const values = columns.map(({ name, derive }) => [name, storedValue(derive?.(image))] as const);
  return { image_id: Number(row.image_id), ...Object.fromEntries(values) };
}

/**
 * Fills the derived columns of rows that were written before these columns existed, in batches:
 * when it is interrupted, the next call continues. Returns the number of rows. Errors:
 * CATALOG_UNAVAILABLE.
 */
export async function fillDerived(database: CatalogDatabase, version: number): Promise<number> {
  if (version < DERIVED_SINCE) return 0;
  const { engine, kysely } = database;
  const columns = columnsOf("image_detail", version).filter(({ derive }) => derive !== undefined);
  const set = sql.raw(columns.map(({ name }) => `${name} = sent.${name}`).join(", "));
  let filled = 0;
  for (;;) {
    // a derived survey is never null: the index finds what is left
    const rows = await available(
      engine,
      sql<UnfilledRow>`select image_id, obs_id, collection, start_mjd, stop_mjd, filter, corners
        from image_detail join image on image.id = image_id where survey is null limit ${BATCH}`.execute(
        kysely,
      ),
    );
    if (rows.rows.length === 0) return filled;
    const sent = engine.sentRows(
      [{ name: "image_id", type: "integer" }, ...columns],
      rows.rows.map((row) => filledRow(row, columns)),
    );
    await available(
      engine,
      sql`update image_detail set ${set} from ${sent} where image_detail.image_id = sent.image_id`.execute(
        kysely,
      ),
    );
    filled += rows.rows.length;
  }
}
