import { type Kysely, type RawBuilder, sql } from "kysely";
import { type DatabaseDialect, dialectOf } from "./engines/dialect.ts";
import type { SchemaParts } from "./schema/schema.ts";
import type { CatalogTables } from "./schema/tables.ts";

/** How many images a search by place cannot find. */
export interface Coverage {
  readonly images: number;
  /** Images that are not in the index of footprints: all of them if there is no index. */
  readonly withoutFootprint: number;
}

type Count = RawBuilder<{ n: number }>;

const FOOTPRINTS: Readonly<Record<DatabaseDialect, Count>> = {
  // the R*Tree's shadow table with one row per entry (SQLite documentation, "The SQLite R*Tree
  // Module", 6)
  sqlite: sql`select count(*) as n from image_footprint_rowid`,
  postgresql: sql`select count(*) as n from image_footprint`,
};

async function counted(database: Kysely<CatalogTables>, count: Count): Promise<number> {
  const { rows } = await count.execute(database);
  return Number(rows[0]?.n ?? 0);
}

/** Counts the images without a footprint; `images` is their total number, if known. */
export async function readCoverage(
  database: Kysely<CatalogTables>,
  { hasDetails }: Pick<SchemaParts, "hasDetails">,
  images?: number,
): Promise<Coverage> {
  const all = images ?? (await counted(database, sql`select count(*) as n from image`));
  const footprints = hasDetails ? await counted(database, FOOTPRINTS[dialectOf(database)]) : 0;
  return { images: all, withoutFootprint: Math.max(0, all - footprints) };
}

/** Counts the images for which only the Python service's own columns are known. */
export async function countBareImages(database: Kysely<CatalogTables>): Promise<number> {
  const bare = sql<{ n: number }>`select count(*) as n from image
    where not exists (select 1 from image_detail where image_id = image.id)`;
  return await counted(database, bare);
}

/**
 * A count is repeated no sooner than after this many times its duration, and not before FRESH_MS.
 */
const REST = 100;
const FRESH_MS = 1000;
/** Counts that take longer are repeated in the background while the last one is used. */
const QUICK_MS = 20;

/**
 * Caches the coverage of a served database: with many images, counting takes longer than a search.
 */
export class KeptCoverage {
  readonly #read: () => Promise<Coverage>;
  #kept: Promise<Coverage> | undefined;
  #tookMs = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<Coverage> | undefined;

  constructor(read: () => Promise<Coverage>) {
    this.#read = read;
  }

  async current(): Promise<Coverage> {
    const isOld = performance.now() - this.#readAt > Math.max(FRESH_MS, REST * this.#tookMs);
    if (this.#kept === undefined || isOld) {
      this.#reading ??= this.#renew();
      if (this.#kept === undefined || this.#tookMs < QUICK_MS) return await this.#reading;
    }
    return await this.#kept;
  }

  #renew(): Promise<Coverage> {
    const started = performance.now();
    const reading = this.#read()
      .then((coverage) => {
        this.#kept = reading;
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
