import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import type {
  Catalog,
  Coverage,
  ImageDetail,
  ImageFilter,
  ImageList,
  ImagePage,
  ImageRecord,
  ImageSearch,
  SearchPage,
  SummaryRow,
} from "../catalog.ts";
import { CachedCoverage, readCoverage } from "../coverage.ts";
import { surveyName } from "../derived-values.ts";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import { PreparedQuery } from "../engines/prepared-query.ts";
import type {
  Observation,
  ObservationNames,
  ObservationOptions,
  ObservationQuery,
} from "../observations/observation.ts";
import { calibrationLevels, timeSpan } from "../observations/observation-facts.ts";
import {
  findObservations,
  type ObservationTables,
  searchObservations,
} from "../observations/observation-search.ts";
import { type Combination, Combinations } from "../paging/combinations.ts";
import { ImagePages } from "../paging/page-images.ts";
import { newestSchema, refuseNewerSchema, relationNames, schemaVersion } from "../schema/migrate.ts";
import type { SchemaParts } from "../schema/tables.ts";
import { searchImages } from "../search/search-images.ts";
import { listCoverages, readSurveyCoverage } from "../sky-coverage/read-coverage.ts";
import type { SurveyCoverage, WantedCoverage } from "../sky-coverage/survey-coverage.ts";
import { type ListedImage, listedColumns } from "./listed-image.ts";
import { detailReader, type ImageReader, recordReader } from "./rows.ts";

/**
 * A place near the pole, where few images overlap: searching for it reads the index of footprints.
 */
const PROBED_PLACE = { ra: 0, dec: -89.9, radius: 0 };

/** Identifiers in one statement: a SQLite file blocks the process for as long as it takes. */
const LOOKED_UP = 500;

/** Queries by identifier, made once because every request for an image needs one. */
interface ImageQuery<T> {
  readonly reader: ImageReader<T>;
  readonly query: PreparedQuery<"obsId">;
}

/** The catalog in an SQL database, for the schema that it had when it was opened. */
export class SqlCatalog implements Omit<Catalog, "open"> {
  readonly warnings: readonly string[];
  readonly #database: CatalogDatabase;
  readonly #combinations: Combinations;
  readonly #pages: ImagePages;
  readonly #records: ImageQuery<ImageRecord>;
  readonly #details: ImageQuery<ImageDetail> | undefined;
  /** The select list of `listImages`. */
  readonly #listed: readonly string[];
  readonly #parts: SchemaParts;
  readonly #coverage: CachedCoverage;

  private constructor(database: CatalogDatabase, parts: SchemaParts) {
    const { version } = parts;
    this.#database = database;
    this.#parts = parts;
    this.#combinations = new Combinations(database, parts.hasCounts);
    this.#pages = new ImagePages(database, this.#combinations, parts.hasBlocks);
    this.#coverage = new CachedCoverage(async () => {
      const { total } = (await this.#combinations.all()).reduce({});
      return await readCoverage(database, parts, total);
    });
    this.#records = queryOf(database, recordReader(), "image");
    this.#details = parts.hasDetails
      ? queryOf(
          database,
          detailReader(version, "all"),
          "image join image_detail on image_detail.image_id = image.id",
        )
      : undefined;
    this.#listed = listedColumns(database.engine.jsonArray);
    const newest = newestSchema(database.engine);
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
  static async over(database: CatalogDatabase): Promise<SqlCatalog> {
    const { engine } = database;
    const version = await available(engine, schemaVersion(database));
    await available(engine, refuseNewerSchema(database, version));
    const relations = await available(engine, relationNames(database));
    if (!relations.has("image")) {
      throw new SisError("CATALOG_SCHEMA", "the database has no table image: run sbnsis create-tables");
    }
    return new SqlCatalog(database, engine.partsOf(version, relations));
  }

  async findImage(obsId: string): Promise<ImageRecord | undefined> {
    return await this.#lookUp(this.#records, obsId);
  }

  async findImages(obsIds: readonly string[]): Promise<ReadonlyMap<string, ImageRecord>> {
    const found = new Map<string, ImageRecord>();
    const { reader } = this.#records;
    const { engine, kysely, fetch } = this.#database;
    const names = sql.raw(reader.names.join(", "));
    for (let at = 0; at < obsIds.length; at += LOOKED_UP) {
      if (at > 0) await setImmediate();
      const some = engine.isAmong(sql`image.obs_id`, obsIds.slice(at, at + LOOKED_UP));
      const query = sql`select ${names} from image where ${some}`.compile(kysely);
      for (const row of await this.#available(fetch(query.sql, query.parameters))) {
        const record = reader.read(row);
        found.set(record.obsId, record);
      }
    }
    return found;
  }

  async findDetail(obsId: string): Promise<ImageDetail | undefined> {
    return this.#details === undefined ? undefined : await this.#lookUp(this.#details, obsId);
  }

  async queryImages(filter: ImageFilter): Promise<ImagePage> {
    const { reader } = this.#records;
    const names = ["image.id", ...reader.names];
    const { total, rows } = await this.#available(this.#pages.rows(filter, names));
    const shown = rows.slice(0, filter.maxrec);
    const records = shown.map((row) => reader.read(row, 1));
    const last = shown.at(-1);
    return rows.length > shown.length && last !== undefined
      ? { total, records, next: Number(last[0]) }
      : { total, records };
  }

  async listImages(filter: ImageFilter): Promise<ImageList> {
    const { total, rows } = await this.#available(this.#pages.rows(filter, this.#listed));
    const images = rows.slice(0, filter.maxrec) as readonly unknown[] as readonly ListedImage[];
    return { total, images };
  }

  async searchImages(search: ImageSearch): Promise<SearchPage> {
    const tables = {
      ...this.#parts,
      database: this.#database,
      combinations: this.#combinations,
      pages: this.#pages,
    };
    const page = await this.#available(searchImages(tables, search));
    if (search.place === undefined) return page;
    const { withoutFootprint } = await this.coverage();
    return withoutFootprint > 0 ? { ...page, withoutFootprint } : page;
  }

  observations(query: ObservationQuery, options: ObservationOptions): AsyncIterable<readonly Observation[]> {
    return searchObservations(this.#observed, query, options);
  }

  async findObservations(ids: readonly string[]): Promise<readonly (Observation | undefined)[]> {
    return await findObservations(this.#observed, ids);
  }

  async observationNames(): Promise<ObservationNames> {
    const { rows } = await this.#available(this.#combinations.all());
    return { ...namesOf(rows), calibLevels: await calibrationLevels(this.#database, this.#parts.version) };
  }

  async timeSpan(): Promise<readonly [number, number] | undefined> {
    return this.#parts.hasDetails ? await timeSpan(this.#database) : undefined;
  }

  async surveyCoverages(): Promise<readonly SurveyCoverage[]> {
    const { rows } = await this.#available(this.#combinations.all());
    return await listCoverages(this.#database, this.#parts.version, rows);
  }

  async surveyCoverage(wanted: WantedCoverage): Promise<Uint8Array | undefined> {
    return await readSurveyCoverage(this.#database, this.#parts.version, wanted);
  }

  get #observed(): ObservationTables {
    const { version, hasFootprintYears } = this.#parts;
    return { database: this.#database, combinations: this.#combinations, version, hasFootprintYears };
  }

  async summarize(): Promise<readonly SummaryRow[]> {
    return (await this.#available(this.#combinations.all())).summary;
  }

  async coverage(): Promise<Coverage> {
    return await this.#available(this.#coverage.current());
  }

  async probe(): Promise<void> {
    const page = { maxrec: 1, offset: 0 };
    const { images } = await this.listImages(page);
    const obsId = images[0]?.[0] ?? "";
    await this.findImage(obsId);
    await this.findDetail(obsId);
    if (!this.#parts.hasDetails) return;
    await this.searchImages({ ...page, order: "id", place: PROBED_PLACE });
  }

  /**
   * Whether the catalog names a label, or in PostgreSQL a file, on a host by http or https.
   *
   * @param host `host:port`
   */
  async namesHost(host: string): Promise<boolean> {
    const { engine, kysely } = this.#database;
    for (const beginning of beginningsOf(host)) {
      const query = sql`select 1 from image where ${engine.urlBegins(beginning)} limit 1`;
      const { rows } = await this.#available(query.execute(kysely));
      if (rows.length > 0) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async #lookUp<T>({ reader, query }: ImageQuery<T>, obsId: string): Promise<T | undefined> {
    const [row] = await this.#available(query.rows({ obsId }));
    return row === undefined ? undefined : reader.read(row);
  }

  async #available<T>(operation: Promise<T>): Promise<T> {
    return await available(this.#database.engine, operation);
  }
}

function queryOf<T>(database: CatalogDatabase, reader: ImageReader<T>, tables: string): ImageQuery<T> {
  const select = sql.raw(`select ${reader.names.join(", ")} from ${tables} where image.obs_id =`);
  return { reader, query: new PreparedQuery(database, (parameter) => sql`${select} ${parameter("obsId")}`) };
}

/** Distinct values, sorted by code units. */
function namesOf(rows: readonly Combination[]): Omit<ObservationNames, "calibLevels"> {
  const distinct = (values: readonly string[]) => [...new Set(values)].sort();
  return {
    collections: distinct(rows.map(({ collection }) => surveyName({ obsId: `${collection}:`, collection }))),
    facilities: distinct(rows.map(({ facility }) => facility)),
    instruments: distinct(rows.map(({ instrument }) => instrument)),
  };
}

/** Prefixes of URLs on a host, each up to the slash. */
function beginningsOf(host: string): readonly string[] {
  const [, name = host, port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
  return [
    ...(["80", ""].includes(port) ? [`http://${name}/`] : []),
    ...(["443", ""].includes(port) ? [`https://${name}/`] : []),
    `http://${host}/`,
    `https://${host}/`,
  ];
}
