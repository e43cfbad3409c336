import type { Generated } from "kysely";

/** The existing service's own table; production databases have exactly this. */
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

/** What else the label says; rows made by the existing service have none. */
export interface ImageDetailTable {
  /** `image.id`. */
  image_id: number;
  version_id: string;
  /** Digest of the label's bytes: equal ones are the same product. */
  label_digest: string;
  /** State of the label file when it was read: while it is the same, the label need not be read again. */
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
  /** JSON: four pairs of right ascension and declination around the image, degrees. */
  corners: string | null;
  md5: string | null;
  file_size: number | null;
}

/** Rows of `image` by combination, kept by triggers. */
interface ImageCountTable {
  collection: string;
  facility: string;
  instrument: string;
  data_product_type: string;
  count: number;
}

/** Rows of `image` by blocks of consecutive ids (block-counts.ts). */
interface ImageBlockTable {
  dimension: string;
  value: string;
  block: number;
  count: number;
}

/** One row: how many blocks, from 0 on, are in `image_block`. */
interface ImageSealedTable {
  blocks: number;
}

/** One row for each migration that was applied. */
interface SchemaTable {
  version: number;
}

/**
 * Index of footprints: a box in the space of unit vectors around each image, so that poles and RA 0 are ordinary places.
 * Bounds are rounded outward. Time is no axis of it: that would make it fifteen times slower for places.
 */
interface ImageFootprintTable {
  id: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  z0: number;
  z1: number;
  /** As in `image_detail`; PostgreSQL only, from step 5 of the schema on. */
  corners: string;
}

/** Everything in the database of the catalogue. */
export interface CatalogTables {
  image: ImageTable;
  image_detail: ImageDetailTable;
  image_count: ImageCountTable;
  image_block: ImageBlockTable;
  image_sealed: ImageSealedTable;
  image_footprint: ImageFootprintTable;
  sis_schema: SchemaTable;
}
