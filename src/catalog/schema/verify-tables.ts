import { sql } from "kysely";
import type { CatalogDatabase } from "../engines/engine.ts";
import { COLUMN_TYPES, type ImageColumn } from "../model/column.ts";
import { columnsOf } from "../model/image.ts";
import { BLOCK_IDS, countedBlocks, summedBlocks } from "../paging/block-counts.ts";
import { canUse, newestSchema, relationNames, schemaVersion } from "./migrate.ts";

/** The findings of `verify-tables`. */
export interface TableReport {
  /** What keeps the service from working, one sentence each. */
  readonly problems: readonly string[];
  /** What the service works without: migrations that `sbnsis migrate` would apply. */
  readonly remarks: readonly string[];
}

interface Wanted {
  readonly name: string;
  readonly type: RegExp;
  readonly notNull: boolean;
}

/** The columns of a table that are not about its image. */
const KEYS: Readonly<Record<ImageColumn["table"], readonly Wanted[]>> = {
  image: [{ name: "id", type: COLUMN_TYPES.integer.accepted, notNull: true }],
  image_detail: [
    { name: "image_id", type: COLUMN_TYPES.integer.accepted, notNull: true },
    { name: "label_stamp", type: COLUMN_TYPES.text.accepted, notNull: false },
  ],
};

function wantedColumns(table: ImageColumn["table"], version: number): readonly Wanted[] {
  const columns = columnsOf(table, version).map(({ name, type, isRequired = false }) => ({
    name,
    type: COLUMN_TYPES[type].accepted,
    notNull: isRequired,
  }));
  return [...KEYS[table], ...columns];
}

/** How the columns of an existing table differ from those of a version of the schema. */
async function columnProblems(
  { engine, kysely }: CatalogDatabase,
  table: ImageColumn["table"],
  version: number,
): Promise<string[]> {
  const { rows } = await engine.columnsOf(table).execute(kysely);
  const wanted = wantedColumns(table, version);
  const problems: string[] = [];
  const there = new Map(rows.map((row) => [row.name, row]));
  for (const { name, type, notNull } of wanted) {
    const column = there.get(name);
    if (column === undefined) {
      problems.push(`table ${table} lacks the column ${name}`);
      continue;
    }
    if (!type.test(column.type))
      problems.push(`column ${table}.${name} has the type ${column.type || "(none)"}`);
    if (notNull && column.notnull === 0 && column.pk === 0)
      problems.push(`column ${table}.${name} may be null`);
  }
  for (const { name, notnull, hasDefault = 0 } of rows) {
    if (!wanted.some((column) => column.name === name) && notnull !== 0 && hasDefault === 0) {
      problems.push(`table ${table} has an additional column ${name} that may not be null`);
    }
  }
  return problems;
}

async function lidProblems({ engine, kysely }: CatalogDatabase): Promise<string[]> {
  const { rows } = await engine.uniqueLids.execute(kysely);
  return Number(rows[0]?.n) === 0 ? ["column image.obs_id has no unique index"] : [];
}

async function wrongCounts({ kysely }: CatalogDatabase): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
    select collection, facility, instrument, data_product_type, sum(n) as difference from (
      select collection, facility, instrument, data_product_type, count as n from image_count
      union all
      select collection, facility, instrument, data_product_type, -count(*) as n from image group by 1, 2, 3, 4) as rows
    group by 1, 2, 3, 4 having sum(n) <> 0) as wrong`.execute(kysely);
  return Number(rows[0]?.n ?? 0);
}

async function wrongBlocks({ engine, kysely }: CatalogDatabase): Promise<number> {
  const counted = countedBlocks(`id < (SELECT blocks * ${BLOCK_IDS} FROM image_sealed)`);
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
    select dimension, value, block from (
      select dimension, value, block, count as n from image_block
      union all
      select dimension, value, block, -n from (${sql.raw(summedBlocks(engine.character, counted))}) as counted) as rows
    group by 1, 2, 3 having sum(n) <> 0) as wrong`.execute(kysely);
  return Number(rows[0]?.n ?? 0);
}

/** Footprints whose corners differ from those of the details. */
async function wrongCorners({ kysely }: CatalogDatabase): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from image_footprint
    left join image_detail on image_id = id where image_footprint.corners is distinct from image_detail.corners`.execute(
    kysely,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Footprints in the partition of another start than that of the details. */
async function wrongStarts({ kysely }: CatalogDatabase): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from image_footprint
    join image_detail on image_id = id where image_footprint.start_mjd is distinct from image_detail.start_mjd`.execute(
    kysely,
  );
  return Number(rows[0]?.n ?? 0);
}

const DETAIL_RELATIONS = ["image_detail", "image_footprint", "image_detail_delete"];
const COUNT_RELATIONS = ["image_count", "image_count_insert", "image_count_delete", "image_count_update"];
const BLOCK_RELATIONS = [
  "image_block",
  "image_sealed",
  "image_block_insert",
  "image_block_delete",
  "image_block_update",
];

/**
 * Compares the database with what this version needs, including the maintained counts and redundant
 * data.
 */
export async function inspectTables(database: CatalogDatabase): Promise<TableReport> {
  const { engine } = database;
  const names = await relationNames(database);
  if (!names.has("image")) return { problems: ["there is no table image"], remarks: [] };
  const version = await schemaVersion(database);
  const problems = await columnProblems(database, "image", Math.max(1, version));
  problems.push(...(await lidProblems(database)));
  const newest = newestSchema(engine);
  if (!(await canUse(database, version))) {
    problems.push(
      `the schema version is ${version}; this version of the service supports schemas up to ${newest}`,
    );
    return { problems, remarks: [] };
  }
  const remarks =
    version < newest
      ? [`the schema version is ${version} of ${newest}: run sbnsis migrate for fast counts and searches`]
      : [];
  const missing = (relations: readonly string[]): readonly string[] => {
    const absent = relations.filter((name) => !names.has(name));
    problems.push(...absent.map((name) => `${name} is missing`));
    return absent;
  };
  const parts = engine.partsOf(version, names);
  if (parts.hasDetails && !missing(DETAIL_RELATIONS).includes("image_detail")) {
    problems.push(...(await columnProblems(database, "image_detail", version)));
  }
  if (parts.hasCounts && missing(COUNT_RELATIONS).length === 0) {
    const wrong = await wrongCounts(database);
    if (wrong > 0) problems.push(`${wrong} of the counts in image_count are wrong`);
  }
  if (parts.hasBlocks && missing(BLOCK_RELATIONS).length === 0) {
    const wrong = await wrongBlocks(database);
    if (wrong > 0) problems.push(`${wrong} of the counts in image_block are wrong`);
  }
  if (parts.hasFootprintCorners && names.has("image_footprint")) {
    const wrong = await wrongCorners(database);
    if (wrong > 0)
      problems.push(`the corners of ${wrong} images differ between image_footprint and image_detail`);
  }
  if (parts.hasFootprintYears) {
    const wrong = await wrongStarts(database);
    if (wrong > 0)
      problems.push(`the start of ${wrong} images differs between image_footprint and image_detail`);
  }
  return { problems, remarks };
}
