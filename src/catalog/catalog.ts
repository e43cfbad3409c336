import type { SkyCorners } from "@sbnsis/wcs/internal";
import type { Coverage } from "./coverage.ts";

/** One row of the table `image` (docs/architecture.md; the Python service's own columns). */
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
  /** URL of the data file: file:, http(s): or s3:. */
  readonly imageUrl: string | null;
  readonly labelUrl: string | null;
}

/** What else the label says about an image; null for what it does not say. */
export interface ImageDetail {
  readonly versionId: string;
  /** Digest of the label's bytes. */
  readonly labelDigest: string;
  readonly title: string | null;
  /** As written in the label. */
  readonly startTime: string | null;
  readonly stopTime: string | null;
  /** Modified Julian Date, UTC; if the label gives only one of the times, both are set to it. */
  readonly startMjd: number | null;
  readonly stopMjd: number | null;
  /** Seconds. */
  readonly exposure: number | null;
  readonly filter: string | null;
  readonly fieldId: string | null;
  readonly limitingMagnitude: number | null;
  readonly corners: SkyCorners | null;
  readonly md5: string | null;
  /** Bytes of the data file. */
  readonly fileSize: number | null;
}

/** Exact matches, all of which must hold; `offset` and `maxrec` page through rows ordered by id. */
export interface ImageFilter {
  readonly collection?: string;
  readonly facility?: string;
  readonly instrument?: string;
  readonly dptype?: string;
  readonly maxrec: number;
  readonly offset: number;
  /**
   * `next` of the previous page: rows after it. Faster than an offset, and stable while rows are
   * added.
   */
  readonly after?: number;
}

export interface ImagePage {
  /** How many rows match in total. */
  readonly total: number;
  readonly records: readonly ImageRecord[];
  /** Where the next page starts; undefined on the last one. */
  readonly next?: number;
}

/**
 * Orders of search results: by id; by start time, with images without one last; by the distance of
 * the place from the center of the image.
 */
export type SearchOrder = "id" | "time" | "distance";

/** The last image of a page, after which the next page starts. */
export interface SearchCursor {
  readonly id: number;
  /**
   * Its start (MJD) or distance (degrees), depending on the order; null if it has none, and in the
   * order of ids.
   */
  readonly key: number | null;
}

/** A search by place, time and more; all given conditions must hold. */
export interface ImageSearch extends Omit<ImageFilter, "after"> {
  /**
   * ICRS, degrees. Radius 0: images whose footprint contains the place; otherwise those that
   * overlap the circle.
   */
  readonly place?: { readonly ra: number; readonly dec: number; readonly radius: number };
  /**
   * Images exposed at any moment of this interval, Modified Julian Date (UTC); ends may be
   * infinite.
   */
  readonly time?: { readonly start: number; readonly stop: number };
  readonly target?: string;
  readonly filter?: string;
  /** A LID, or a prefix of one followed by `*`. */
  readonly obsId?: string;
  /** `distance` needs a place. */
  readonly order: SearchOrder;
  /** `next` of the previous page, in the same order. */
  readonly after?: SearchCursor;
}

/** What a search returns about an image in addition to its record. */
export type FoundDetail = Pick<ImageDetail, "startTime" | "stopTime" | "exposure" | "filter" | "corners">;

/** An image found; `detail` is undefined for rows that the Python service created. */
export interface FoundImage {
  readonly record: ImageRecord;
  readonly detail: FoundDetail | undefined;
}

export interface SearchPage {
  /** How many images match in total, including those on other pages. */
  readonly total: number;
  readonly images: readonly FoundImage[];
  /** Where the next page starts; undefined on the last one. */
  readonly next?: SearchCursor;
  /**
   * For a place: how many images of the catalog have no footprint and therefore cannot be found;
   * omitted if none.
   */
  readonly withoutFootprint?: number;
}

export interface SummaryRow {
  readonly collection: string;
  readonly facility: string;
  readonly instrument: string;
  readonly count: number;
}

/**
 * The catalog for reading, as needed for serving. Never writes. Errors: CATALOG_UNAVAILABLE,
 * CATALOG_SCHEMA.
 */
export interface Catalog {
  findImage(obsId: string): Promise<ImageRecord | undefined>;
  /**
   * What the label says in addition to the record; undefined if the row is from the Python service,
   * or `sbnsis migrate` has not been run.
   */
  findDetail(obsId: string): Promise<ImageDetail | undefined>;
  queryImages(filter: ImageFilter): Promise<ImagePage>;
  /**
   * Additional errors: CATALOG_SCHEMA for a place, a time or a filter if `sbnsis migrate` has not
   * been run.
   */
  searchImages(search: ImageSearch): Promise<SearchPage>;
  summarize(): Promise<readonly SummaryRow[]>;
  /**
   * Whether the catalog has URLs on a host, given as `host:port`; missing in a catalog that cannot
   * tell.
   */
  namesHost?(host: string): Promise<boolean>;
  /** How many images have a footprint, possibly slightly out of date. */
  coverage(): Promise<Coverage>;
  /** Connects, unless already connected. Every other operation connects on demand too. */
  open(): Promise<void>;
  /** Runs one query of each kind that requests need, so that it fails if they would. */
  probe(): Promise<void>;
  /**
   * What the operator should know, such as pending migrations, as of the last time it was opened.
   */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}
