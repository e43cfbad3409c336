import { BLOCK_IDS, countedBlocks, summedBlocks } from "../../paging/block-counts.ts";
import type { Migration } from "../../schema/tables.ts";

const COMBINATION = "collection, facility, instrument, data_product_type";

/**
 * A trigger function. It runs with the rights of its owner, so that users who may change `image`
 * need none on our tables, and with only the schema of `image` in its search path, so that nobody
 * can substitute other tables.
 */
function triggerFunction(name: string, body: string): string {
  return `DO $install$ BEGIN
    EXECUTE format($format$CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql
      SECURITY DEFINER SET search_path = %I, pg_temp AS $body$ BEGIN ${body.replaceAll("%", "%%")} RETURN NULL; END $body$ $format$,
      current_schema());
  END $install$`;
}

const trigger = (name: string, when: string, what: string): string =>
  `CREATE TRIGGER ${name} AFTER ${when} FOR EACH STATEMENT EXECUTE FUNCTION ${what}()`;

const addChange = (from: string): string =>
  `INSERT INTO image_count_change (${COMBINATION}, count)
     SELECT ${COMBINATION}, sum(n) FROM (${from}) AS changed GROUP BY ${COMBINATION} HAVING sum(n) <> 0;`;

// if each combination had one row, two writers would wait for each other and could deadlock: they
// only add rows, and now and then one of them sums up those that exist
const FOLD = `IF nextval('image_count_turn') % 500 = 0 AND pg_try_advisory_xact_lock(hashtext('image_count_change')) THEN
    WITH folded AS (DELETE FROM image_count_change RETURNING *)
    INSERT INTO image_count_change (${COMBINATION}, count)
      SELECT ${COMBINATION}, sum(count) FROM folded GROUP BY ${COMBINATION} HAVING sum(count) <> 0;
  END IF;`;

const SEALED = `(SELECT blocks * ${BLOCK_IDS} FROM image_sealed)`;

// like the counts above: rows are only added, and summed up when blocks are sealed
const addBlocks = (from: string): string =>
  `IF EXISTS (SELECT FROM (${from}) AS touched WHERE id < ${SEALED}) THEN
    INSERT INTO image_block (dimension, value, block, count)
      ${summedBlocks("chr", `SELECT ${COMBINATION}, id / ${BLOCK_IDS} AS block, n FROM (${from}) AS changed WHERE id < ${SEALED}`)};
  END IF;`;
const ADDED = `SELECT id, ${COMBINATION}, 1 AS n FROM added`;
const GONE = `SELECT id, ${COMBINATION}, -1 AS n FROM gone`;

/**
 * The schema on PostgreSQL, step by step; all steps are applied in one transaction. No extension is
 * needed.
 */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    title: "the table image of the existing service",
    up: [
      `CREATE TABLE IF NOT EXISTS image (
        id SERIAL PRIMARY KEY,
        obs_id VARCHAR NOT NULL,
        collection VARCHAR NOT NULL,
        facility VARCHAR NOT NULL,
        instrument VARCHAR NOT NULL,
        data_product_type VARCHAR NOT NULL DEFAULT 'image',
        calibration_level INTEGER,
        target VARCHAR,
        pixel_scale DOUBLE PRECISION,
        image_url VARCHAR,
        label_url VARCHAR
      )`,
      "CREATE UNIQUE INDEX IF NOT EXISTS ix_image_obs_id ON image (obs_id)",
    ],
  },
  {
    version: 2,
    title: "what else labels say, and the index of footprints",
    up: [
      `CREATE TABLE image_detail (
        image_id INTEGER PRIMARY KEY,
        version_id VARCHAR NOT NULL,
        label_digest VARCHAR NOT NULL,
        label_stamp VARCHAR,
        title VARCHAR,
        start_time VARCHAR,
        stop_time VARCHAR,
        start_mjd DOUBLE PRECISION,
        stop_mjd DOUBLE PRECISION,
        exposure DOUBLE PRECISION,
        filter VARCHAR,
        field_id VARCHAR,
        limiting_magnitude DOUBLE PRECISION,
        corners VARCHAR,
        md5 VARCHAR,
        file_size BIGINT
      )`,
      "CREATE INDEX ix_image_detail_start ON image_detail (start_mjd, stop_mjd)",
      "CREATE INDEX ix_image_detail_filter ON image_detail (filter, start_mjd, stop_mjd)",
      "CREATE INDEX ix_image_detail_long ON image_detail ((stop_mjd - start_mjd)) WHERE stop_mjd - start_mjd > 1",
      // includes the id, so that pages ordered by id need no sorting; the Python service's indexes
      // have only the column
      "CREATE INDEX ix_image_collection_order ON image (collection, id)",
      "CREATE INDEX ix_image_facility_order ON image (facility, id)",
      "CREATE INDEX ix_image_instrument_order ON image (instrument, id)",
      "CREATE INDEX ix_image_target ON image (target)",
      "CREATE INDEX ix_image_label_url ON image (label_url)",
      // prefixes of LIDs are compared by code points, whatever the collation of the database
      'CREATE INDEX ix_image_obs_id_c ON image (obs_id COLLATE "C")',
      "CREATE TABLE image_footprint (id INTEGER PRIMARY KEY, xy BOX NOT NULL, z BOX NOT NULL)",
      "CREATE INDEX ix_image_footprint ON image_footprint USING gist (xy, z)",
      triggerFunction(
        "image_detail_deleted",
        `DELETE FROM image_detail USING gone WHERE image_id = gone.id;
         DELETE FROM image_footprint USING gone WHERE image_footprint.id = gone.id;`,
      ),
      trigger("image_detail_delete", "DELETE ON image REFERENCING OLD TABLE AS gone", "image_detail_deleted"),
      triggerFunction("image_detail_emptied", "DELETE FROM image_detail; DELETE FROM image_footprint;"),
      trigger("image_detail_truncate", "TRUNCATE ON image", "image_detail_emptied"),
    ],
  },
  {
    version: 3,
    title: "counts by collection, facility, instrument and type, kept by triggers",
    up: [
      `CREATE TABLE image_count_change (
        collection VARCHAR NOT NULL,
        facility VARCHAR NOT NULL,
        instrument VARCHAR NOT NULL,
        data_product_type VARCHAR NOT NULL,
        count BIGINT NOT NULL
      )`,
      "CREATE SEQUENCE image_count_turn",
      `CREATE VIEW image_count AS SELECT ${COMBINATION}, sum(count)::bigint AS count
        FROM image_count_change GROUP BY ${COMBINATION}`,
      triggerFunction(
        "image_count_inserted",
        `${addChange(`SELECT ${COMBINATION}, 1 AS n FROM added`)} ${FOLD}`,
      ),
      triggerFunction("image_count_deleted", addChange(`SELECT ${COMBINATION}, -1 AS n FROM gone`)),
      triggerFunction(
        "image_count_updated",
        addChange(`SELECT ${COMBINATION}, 1 AS n FROM added UNION ALL SELECT ${COMBINATION}, -1 FROM gone`),
      ),
      triggerFunction("image_count_emptied", "DELETE FROM image_count_change;"),
      // nobody may write between the count and the triggers
      "LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE",
      `INSERT INTO image_count_change (${COMBINATION}, count)
        SELECT ${COMBINATION}, count(*) FROM image GROUP BY ${COMBINATION}`,
      trigger("image_count_insert", "INSERT ON image REFERENCING NEW TABLE AS added", "image_count_inserted"),
      trigger("image_count_delete", "DELETE ON image REFERENCING OLD TABLE AS gone", "image_count_deleted"),
      trigger(
        "image_count_update",
        "UPDATE ON image REFERENCING OLD TABLE AS gone NEW TABLE AS added",
        "image_count_updated",
      ),
      trigger("image_count_truncate", "TRUNCATE ON image", "image_count_emptied"),
    ],
  },
  {
    version: 4,
    title: "counts by blocks of ids, for pages far into a list",
    up: [
      `CREATE TABLE image_block (
        dimension VARCHAR NOT NULL,
        value VARCHAR NOT NULL,
        block INTEGER NOT NULL,
        count BIGINT NOT NULL
      )`,
      "CREATE TABLE image_sealed (blocks BIGINT NOT NULL)",
      triggerFunction("image_block_inserted", addBlocks(ADDED)),
      triggerFunction("image_block_deleted", addBlocks(GONE)),
      triggerFunction("image_block_updated", addBlocks(`${ADDED} UNION ALL ${GONE}`)),
      triggerFunction("image_block_emptied", "DELETE FROM image_block; UPDATE image_sealed SET blocks = 0;"),
      // nobody may write between the count and the triggers
      "LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE",
      `INSERT INTO image_sealed SELECT coalesce(max(id) / ${BLOCK_IDS}, 0) FROM image`,
      `INSERT INTO image_block (dimension, value, block, count) ${summedBlocks("chr", countedBlocks(`id < ${SEALED}`))}`,
      "CREATE INDEX ix_image_block ON image_block (dimension, value, block) INCLUDE (count)",
      trigger("image_block_insert", "INSERT ON image REFERENCING NEW TABLE AS added", "image_block_inserted"),
      trigger("image_block_delete", "DELETE ON image REFERENCING OLD TABLE AS gone", "image_block_deleted"),
      trigger(
        "image_block_update",
        "UPDATE ON image REFERENCING OLD TABLE AS gone NEW TABLE AS added",
        "image_block_updated",
      ),
      trigger("image_block_truncate", "TRUNCATE ON image", "image_block_emptied"),
    ],
  },
  {
    version: 5,
    title: "corners beside the footprints, for searches by place",
    // a new table that replaces the old one at the very end, so that readers do not wait
    up: [
      "LOCK TABLE image IN SHARE ROW EXCLUSIVE MODE",
      `CREATE TABLE image_footprint_new (id INTEGER PRIMARY KEY, xy BOX NOT NULL, z BOX NOT NULL, corners VARCHAR NOT NULL)`,
      `INSERT INTO image_footprint_new SELECT id, xy, z, corners
        FROM image_footprint JOIN image_detail ON image_id = id WHERE corners IS NOT NULL ORDER BY id`,
      "CREATE INDEX ix_image_footprint_new ON image_footprint_new USING gist (xy, z)",
      // with the owner of the old one and the rights granted on it
      `DO $rights$ DECLARE given record; BEGIN
        EXECUTE (SELECT format('ALTER TABLE image_footprint_new OWNER TO %I', pg_get_userbyid(relowner))
          FROM pg_class WHERE oid = 'image_footprint'::regclass);
        FOR given IN SELECT privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
          FROM pg_class, aclexplode(relacl) WHERE oid = 'image_footprint'::regclass
        LOOP EXECUTE format('GRANT %s ON image_footprint_new TO %s', given.privilege_type, given.grantee); END LOOP;
      END $rights$`,
      "DROP TABLE image_footprint",
      "ALTER TABLE image_footprint_new RENAME TO image_footprint",
      "ALTER INDEX image_footprint_new_pkey RENAME TO image_footprint_pkey",
      "ALTER INDEX ix_image_footprint_new RENAME TO ix_image_footprint",
      "ANALYZE image_footprint",
    ],
  },
];
