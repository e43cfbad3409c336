import type { Generated } from "kysely";

/** The Python service's own table; production databases have exactly this. */
export interface ImageTable {
  id: Generated<number>;
  obs_id: string;
  collection: string;
  facility: string;
  instrument: string;
  data_product_type: string;
  calibration_level: number | null;
  target: string | null;
  /** Degrees per pixel. */
  pixel_scale: number | null;
  image_url: string | null;
  label_url: string | null;
}

/** What else the label says; rows created by the Python service have none. */
export interface ImageDetailTable {
  /** `image.id`. */
  image_id: number;
  version_id: string;
  /** Digest of the label's bytes: labels with equal digests are the same product. */
  label_digest: string;
  /**
   * State of the label file when it was read: as long as it is the same, the label need not be read
   * again.
   */
  label_stamp: string | null;
  title: string | null;
  start_time: string | null;
  stop_time: string | null;
  /** Modified Julian Date, UTC. */
  start_mjd: number | null;
  stop_mjd: number | null;
  /** Seconds. */
  exposure: number | null;
  filter: string | null;
  field_id: string | null;
  limiting_magnitude: number | null;
  /** JSON: four pairs of right ascension and declination around the image, in degrees. */
  corners: string | null;
  md5: string | null;
  file_size: number | null;
}

/** Number of rows of `image` by combination, maintained by triggers. */
interface ImageCountTable {
  collection: string;
  facility: string;
  instrument: string;
  data_product_type: string;
  count: number;
}

/** Number of rows of `image` by blocks of consecutive ids (block-counts.ts). */
interface ImageBlockTable {
  dimension: string;
  value: string;
  block: number;
  count: number;
}

/** One row: the number of blocks, from 0 on, that are in `image_block`. */
interface ImageSealedTable {
  blocks: number;
}

/** One row per applied migration. */
interface SchemaTable {
  version: number;
}

/**
 * Index of footprints: a box in the space of unit vectors around each image, so that the poles and
 * RA 0 are ordinary places. Bounds are rounded outward. Time is not one of its axes: that would
 * make searches by place fifteen times slower.
 */
interface ImageFootprintTable {
  id: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  z0: number;
  z1: number;
  /** As in `image_detail`; only in PostgreSQL, from step 5 of the schema on. */
  corners: string;
}

/** All tables of the catalog's database. */
export interface CatalogTables {
  image: ImageTable;
  image_detail: ImageDetailTable;
  image_count: ImageCountTable;
  image_block: ImageBlockTable;
  image_sealed: ImageSealedTable;
  image_footprint: ImageFootprintTable;
  sis_schema: SchemaTable;
}

/** One step of the schema. Steps only add: the Python service keeps working with the same table. */
export interface Migration {
  readonly version: number;
  readonly title: string;
  readonly up: readonly string[];
}
