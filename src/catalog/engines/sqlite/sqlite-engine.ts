import { existsSync } from "node:fs";
import { Kysely, SqliteDialect, sql } from "kysely";
import { readMigrations } from "../../schema/migrations.ts";
import type { CatalogTables } from "../../schema/tables.ts";
import {
  type CatalogDatabase,
  type DatabaseProblem,
  type Engine,
  meetsCap,
  type Purpose,
} from "../engine.ts";
import { isDamaged, SqliteFile } from "./sqlite-database.ts";
import { writeToSqlite } from "./sqlite-writer.ts";

function problemOf(error: unknown): DatabaseProblem {
  const { errstr, message = "" } = error as { readonly errstr?: string; readonly message?: string };
  // SQLite's own texts for its codes
  const other = /timeout/i.test(message) ? "no response in time" : "it returned an error";
  return { reason: errstr ?? other, isAway: false, hint: "" };
}

function open(path: string, purpose: Purpose): CatalogDatabase {
  const file = purpose === "write" ? SqliteFile.openWritable(path) : SqliteFile.openReadOnly(path);
  const kysely = new Kysely<CatalogTables>({ dialect: new SqliteDialect({ database: file }) });
  return {
    engine: SQLITE,
    kysely,
    fetch: async (statement, parameters) => file.fetch(statement, parameters),
    isCurrent: () => file.isCurrent,
    isSound: () => !file.isUnchanging || file.isUntouched,
    write: async (images, options) => writeToSqlite(file, images, options),
    close: async () => {
      await kysely.destroy();
      file.close();
    },
  };
}

/** SQLite. */
export const SQLITE: Engine = {
  migrations: readMigrations("sqlite"),
  partsOf: (version) => ({
    version,
    hasDetails: version >= 2,
    hasCounts: version >= 3,
    hasBlocks: version >= 4,
    // the R*Tree has only the boxes
    hasFootprintCorners: false,
    hasFootprintYears: false,
  }),
  divideFootprints: undefined,
  open: ({ name }, purpose) => open(name, purpose),
  missingFile: ({ name }) => (existsSync(name) ? undefined : name),
  remedy: "check DB_DATABASE and its permissions",
  problemOf,
  isOutdatedBy: isDamaged,
  // it waits for its lock like every batch
  isBusy: () => false,

  beginMigration: [sql`begin immediate`],
  beginSealing: [sql`begin immediate`],
  // triggers update the only row
  foldBlocks: [],
  obscoreView: undefined,
  // the planner needs no statistics for the queries of the catalog
  analyze: [],

  changeMarker: sql`select data_version as version from pragma_data_version`,
  relationNames: sql`select name from sqlite_master`,
  columnsOf: (table) => sql`select name, type, "notnull", pk from pragma_table_info(${table})`,
  uniqueLids: sql`select count(*) as n from pragma_index_list('image') as l
    where l."unique" = 1 and (select group_concat(name) from pragma_index_info(l.name)) = 'obs_id'`,
  // the R*Tree's shadow table with one row per entry (SQLite documentation, "The SQLite R*Tree
  // Module", 6)
  footprints: sql`select count(*) as n from image_footprint_rowid`,

  character: "char",
  mergesLists: true,
  orderedJoin: sql`cross join`,
  unindexed: (table) => sql`${sql.table(table)} not indexed`,
  lidByCodePoints: sql`image.obs_id`,
  isAmong: (column, values) => sql`${column} in (select value from json_each(${JSON.stringify(values)}))`,
  sentRows: (columns, rows) => {
    const names = columns.map(({ name }) => `json_extract(value, '$.${name}') as ${name}`);
    return sql`(select ${sql.raw(names.join(", "))} from json_each(${JSON.stringify(rows)})) as sent`;
  },
  jsonArray: (columns) => `json_array(${columns})`,
  // the 32-bit floats of the R*Tree are rounded outward
  footprintsMeeting: (box) => {
    const [[x0, y0, z0], [x1, y1, z1]] = [box.min, box.max];
    return sql`x1 >= ${x0} and x0 <= ${x1} and y1 >= ${y0} and y0 <= ${y1} and z1 >= ${z0} and z0 <= ${z1}
      ${meetsCap(box, [sql`x0`, sql`y0`, sql`z0`], [sql`x1`, sql`y1`, sql`z1`])}`;
  },
  // by the index of labels, which are beside the files: a scan of all rows would block the process;
  // the character after the slash is 0
  urlBegins: (beginning) => sql`label_url >= ${beginning} and label_url < ${`${beginning.slice(0, -1)}0`}`,
};
