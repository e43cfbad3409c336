import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "../engines/dialect.ts";
import { BLOCK_IDS, countedBlocks, summedBlocks } from "../paging/block-counts.ts";
import { CHARACTER } from "../paging/seal-blocks.ts";
import { newestSchema, partsOf, relationNames, schemaVersion } from "./schema.ts";
import type { CatalogTables } from "./tables.ts";

/** The findings of `verify-tables`. */
export interface TableReport {
  /** What keeps the service from working, one sentence each. */
  readonly problems: readonly string[];
  /** What the service works without: migrations that `sbnsis migrate` would apply. */
  readonly remarks: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: RegExp;
  readonly notNull: boolean;
}

const text = /CHAR|TEXT|CLOB/i;
const real = /DOUBLE|FLOAT|REAL/i;
const integer = /INT/i;
const IMAGE_COLUMNS: readonly Column[] = [
  { name: "id", type: integer, notNull: true },
  { name: "obs_id", type: text, notNull: true },
  { name: "collection", type: text, notNull: true },
  { name: "facility", type: text, notNull: true },
  { name: "instrument", type: text, notNull: true },
  { name: "data_product_type", type: text, notNull: true },
  { name: "calibration_level", type: integer, notNull: false },
  { name: "target", type: text, notNull: false },
  { name: "pixel_scale", type: real, notNull: false },
  { name: "image_url", type: text, notNull: false },
  { name: "label_url", type: text, notNull: false },
];

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
  /** Set on PostgreSQL only. */
  readonly hasDefault?: number;
}

const COLUMNS: Readonly<Record<DatabaseDialect, RawBuilder<ColumnInfo>>> = {
  sqlite: sql`select name, type, "notnull", pk from pragma_table_info('image')`,
  postgresql: sql`select attname as name, format_type(atttypid, atttypmod) as type, attnotnull::int as "notnull",
      0 as pk, (atthasdef or attidentity <> '')::int as "hasDefault"
    from pg_attribute where attrelid = to_regclass('image') and attnum > 0 and not attisdropped`,
};

/** Unique indexes of the LID alone. */
const UNIQUE_LIDS: Readonly<Record<DatabaseDialect, RawBuilder<{ n: number }>>> = {
  sqlite: sql`select count(*) as n from pragma_index_list('image') as l
    where l."unique" = 1 and (select group_concat(name) from pragma_index_info(l.name)) = 'obs_id'`,
  postgresql: sql`select count(*) as n from pg_index
    join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indrelid = to_regclass('image') and indisunique and indnkeyatts = 1 and attname = 'obs_id' and indpred is null`,
};

async function imageProblems(database: Kysely<CatalogTables>): Promise<string[]> {
  const dialect = dialectOf(database);
  const { rows } = await COLUMNS[dialect].execute(database);
  const problems: string[] = [];
  const there = new Map(rows.map((row) => [row.name, row]));
  for (const { name, type, notNull } of IMAGE_COLUMNS) {
    const column = there.get(name);
    if (column === undefined) {
      problems.push(`table image lacks the column ${name}`);
      continue;
    }
    if (!type.test(column.type))
      problems.push(`column image.${name} has the type ${column.type || "(none)"}`);
    if (notNull && column.notnull === 0 && column.pk === 0) problems.push(`column image.${name} may be null`);
  }
  for (const { name, notnull, hasDefault = 0 } of rows) {
    if (!IMAGE_COLUMNS.some((column) => column.name === name) && notnull !== 0 && hasDefault === 0) {
      problems.push(`table image has an additional column ${name} that may not be null`);
    }
  }
  const unique = await UNIQUE_LIDS[dialect].execute(database);
  if (Number(unique.rows[0]?.n) === 0) problems.push("column image.obs_id has no unique index");
  return problems;
}

async function wrongCounts(database: Kysely<CatalogTables>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
    select collection, facility, instrument, data_product_type, sum(n) as difference from (
      select collection, facility, instrument, data_product_type, count as n from image_count
      union all
      select collection, facility, instrument, data_product_type, -count(*) as n from image group by 1, 2, 3, 4) as rows
    group by 1, 2, 3, 4 having sum(n) <> 0) as wrong`.execute(database);
  return Number(rows[0]?.n ?? 0);
}

async function wrongBlocks(database: Kysely<CatalogTables>): Promise<number> {
  const counted = countedBlocks(`id < (SELECT blocks * ${BLOCK_IDS} FROM image_sealed)`);
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
    select dimension, value, block from (
      select dimension, value, block, count as n from image_block
      union all
      select dimension, value, block, -n from (${sql.raw(summedBlocks(CHARACTER[dialectOf(database)], counted))}) as counted) as rows
    group by 1, 2, 3 having sum(n) <> 0) as wrong`.execute(database);
  return Number(rows[0]?.n ?? 0);
}

/** Footprints whose corners differ from those of the details. */
async function wrongCorners(database: Kysely<CatalogTables>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from image_footprint
    left join image_detail on image_id = id where image_footprint.corners is distinct from image_detail.corners`.execute(
    database,
  );
  return Number(rows[0]?.n ?? 0);
}

/**
 * Compares the database with what this version needs, including the maintained counts and redundant
 * data.
 */
export async function inspectTables(database: Kysely<CatalogTables>): Promise<TableReport> {
  const names = await relationNames(database);
  if (!names.has("image")) return { problems: ["there is no table image"], remarks: [] };
  const problems = await imageProblems(database);
  const remarks: string[] = [];
  const version = await schemaVersion(database);
  const newest = newestSchema(database);
  if (version > newest) {
    problems.push(
      `the schema version is ${version}; this version of the service supports schemas up to ${newest}`,
    );
    return { problems, remarks };
  }
  if (version < newest) {
    remarks.push(
      `the schema version is ${version} of ${newest}: run sbnsis migrate for fast counts and searches`,
    );
  }
  const parts = partsOf(version);
  if (parts.hasDetails) {
    for (const name of ["image_detail", "image_footprint", "image_detail_delete"]) {
      if (!names.has(name)) problems.push(`${name} is missing`);
    }
  }
  if (parts.hasCounts) {
    const missing = ["image_count", "image_count_insert", "image_count_delete", "image_count_update"].filter(
      (name) => !names.has(name),
    );
    problems.push(...missing.map((name) => `${name} is missing`));
    if (missing.length === 0) {
      const wrong = await wrongCounts(database);
      if (wrong > 0) problems.push(`${wrong} of the counts in image_count are wrong`);
    }
  }
  if (parts.hasBlocks) {
    const missing = [
      "image_block",
      "image_sealed",
      "image_block_insert",
      "image_block_delete",
      "image_block_update",
    ].filter((name) => !names.has(name));
    problems.push(...missing.map((name) => `${name} is missing`));
    if (missing.length === 0) {
      const wrong = await wrongBlocks(database);
      if (wrong > 0) problems.push(`${wrong} of the counts in image_block are wrong`);
    }
  }
  if (parts.hasFootprintCorners && names.has("image_footprint")) {
    const wrong = await wrongCorners(database);
    if (wrong > 0)
      problems.push(`the corners of ${wrong} images differ between image_footprint and image_detail`);
  }
  return { problems, remarks };
}
