import { Kysely, PostgresDialect, sql } from "kysely";
import type { DatabaseSettings } from "../../../config/settings-groups.ts";
import { COLUMN_TYPES } from "../../model/column.ts";
import { readMigrations } from "../../schema/migrations.ts";
import type { CatalogTables } from "../../schema/tables.ts";
import { obscoreView } from "../../views/obscore-view.ts";
import { type CatalogDatabase, type Engine, meetsCap, type Purpose, type Warn } from "../engine.ts";
import { divideFootprints, UNDATED } from "./footprint-years.ts";
import { isAway, isLocked, isOtherSchema, postgresProblem } from "./postgres-errors.ts";
import { PreparingPool } from "./postgres-pool.ts";
import { writeToPostgres } from "./postgres-writer.ts";

function open(settings: DatabaseSettings, purpose: Purpose, warn?: Warn): CatalogDatabase {
  const pool = new PreparingPool(settings, purpose, warn);
  const kysely = new Kysely<CatalogTables>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: POSTGRESQL,
    kysely,
    fetch: async (statement, parameters) => await pool.fetch(statement, parameters),
    isCurrent: () => true,
    isSound: () => true,
    write: async (images, options) => await writeToPostgres(pool, images, options),
    close: async () => {
      await kysely.destroy();
      // kysely ends the pool only if it has used it
      await pool.end();
    },
  };
}

// corner 0 of a box is the upper right one
const LEAST = [
  sql`(image_footprint.xy[1])[0]`,
  sql`(image_footprint.xy[1])[1]`,
  sql`(image_footprint.z[1])[0]`,
];
const GREATEST = [
  sql`(image_footprint.xy[0])[0]`,
  sql`(image_footprint.xy[0])[1]`,
  sql`(image_footprint.z[0])[0]`,
];

/** PostgreSQL 12 and later, without extensions. */
export const POSTGRESQL: Engine = {
  migrations: readMigrations("postgresql"),
  partsOf: (version, relations) => ({
    version,
    hasDetails: version >= 2,
    hasCounts: version >= 3,
    hasBlocks: version >= 4,
    hasFootprintCorners: version >= 5,
    hasFootprintYears: relations?.has(UNDATED) ?? false,
  }),
  divideFootprints,
  open,
  missingFile: () => undefined,
  remedy: "check DB_HOST, DB_USERNAME and DB_PASSWORD, and that the server is running",
  problemOf: postgresProblem,
  isOutdatedBy: isOtherSchema,
  isBusy: (error) => isLocked(error) || isAway(error),

  beginMigration: [sql`begin`, sql`select pg_advisory_xact_lock(hashtext('sis_schema'))`],
  // without waiting: waiting for such a lock blocks all later writers
  beginSealing: [sql`begin`, sql`lock table image in share row exclusive mode nowait`],
  foldBlocks: [
    sql`with double as (select dimension, value, block from image_block group by 1, 2, 3 having count(*) > 1),
      folded as (delete from image_block using double where image_block.dimension = double.dimension
        and image_block.value = double.value and image_block.block = double.block returning image_block.*)
    insert into image_block (dimension, value, block, count)
      select dimension, value, block, sum(count) from folded group by 1, 2, 3 having sum(count) <> 0`,
  ],
  obscoreView,
  analyze: [sql`analyze image, image_detail, image_footprint`],

  // which transactions have ended, in the whole server: it changes more often than necessary, but
  // never too rarely; another server at the same address may have the same value by chance, but did
  // not start in the same microsecond
  changeMarker: sql`select pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text as version`,
  relationNames: sql`select relname as name from pg_class where relnamespace = current_schema()::regnamespace
    union all select tgname from pg_trigger where tgrelid = to_regclass('image') and not tgisinternal`,
  columnsOf: (table) => sql`select attname as name, format_type(atttypid, atttypmod) as type,
      attnotnull::int as "notnull", 0 as pk, (atthasdef or attidentity <> '')::int as "hasDefault"
    from pg_attribute where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped`,
  uniqueLids: sql`select count(*) as n from pg_index
    join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indrelid = to_regclass('image') and indisunique and indnkeyatts = 1 and attname = 'obs_id' and indpred is null`,
  footprints: sql`select count(*) as n from image_footprint`,

  character: "chr",
  mergesLists: false,
  // it chooses the order from its statistics
  orderedJoin: sql`join`,
  unindexed: (table) => sql.table(table),
  // an index has this order, whatever the collation of the database
  lidByCodePoints: sql`image.obs_id collate "C"`,
  isAmong: (column, values) => {
    const type = sql.raw(typeof values[0] === "number" ? "integer[]" : "varchar[]");
    return sql`${column} = any(${values}::${type})`;
  },
  sentRows: (columns, rows) => {
    const types = columns.map(({ name, type }) => `${name} ${COLUMN_TYPES[type].declared}`);
    return sql`json_to_recordset(${JSON.stringify(rows)}::json) as sent(${sql.raw(types.join(", "))})`;
  },
  jsonArray: (columns) => `json_build_array(${columns})::text`,
  // a GiST index of two of its 2-D boxes: x with y, and z alone
  footprintsMeeting: (box) => {
    const [[x0, y0, z0], [x1, y1, z1]] = [box.min, box.max];
    return sql`image_footprint.xy && box(point(${x0}, ${y0}), point(${x1}, ${y1}))
      and image_footprint.z && box(point(${z0}, 0), point(${z1}, 0))
      ${meetsCap(box, LEAST, GREATEST)}`;
  },
  urlBegins: (beginning) => {
    const length = sql.lit(beginning.length);
    return sql`left(label_url, ${length}) = ${beginning} or left(image_url, ${length}) = ${beginning}`;
  },
};
