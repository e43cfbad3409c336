/** One row of the table `image` (docs/architecture.md; the existing service's own columns). */
export interface ImageRecord {
  readonly obsId: string;
  /** Logical identifier of the collection: the first five fields of the LID. */
  readonly collection: string;
  readonly facility: string;
  readonly instrument: string;
  readonly dataProductType: string;
  readonly calibrationLevel: number | null;
  readonly target: string | null;
  /** Degrees per pixel. */
  readonly pixelScale: number | null;
  /** URL of the data file: file:, later http(s): and s3:. */
  readonly imageUrl: string | null;
  readonly labelUrl: string | null;
}

/** Exact matches, all of which must hold; `offset` and `maxrec` page through rows in the order of their ids. */
export interface ImageFilter {
  readonly collection?: string;
  readonly facility?: string;
  readonly instrument?: string;
  readonly dptype?: string;
  readonly maxrec: number;
  readonly offset: number;
}

export interface ImagePage {
  /** How many rows match in all. */
  readonly total: number;
  readonly records: readonly ImageRecord[];
}

export interface SummaryRow {
  readonly collection: string;
  readonly facility: string;
  readonly instrument: string;
  readonly count: number;
}

/** The reading side of the catalogue: what serving needs. It never writes. Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA. */
export interface Catalog {
  findImage(obsId: string): Promise<ImageRecord | undefined>;
  queryImages(filter: ImageFilter): Promise<ImagePage>;
  summarize(): Promise<readonly SummaryRow[]>;
  close(): Promise<void>;
}
