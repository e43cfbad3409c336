import { type CompiledQuery, type Kysely, sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import type {
  Catalog,
  ImageDetail,
  ImageFilter,
  ImagePage,
  ImageRecord,
  ImageSearch,
  SearchPage,
  SummaryRow,
} from "../catalog.ts";
import { type Coverage, KeptCoverage, readCoverage } from "../coverage.ts";
import { dialectOf } from "../engines/dialect.ts";
import { type Combination, Combinations, reduceFilter } from "../paging/combinations.ts";
import { pageImages } from "../paging/page-images.ts";
import { refuseNewerSchema } from "../schema/migrate.ts";
import { newestSchema, partsOf, relationNames, type SchemaParts, schemaVersion } from "../schema/schema.ts";
import type { CatalogTables } from "../schema/tables.ts";
import { type SearchedTables, searchImages } from "../search/search-images.ts";
import { available } from "./database-errors.ts";
import {
  DETAIL_COLUMNS,
  type DetailRow,
  detailOfRow,
  RECORD_COLUMNS,
  type RecordRow,
  recordOfRow,
} from "./rows.ts";

/**
 * A place near the pole, where few images overlap: searching for it reads the index of footprints.
 */
const PROBED_PLACE = { ra: 0, dec: -89.9, radius: 0 };

/** The catalog in an SQL database, for the schema that it had when it was opened. */
export class SqlCatalog implements Omit<Catalog, "open"> {
  readonly warnings: readonly string[];
  readonly #database: Kysely<CatalogTables>;
  readonly #combinations: Combinations;
  /**
   * Queries by identifier, their only parameter: compiled once, because every request for an image
   * needs one.
   */
  readonly #imageQuery: CompiledQuery<RecordRow>;
  readonly #detailQuery: CompiledQuery<DetailRow>;
  readonly #parts: SchemaParts;
  readonly #coverage: KeptCoverage;

  private constructor(database: Kysely<CatalogTables>, version: number) {
    this.#database = database;
    this.#parts = partsOf(version);
    this.#combinations = new Combinations(database, this.#parts.hasCounts);
    this.#coverage = new KeptCoverage(async () => {
      const combinations = await this.#combinations.all();
      return await readCoverage(database, this.#parts, reduceFilter(combinations, {}).total);
    });
    this.#imageQuery = database
      .selectFrom("image")
      .select([...RECORD_COLUMNS])
      .where("image.obs_id", "=", "")
      .compile();
    this.#detailQuery = database
      .selectFrom("image")
      .innerJoin("image_detail", "image_detail.image_id", "image.id")
      .select([...DETAIL_COLUMNS])
      .where("image.obs_id", "=", "")
      .compile();
    const newest = newestSchema(database);
    this.warnings =
      version < newest
        ? [
            `the database has schema ${version} of ${newest}: run sbnsis migrate, then sbnsis restart, for fast counts and searches`,
          ]
        : [];
  }

  /**
   * Errors: CATALOG_SCHEMA when there is no table `image`, or the schema is newer than the code;
   * CATALOG_UNAVAILABLE.
   */
  static async over(database: Kysely<CatalogTables>): Promise<SqlCatalog> {
    const version = await available(schemaVersion(database));
    refuseNewerSchema(database, version);
    if (!(await available(relationNames(database))).has("image")) {
      throw new SisError("CATALOG_SCHEMA", "the database has no table image: run sbnsis create-tables");
    }
    return new SqlCatalog(database, version);
  }

  async findImage(obsId: string): Promise<ImageRecord | undefined> {
    const row = await this.#lookUp(this.#imageQuery, obsId);
    return row === undefined ? undefined : recordOfRow(row);
  }

  async findDetail(obsId: string): Promise<ImageDetail | undefined> {
    if (!this.#parts.hasDetails) return undefined;
    const row = await this.#lookUp(this.#detailQuery, obsId);
    return row === undefined ? undefined : detailOfRow(row);
  }

  async queryImages(filter: ImageFilter): Promise<ImagePage> {
    return await available(pageImages(this.#tables(), filter));
  }

  async searchImages(search: ImageSearch): Promise<SearchPage> {
    const page = await available(searchImages(this.#tables(), search));
    if (search.place === undefined) return page;
    const { withoutFootprint } = await this.coverage();
    return withoutFootprint > 0 ? { ...page, withoutFootprint } : page;
  }

  async summarize(): Promise<readonly SummaryRow[]> {
    return summaryOf(await available(this.#combinations.all()));
  }

  async coverage(): Promise<Coverage> {
    return await available(this.#coverage.current());
  }

  async probe(): Promise<void> {
    const page = { maxrec: 1, offset: 0 };
    const { records } = await this.queryImages(page);
    const obsId = records[0]?.obsId ?? "";
    await this.findImage(obsId);
    await this.findDetail(obsId);
    if (!this.#parts.hasDetails) return;
    await this.searchImages({ ...page, order: "id", place: PROBED_PLACE });
  }

  async namesHost(host: string): Promise<boolean> {
    return available(namesHost(this.#database, host));
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }

  async #lookUp<Row>(query: CompiledQuery<Row>, obsId: string): Promise<Row | undefined> {
    const { rows } = await available(this.#database.executeQuery<Row>({ ...query, parameters: [obsId] }));
    return rows[0];
  }

  #tables(): SearchedTables {
    return { database: this.#database, combinations: this.#combinations, ...this.#parts };
  }
}

/** Cached summaries, valid while the combinations are unchanged. */
const summaries = new WeakMap<readonly Combination[], readonly SummaryRow[]>();

function summaryOf(combinations: readonly Combination[]): readonly SummaryRow[] {
  const made = summaries.get(combinations);
  if (made !== undefined) return made;
  const sums = new Map<string, { collection: string; facility: string; instrument: string; count: number }>();
  for (const { collection, facility, instrument, count } of combinations) {
    const key = JSON.stringify([collection, facility, instrument]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { collection, facility, instrument, count });
    else sum.count += count;
  }
  const rows = [...sums.values()];
  summaries.set(combinations, rows);
  return rows;
}

/**
 * Whether the catalog names a label, or in PostgreSQL a file, on a host by http or https. SQLite
 * uses the index of labels, which are beside the files: a scan of all rows would block the process.
 *
 * @param host `host:port`
 */
async function namesHost(database: Kysely<CatalogTables>, host: string): Promise<boolean> {
  for (const beginning of beginningsOf(host)) {
    const found =
      dialectOf(database) === "sqlite"
        ? sql`label_url >= ${beginning} and label_url < ${`${beginning.slice(0, -1)}0`}`
        : sql`left(label_url, ${sql.lit(beginning.length)}) = ${beginning} or left(image_url, ${sql.lit(beginning.length)}) = ${beginning}`;
    const { rows } = await sql`select 1 from image where ${found} limit 1`.execute(database);
    if (rows.length > 0) return true;
  }
  return false;
}

/** Prefixes of URLs on a host, each up to the slash; the next character is 0. */
function beginningsOf(host: string): readonly string[] {
  const [, name = host, port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
  return [
    ...(["80", ""].includes(port) ? [`http://${name}/`] : []),
    ...(["443", ""].includes(port) ? [`https://${name}/`] : []),
    `http://${host}/`,
    `https://${host}/`,
  ];
}
