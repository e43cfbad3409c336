/** An image as rows of /query describe it (docs/openapi.json); null for what is not known. */
export interface ImageRow {
  readonly obs_id: string;
  readonly collection: string;
  readonly facility: string;
  readonly instrument: string;
  readonly target: string | null;
  /** Degrees per pixel. */
  readonly pixel_scale: number | null;
  readonly access_url: string;
  /** ISO 8601, UTC. */
  readonly start?: string | null;
  readonly stop?: string | null;
  /** Middle of the exposure, Modified Julian Date, UTC. */
  readonly mid_mjd?: number | null;
  /** Seconds. */
  readonly exposure?: number | null;
  readonly filter?: string | null;
  /** ICRS, degrees, in order around the image. */
  readonly corners?: readonly (readonly [ra: number, dec: number])[] | null;
  /** Degrees from the position of the search to the middle of the image. */
  readonly distance?: number | null;
}

/** How many images of one collection, facility and instrument the catalog has. */
export interface SummaryRow {
  readonly collection: string;
  readonly facility: string;
  readonly instrument: string;
  readonly count: number;
}

/** The first page of a search. */
export interface FoundPage {
  readonly total: number;
  readonly count: number;
  /** Value of `after` for the next page. */
  readonly next?: string | null;
  readonly results: readonly ImageRow[];
}

export type ViewName = "find" | "look" | "compare" | "cut";

/** Data that the service embeds in the HTML of a view for its script. */
export interface Island {
  readonly view: ViewName;
  /** The root of the service relative to the address of this document, such as `../../`. */
  readonly root: string;
  /** Public address of the service, for copied links and commands. */
  readonly publicBase: string;
  readonly version: string;
  /** Largest side of a cutout, pixels. */
  readonly maximumPixels: number;
  /** Largest number of rows of a batch; null where the service has no batches. */
  readonly maximumRows: number | null;
  /** Address of the CATCH API; empty if its jobs cannot be opened. */
  readonly catchUrl: string;
  /** Addresses of the worker scripts, relative to the root. */
  readonly workers: Readonly<Record<string, string>>;
  /** Address of the picture that the document shows first, relative to the root. */
  readonly picture?: string;
  /**
   * Look: address, relative to the root, of what to request once the first picture has arrived: the
   * service reads the whole image for it, which would delay the picture.
   */
  readonly next?: string;
  /** Look: the image. */
  readonly image?: ImageRow;
  /** Find: the first page of the search in the address, and a summary of the catalog. */
  readonly found?: FoundPage;
  readonly summary?: readonly SummaryRow[];
}

function readIsland(): Island {
  const text = document.getElementById("island")?.textContent;
  if (!text) throw new Error("the page contains no data from the service");
  return JSON.parse(text) as Island;
}

/** The data that came with the document. */
export const island: Island = readIsland();

/** Address of the service, ending in a slash; fixed when the document is loaded. */
export const serviceRoot: string = new URL(island.root, location.href).href;

/**
 * Absolute address of a resource of the service.
 * @param path below the root, without a leading slash and already encoded
 */
export function serviceUrl(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const url = new URL(path, serviceRoot);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  }
  return url.href;
}

export type QueryValue = string | number | boolean | null | undefined;

/** Address of an image, or of the resource `below` it. */
export function imageUrl(id: string, query?: Readonly<Record<string, QueryValue>>, below = ""): string {
  return serviceUrl(`images/${encodeURIComponent(id)}${below}`, query);
}

/** Address of the page that shows an image. */
export function lookUrl(id: string, query?: Readonly<Record<string, QueryValue>>): string {
  return serviceUrl(`view/image/${encodeURIComponent(id)}`, query);
}

/** The public form of an address of this service, for copied links and commands. */
export function publicUrl(url: string): string {
  return `${island.publicBase}/${new URL(url, serviceRoot).href.slice(serviceRoot.length)}`;
}

/**
 * Address of a worker's script, such as `decode`. Errors: an Error for a worker that is not in the
 * build.
 */
export function workerUrl(name: string): string {
  const path = island.workers[name];
  if (path === undefined) throw new Error(`the build has no worker ${name}`);
  return new URL(path, serviceRoot).href;
}

/** Address of the picture that the document shows first; undefined if it shows none. */
export const firstPicture: string | undefined = island.picture && serviceUrl(island.picture);
