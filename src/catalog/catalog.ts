import type { SkyCorners } from "@sbnsis/wcs/internal";
import type { Coverage } from "./coverage.ts";

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

/** What else a label says of an image. Null: it does not say it. */
export interface ImageDetail {
  readonly versionId: string;
  /** Digest of the label's bytes. */
  readonly labelDigest: string;
  readonly title: string | null;
  /** As the label writes them. */
  readonly startTime: string | null;
  readonly stopTime: string | null;
  /** Modified Julian Date, UTC; where the label gives but one of the times, both are that one. */
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

/** Exact matches, all of which must hold; `offset` and `maxrec` page through rows in the order of their ids. */
export interface ImageFilter {
  readonly collection?: string;
  readonly facility?: string;
  readonly instrument?: string;
  readonly dptype?: string;
  readonly maxrec: number;
  readonly offset: number;
  /** `next` of the page before: rows after it. Quicker than an offset, and steady while rows are added. */
  readonly after?: number;
}

export interface ImagePage {
  /** How many rows match in all. */
  readonly total: number;
  readonly records: readonly ImageRecord[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: number;
}

/** Orders of found images: by id; by start time, those without one last; by the distance of the place from the middle of the image. */
export type SearchOrder = "id" | "time" | "distance";

/** The last image of a page, after which the next one begins. */
export interface SearchCursor {
  readonly id: number;
  /** Its start (MJD) or distance (degrees), whichever the order goes by; null where it has none, and in the order of ids. */
  readonly key: number | null;
}

/** A search by place, time and more; all that is given must hold. */
export interface ImageSearch extends Omit<ImageFilter, "after"> {
  /** ICRS, degrees. Radius 0: images whose footprint contains the place; else those that meet the circle. */
  readonly place?: { readonly ra: number; readonly dec: number; readonly radius: number };
  /** Images exposed at any moment of this interval, Modified Julian Date (UTC); ends may be infinite. */
  readonly time?: { readonly start: number; readonly stop: number };
  readonly target?: string;
  readonly filter?: string;
  /** A LID, or its beginning and `*`. */
  readonly obsId?: string;
  /** `distance` needs a place. */
  readonly order: SearchOrder;
  /** `next` of the page before, in the same order. */
  readonly after?: SearchCursor;
}

/** What a search says of an image beyond its record. */
export type FoundDetail = Pick<ImageDetail, "startTime" | "stopTime" | "exposure" | "filter" | "corners">;

/** A found image; `detail` is undefined for rows that the existing service made. */
export interface FoundImage {
  readonly record: ImageRecord;
  readonly detail: FoundDetail | undefined;
}

export interface SearchPage {
  /** How many images match in all, those of other pages included. */
  readonly total: number;
  readonly images: readonly FoundImage[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: SearchCursor;
  /** For a place: how many images of the catalogue have no footprint, so that no place finds them; left out for none. */
  readonly withoutFootprint?: number;
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
  /** What the label told beyond the record; undefined where it was harvested by the existing system, or `sbnsis migrate` has not been run. */
  findDetail(obsId: string): Promise<ImageDetail | undefined>;
  queryImages(filter: ImageFilter): Promise<ImagePage>;
  /** Errors besides: CATALOG_SCHEMA for a place, a time or a filter where `sbnsis migrate` has not been run. */
  searchImages(search: ImageSearch): Promise<SearchPage>;
  summarize(): Promise<readonly SummaryRow[]>;
  /** Whether URLs of the catalogue are on a host, given as `host:port`; a catalogue that cannot tell has no such function. */
  namesHost?(host: string): Promise<boolean>;
  /** How many images have a footprint, as of a moment ago. */
  coverage(): Promise<Coverage>;
  /** Connects, unless it is connected. Every other operation does so too when it must. */
  open(): Promise<void>;
  /** Reads what each kind of request reads, so that it fails where they would. */
  probe(): Promise<void>;
  /** What the operator should be told, such as migrations that are due, as of the last time it was opened. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}
