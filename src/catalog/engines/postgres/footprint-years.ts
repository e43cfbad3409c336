import { sql } from "kysely";
import { type CatalogDatabase, onOneConnection } from "../engine.ts";

/** The partition of footprints without a start; it exists if the table is partitioned. */
export const UNDATED = "image_footprint_undated";
/** The partition of all years after those that have partitions of their own. */
const LATER = "image_footprint_later";
/** Years after the newest image that get partitions of their own. */
const YEARS_AHEAD = 10;
/** MJD of 1970-01-01. */
const EPOCH_MJD = 40_587;
const DAY_MS = 86_400_000;

/** MJD at which a year begins. */
function startOfYear(year: number): number {
  return Date.UTC(year, 0, 1) / DAY_MS + EPOCH_MJD;
}

/**
 * Partitions `image_footprint` by year of start, so that a search by place and time reads only the
 * indexes of its years. Does so if it has at least `above` footprints and is not partitioned yet,
 * or has footprints from years after its partitions; returns whether it did. Readers continue until
 * the very end, writers wait.
 */
export async function divideFootprints(database: CatalogDatabase, above: number): Promise<boolean> {
  return await onOneConnection(database, async ({ engine, kysely }) => {
    const one = async <T>(text: string): Promise<T | undefined> =>
      (await sql.raw<{ value: T }>(text).execute(kysely)).rows[0]?.value;
    for (const statement of engine.beginMigration) await statement.execute(kysely);
    try {
      const isDue = (await one<boolean>(`select to_regclass('${UNDATED}') is not null as value`))
        ? `select exists (select 1 from ${LATER}) as value`
        : `select count(*) >= ${above} as value from (select 1 from image_footprint limit ${above}) as counted`;
      if ((await one<boolean>(isDue)) !== true) {
        await sql`commit`.execute(kysely);
        return false;
      }
      const yearOf = (which: string) =>
        `select extract(year from date '1970-01-01' + (${which}(start_mjd) - ${EPOCH_MJD})::integer)::integer as value from image_detail`;
      const first = await one<number>(yearOf("min"));
      const last = await one<number>(yearOf("max"));
      for (const statement of divisionOf(first ?? undefined, last ?? undefined))
        await sql.raw(statement).execute(kysely);
      await sql`commit`.execute(kysely);
    } catch (error) {
      // on a lost connection this fails too, and the first error is the one that matters
      await sql`rollback`.execute(kysely).catch(() => undefined);
      throw error;
    }
    return true;
  });
}

/** The statements, for images from one year to another. */
function divisionOf(first = 1970, last = first): readonly string[] {
  const years = Array.from({ length: last + YEARS_AHEAD - first + 1 }, (_, i) => first + i);
  const fresh = "image_footprint_new";
  const partition = (name: string, bounds: string) =>
    `CREATE TABLE ${name}_new PARTITION OF ${fresh} ${bounds}`;
  const range = (from: number | "MINVALUE", to: number | "MAXVALUE") =>
    `FOR VALUES FROM (${from}) TO (${to})`;
  const names = [
    ...years.map((year) => `image_footprint_${year}`),
    "image_footprint_earlier",
    LATER,
    UNDATED,
  ];
  return [
    "LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE",
    `CREATE TABLE ${fresh} (id INTEGER NOT NULL, xy BOX NOT NULL, z BOX NOT NULL, corners VARCHAR NOT NULL,
      start_mjd DOUBLE PRECISION) PARTITION BY RANGE (start_mjd)`,
    ...years.map((year) =>
      partition(`image_footprint_${year}`, range(startOfYear(year), startOfYear(year + 1))),
    ),
    partition("image_footprint_earlier", range("MINVALUE", startOfYear(first))),
    partition(LATER, range(startOfYear(last + YEARS_AHEAD + 1), "MAXVALUE")),
    partition(UNDATED, "DEFAULT"),
    `INSERT INTO ${fresh} SELECT id, xy, z, image_footprint.corners, image_detail.start_mjd
      FROM image_footprint LEFT JOIN image_detail ON image_id = id ORDER BY id`,
    `CREATE INDEX ix_image_footprint_new ON ${fresh} USING gist (xy, z)`,
    `CREATE INDEX ix_image_footprint_id_new ON ${fresh} (id)`,
    // with the owner of the old table and the rights granted on it
    `DO $rights$ DECLARE given record; part record; BEGIN
      FOR part IN SELECT relid FROM pg_partition_tree('${fresh}') LOOP
        EXECUTE (SELECT format('ALTER TABLE %s OWNER TO %I', part.relid, pg_get_userbyid(relowner))
          FROM pg_class WHERE oid = 'image_footprint'::regclass);
      END LOOP;
      FOR given IN SELECT privilege_type,
          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
        FROM pg_class, aclexplode(relacl) WHERE oid = 'image_footprint'::regclass
        LOOP EXECUTE format('GRANT %s ON ${fresh} TO %s', given.privilege_type, given.grantee); END LOOP;
    END $rights$`,
    "DROP TABLE image_footprint",
    `ALTER TABLE ${fresh} RENAME TO image_footprint`,
    "ALTER INDEX ix_image_footprint_new RENAME TO ix_image_footprint",
    "ALTER INDEX ix_image_footprint_id_new RENAME TO ix_image_footprint_id",
    ...names.map((name) => `ALTER TABLE ${name}_new RENAME TO ${name}`),
    "ANALYZE image_footprint",
  ];
}
