import type { ImageValues, SearchParameter, ShownDetail } from "./model/image.ts";
import type { ListedImage } from "./model/listed-image.ts";
import type {
  Observation,
  ObservationNames,
  ObservationOptions,
  ObservationQuery,
} from "./observations/observation.ts";
import type { SurveyCoverage, WantedCoverage } from "./sky-coverage/survey-coverage.ts";

/** One row of the table `image`: the Python service's own columns. */
export type ImageRecord = ImageValues<"image">;

/** What the label says in addition about an image; null for what it does not state. */
export type ImageDetail = ImageValues<"image_detail">;

/** Values that columns must have, by the names of their parameters. */
type Matches<Parameter extends string> = { readonly [P in Parameter]?: string };

/** Exact matches, all of which must hold; `offset` and `maxrec` page through rows ordered by id. */
export interface ImageFilter extends Matches<SearchParameter<"counted">> {
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

/** A page of a list, as responses show it. */
export interface ImageList {
  /** How many rows match in total. */
  readonly total: number;
  readonly images: readonly ListedImage[];
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
export interface ImageSearch extends Omit<ImageFilter, "after">, Matches<SearchParameter<"exact">> {
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
  /** A LID, or a prefix of one followed by `*`. */
  readonly obsId?: string;
  /** `distance` needs a place. */
  readonly order: SearchOrder;
  /** `next` of the previous page, in the same order. */
  readonly after?: SearchCursor;
}

/** What a search returns about an image in addition to its record. */
export type FoundDetail = ShownDetail;

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

/** How many images a search by place cannot find. */
export interface Coverage {
  readonly images: number;
  /** Images that are not in the index of footprints: all of them if there is no index. */
  readonly withoutFootprint: number;
}

/**
 * The catalog for reading, as needed for serving. Never writes. Errors: CATALOG_UNAVAILABLE,
 * CATALOG_SCHEMA.
 */
export interface Catalog {
  findImage(obsId: string): Promise<ImageRecord | undefined>;
  /** The images with these identifiers, by identifier; unknown ones are omitted. */
  findImages(obsIds: readonly string[]): Promise<ReadonlyMap<string, ImageRecord>>;
  /**
   * What the label says in addition to the record; undefined if the row is from the Python service,
   * or `sbnsis migrate` has not been run.
   */
  findDetail(obsId: string): Promise<ImageDetail | undefined>;
  queryImages(filter: ImageFilter): Promise<ImagePage>;
  /** The same page with what responses show of its images, in a third of the time. */
  listImages(filter: ImageFilter): Promise<ImageList>;
  /**
   * Additional errors: CATALOG_SCHEMA for a place, a time or a filter if `sbnsis migrate` has not
   * been run.
   */
  searchImages(search: ImageSearch): Promise<SearchPage>;
  /**
   * Observations that match a query, ordered by start (those without one last), then by id; in
   * batches, as fast as they are consumed. Additional errors: CATALOG_SCHEMA if `sbnsis migrate`
   * has not been run; the reason of the signal.
   */
  observations(query: ObservationQuery, options: ObservationOptions): AsyncIterable<readonly Observation[]>;
  /**
   * The observations of identifiers, in order: LIDs, case-insensitively, optionally with `::` and
   * the version; undefined for unknown ones. Additional errors: CATALOG_SCHEMA.
   */
  findObservations(ids: readonly string[]): Promise<readonly (Observation | undefined)[]>;
  /** Values that searches for observations can use. */
  observationNames(): Promise<ObservationNames>;
  /**
   * From the start of the first exposure to the end of the last one, Modified Julian Dates;
   * undefined if no image has a time.
   */
  timeSpan(): Promise<readonly [number, number] | undefined>;
  /** The coverages of surveys on the sky. Additional errors: CATALOG_SCHEMA. */
  surveyCoverages(): Promise<readonly SurveyCoverage[]>;
  /**
   * The coverage of a survey, or of `all`; undefined if there is none. An order limits the size of
   * its cells. Additional errors: CATALOG_SCHEMA.
   */
  surveyCoverage(wanted: WantedCoverage): Promise<Uint8Array | undefined>;
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
