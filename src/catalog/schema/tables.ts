import type { Generated } from "kysely";
import type { StoredColumns } from "../model/image.ts";

/** The Python service's own table; production databases have exactly this. */
type ImageTable = { id: Generated<number> } & StoredColumns<"image">;

/** What else the label says; rows created by the Python service have none. */
type ImageDetailTable = {
  /** `image.id`. */
  image_id: number;
  /**
   * State of the label file when it was read: as long as it is the same, the label need not be read
   * again.
   */
  label_stamp: string | null;
} & StoredColumns<"image_detail">;

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
  /**
   * The oldest schema whose programs can use the tables too. The column is added by the first
   * migration that says so; without a value, none can.
   */
  oldest?: number | null;
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

/** The coverage of each survey on the sky, and of all of them, named `all`. */
interface ImageCoverageTable {
  survey: string;
  /** HEALPix order of its cells. */
  moc_order: number;
  /** Square degrees. */
  area: number;
  /** Number of footprints in all coverages, and the largest id of their images. */
  footprints: number;
  upto: number;
  /** FITS file (IVOA MOC 2.0) in base64. */
  moc: string;
}

/** All tables of the catalog's database. */
export interface CatalogTables {
  image: ImageTable;
  image_detail: ImageDetailTable;
  image_count: ImageCountTable;
  image_block: ImageBlockTable;
  image_sealed: ImageSealedTable;
  image_footprint: ImageFootprintTable;
  image_coverage: ImageCoverageTable;
  sis_schema: SchemaTable;
}

/** What a version of the schema has; 0 is a bare table of the Python service. */
export interface SchemaParts {
  readonly version: number;
  /** `image_detail`, and the index of footprints. */
  readonly hasDetails: boolean;
  /** `image_count`, maintained by triggers. */
  readonly hasCounts: boolean;
  /** Counts by blocks of ids. */
  readonly hasBlocks: boolean;
  /** Whether `image_footprint` has the corners too. */
  readonly hasFootprintCorners: boolean;
  /** Whether `image_footprint` is partitioned by year, with the start of the exposure. */
  readonly hasFootprintYears: boolean;
}

/** One step of the schema. Steps only add: the Python service keeps working with the same table. */
export interface Migration {
  readonly version: number;
  readonly title: string;
  /** The oldest schema whose programs can use the tables afterwards; defaults to its own. */
  readonly oldest?: number;
  /** Statements without the semicolon at their end. */
  readonly up: readonly string[];
}
