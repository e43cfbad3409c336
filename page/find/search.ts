import { signal } from "@preact/signals";
import { createClient, type operations } from "@sbnsis/client";
import { type FoundPage, type ImageRow, island, serviceRoot } from "../app/island.ts";
import { ServiceError } from "../app/service.ts";

type Query = NonNullable<operations["queryImages"]["parameters"]["query"]>;

/** Parameters that the address shares with /query. */
export const SEARCH_PARAMETERS = [
  ...(["pos", "radius", "time", "target", "filter"] as const),
  ...(["collection", "facility", "instrument", "obs_id", "order"] as const),
];

export type SearchParameters = Readonly<Partial<Record<(typeof SEARCH_PARAMETERS)[number], string>>>;

/** Rows per request: the maximum of the service. */
const PAGE_ROWS = 1000;

/** Maximum number of rows that the page keeps. */
const MAX_ROWS = 100_000;

const client = createClient(serviceRoot);

/** The search in an address. */
export function searchOf(url: string): SearchParameters {
  const given = new URL(url).searchParams;
  const entries = SEARCH_PARAMETERS.map((name) => [name, given.get(name)?.trim() ?? ""] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** Number of images that a search finds. Errors: ServiceError. */
export async function countImages(search: SearchParameters, abort: AbortSignal): Promise<number> {
  return (await requestPage({ ...search, maxrec: 0, after: "0" } as Query, abort)).total;
}

async function requestPage(query: Query, abort: AbortSignal): Promise<FoundPage> {
  const { data, error, response } = await client.GET("/query", { params: { query }, signal: abort });
  if (data !== undefined) return data as unknown as FoundPage;
  const { code = "HTTP", detail = "The service cannot respond." } = error ?? {};
  throw new ServiceError(response.status, String(code), String(detail));
}

/** The results so far. */
export interface Found {
  readonly search: SearchParameters;
  readonly total: number;
  readonly rows: readonly ImageRow[];
  /** Cursor of the next page; null when all rows have been read. */
  readonly next: string | null;
  readonly isLoading: boolean;
  readonly error: unknown;
}

const NOTHING: Found = { search: {}, total: 0, rows: [], next: null, isLoading: false, error: undefined };

/** The search of Find: rows are read page by page as the user scrolls. */
export class Search {
  readonly found = signal<Found>(NOTHING);
  #abort = new AbortController();

  constructor(url: string) {
    const { found } = island;
    if (found === undefined) void this.start(searchOf(url));
    else {
      const { total, results, next = null } = found;
      this.found.value = { ...NOTHING, search: searchOf(url), total, rows: results, next };
    }
  }

  /** Starts another search. */
  async start(search: SearchParameters): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.found.value = { ...NOTHING, search, isLoading: true, next: "0" };
    await this.#read("0");
  }

  /** Reads the next page, unless one is being read. */
  async more(): Promise<void> {
    const { next, isLoading, rows } = this.found.value;
    if (next === null || isLoading || rows.length >= MAX_ROWS) return;
    this.found.value = { ...this.found.value, isLoading: true };
    await this.#read(next);
  }

  async #read(after: string): Promise<void> {
    const { signal: abort } = this.#abort;
    const before = this.found.value;
    try {
      const query = { ...before.search, maxrec: PAGE_ROWS, after } as Query;
      const page = await requestPage(query, abort);
      if (abort.aborted) return;
      this.found.value = {
        ...before,
        total: page.total,
        rows: [...before.rows, ...page.results],
        next: page.next ?? null,
        isLoading: false,
      };
    } catch (error) {
      if (!abort.aborted) this.found.value = { ...before, isLoading: false, error };
    }
  }
}
