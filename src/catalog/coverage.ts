import { type RawBuilder, sql } from "kysely";
import type { Coverage } from "./catalog.ts";
import type { CatalogDatabase } from "./engines/engine.ts";
import type { SchemaParts } from "./schema/tables.ts";

/** The number that a query counts. */
async function counted({ kysely }: CatalogDatabase, count: RawBuilder<{ n: number }>): Promise<number> {
  const { rows } = await count.execute(kysely);
  return Number(rows[0]?.n ?? 0);
}

/** Counts the images without a footprint; `images` is their total number, if known. */
export async function readCoverage(
  database: CatalogDatabase,
  { hasDetails }: Pick<SchemaParts, "hasDetails">,
  images?: number,
): Promise<Coverage> {
  const all = images ?? (await counted(database, sql`select count(*) as n from image`));
  const footprints = hasDetails ? await counted(database, database.engine.footprints) : 0;
  return { images: all, withoutFootprint: Math.max(0, all - footprints) };
}

/** Counts the images for which only the Python service's own columns are known. */
export async function countBareImages(database: CatalogDatabase): Promise<number> {
  const bare = sql<{ n: number }>`select count(*) as n from image
    where not exists (select 1 from image_detail where image_id = image.id)`;
  return await counted(database, bare);
}

/**
 * A count is repeated after this many times its duration at the earliest, and not before FRESH_MS.
 */
const REST = 100;
const FRESH_MS = 1000;
/** Counts that take longer are repeated in the background while the last one is used. */
const QUICK_MS = 20;

/**
 * Caches the coverage of a served database: with many images, counting takes longer than a search.
 */
export class CachedCoverage {
  readonly #read: () => Promise<Coverage>;
  #cached: Promise<Coverage> | undefined;
  #tookMs = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<Coverage> | undefined;

  constructor(read: () => Promise<Coverage>) {
    this.#read = read;
  }

  async current(): Promise<Coverage> {
    const isOld = performance.now() - this.#readAt > Math.max(FRESH_MS, REST * this.#tookMs);
    if (this.#cached === undefined || isOld) {
      this.#reading ??= this.#renew();
      if (this.#cached === undefined || this.#tookMs < QUICK_MS) return await this.#reading;
    }
    return await this.#cached;
  }

  #renew(): Promise<Coverage> {
    const started = performance.now();
    const reading = this.#read()
      .then((coverage) => {
        this.#cached = reading;
        this.#readAt = performance.now();
        this.#tookMs = this.#readAt - started;
        return coverage;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    // callers that wait for it get the error; the next one reads again
    reading.catch(() => undefined);
    return reading;
  }
}
