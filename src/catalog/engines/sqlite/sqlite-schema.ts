import { BLOCK_IDS, blockLists, countedBlocks, summedBlocks } from "../../paging/block-counts.ts";
import type { Migration } from "../../schema/tables.ts";

const IMAGE = `CREATE TABLE IF NOT EXISTS image (
  id INTEGER NOT NULL,
  obs_id VARCHAR NOT NULL,
  collection VARCHAR NOT NULL,
  facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  data_product_type VARCHAR NOT NULL DEFAULT 'image',
  calibration_level INTEGER,
  target VARCHAR,
  pixel_scale DOUBLE PRECISION,
  image_url VARCHAR,
  label_url VARCHAR,
  PRIMARY KEY (id)
)`;

const COMBINATION = "collection, facility, instrument, data_product_type";
// no upsert: SQLite would journal every statement that fires it, including `insert or fail`, which
// doubles the time of an insert
const count = (row: "new" | "old", by: 1 | -1): string => {
  const same = COMBINATION.replace(/\w+/g, (name) => `image_count.${name} = ${row}.${name}`).replaceAll(
    ",",
    " AND",
  );
  const values = COMBINATION.replace(/\w+/g, (name) => `${row}.${name}`);
  return `INSERT INTO image_count (${COMBINATION}, count)
      SELECT ${values}, 0 WHERE NOT EXISTS (SELECT 1 FROM image_count WHERE ${same});
    UPDATE image_count SET count = count + (${by}) WHERE ${same};`;
};

// only rows in sealed blocks; newly harvested ones are not, so they cost no more than a look at
// image_sealed
const isSealed = (row: "new" | "old"): string =>
  `${row}.id < (SELECT blocks * ${BLOCK_IDS} FROM image_sealed)`;
const countBlock = (row: "new" | "old", by: 1 | -1): string => {
  const lists = blockLists("char", (name) => `${row}.${name}`)
    .map(([dimension, value]) => `SELECT ${dimension} AS dimension, ${value} AS value`)
    .join(" UNION ALL ");
  const block = `${row}.id / ${BLOCK_IDS}`;
  return `INSERT INTO image_block (dimension, value, block, count)
      SELECT dimension, value, ${block}, 0 FROM (${lists}) AS list WHERE ${isSealed(row)} AND NOT EXISTS (SELECT 1 FROM image_block AS kept
        WHERE kept.dimension = list.dimension AND kept.value = list.value AND kept.block = ${block});
    UPDATE image_block SET count = count + (${by}) WHERE ${isSealed(row)}
      AND (dimension, value, block) IN (SELECT dimension, value, ${block} FROM (${lists}));`;
};

/** The schema on SQLite, step by step; each step is applied in one transaction. */
export const SQLITE_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    title: "the table image of the existing service",
    up: [
      IMAGE,
      "CREATE UNIQUE INDEX IF NOT EXISTS ix_image_obs_id ON image (obs_id)",
      "CREATE INDEX IF NOT EXISTS ix_image_collection ON image (collection)",
      "CREATE INDEX IF NOT EXISTS ix_image_facility ON image (facility)",
      "CREATE INDEX IF NOT EXISTS ix_image_instrument ON image (instrument)",
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
      "CREATE INDEX ix_image_detail_long ON image_detail (stop_mjd - start_mjd) WHERE stop_mjd - start_mjd > 1",
      "CREATE INDEX ix_image_target ON image (target)",
      "CREATE INDEX ix_image_label_url ON image (label_url)",
      "CREATE VIRTUAL TABLE image_footprint USING rtree(id, x0, x1, y0, y1, z0, z1)",
      `CREATE TRIGGER image_detail_delete AFTER DELETE ON image BEGIN
        DELETE FROM image_detail WHERE image_id = old.id;
        DELETE FROM image_footprint WHERE id = old.id;
      END`,
    ],
  },
  {
    version: 3,
    title: "counts by collection, facility, instrument and type, kept by triggers",
    up: [
      `CREATE TABLE image_count (
        collection VARCHAR NOT NULL,
        facility VARCHAR NOT NULL,
        instrument VARCHAR NOT NULL,
        data_product_type VARCHAR NOT NULL,
        count BIGINT NOT NULL,
        PRIMARY KEY (${COMBINATION})
      ) WITHOUT ROWID`,
      `INSERT INTO image_count (${COMBINATION}, count)
        SELECT ${COMBINATION}, count(*) FROM image GROUP BY ${COMBINATION}`,
      `CREATE TRIGGER image_count_insert AFTER INSERT ON image BEGIN ${count("new", 1)} END`,
      `CREATE TRIGGER image_count_delete AFTER DELETE ON image BEGIN ${count("old", -1)} END`,
      `CREATE TRIGGER image_count_update AFTER UPDATE OF ${COMBINATION} ON image BEGIN
        ${count("old", -1)} ${count("new", 1)} END`,
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
        count BIGINT NOT NULL,
        PRIMARY KEY (dimension, value, block)
      ) WITHOUT ROWID`,
      "CREATE TABLE image_sealed (blocks INTEGER NOT NULL)",
      `INSERT INTO image_sealed SELECT coalesce(max(id) / ${BLOCK_IDS}, 0) FROM image`,
      `INSERT INTO image_block (dimension, value, block, count)
        ${summedBlocks("char", countedBlocks(`id < (SELECT blocks * ${BLOCK_IDS} FROM image_sealed)`))}`,
      `CREATE TRIGGER image_block_insert AFTER INSERT ON image WHEN ${isSealed("new")} BEGIN ${countBlock("new", 1)} END`,
      `CREATE TRIGGER image_block_delete AFTER DELETE ON image WHEN ${isSealed("old")} BEGIN ${countBlock("old", -1)} END`,
      `CREATE TRIGGER image_block_update AFTER UPDATE OF id, ${COMBINATION} ON image
        WHEN ${isSealed("old")} OR ${isSealed("new")} BEGIN ${countBlock("old", -1)} ${countBlock("new", 1)} END`,
    ],
  },
];
