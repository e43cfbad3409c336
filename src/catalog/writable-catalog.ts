import { type Kysely, sql } from "kysely";
import { SisError } from "../errors/sis-error.ts";
import { available, type CatalogDatabase } from "./engines/engine.ts";
import type { HarvestedImage, WriteChoices, WriteOutcome } from "./image-writer.ts";
import { sealBlocks } from "./paging/block-counts.ts";
import { fillDerived } from "./schema/fill-derived.ts";
import {
  migrate,
  pendingMigrations,
  refuseNewerSchema,
  relationNames,
  schemaParts,
  schemaVersion,
} from "./schema/migrate.ts";
import type { CatalogTables, Migration, SchemaParts } from "./schema/tables.ts";
import { inspectTables, type TableReport } from "./schema/verify-tables.ts";
import { updateCoverage } from "./sky-coverage/update-coverage.ts";
import type { ObscoreAddresses } from "./views/obscore-view.ts";

/** A label that was harvested before. */
export interface KnownLabel {
  readonly labelUrl: string;
  readonly obsId: string;
  readonly versionId: string;
  readonly imageUrl: string | null;
  /** As in `HarvestedImage`. */
  readonly stamp: string;
}

/** The catalog opened for changes: by harvest, and by the commands that maintain its tables. */
export class WritableCatalog {
  readonly #database: CatalogDatabase;
  readonly #kysely: Kysely<CatalogTables>;
  #parts: SchemaParts | undefined;

  /** @param database opened for writing; it is closed with the catalog. */
  constructor(database: CatalogDatabase) {
    this.#database = database;
    this.#kysely = database.kysely;
  }

  /** Migrations that `createTables` would apply. Errors: CATALOG_SCHEMA. */
  async pendingMigrations(): Promise<readonly Migration[]> {
    return await this.#available(pendingMigrations(this.#database));
  }

  /**
   * Creates or completes the tables, adopting those of the Python service, fills columns that are
   * derived from others in older rows, and returns the migrations applied. Errors: CATALOG_SCHEMA.
   */
  async createTables(): Promise<readonly Migration[]> {
    this.#parts = undefined;
    const applied = await this.#available(migrate(this.#database));
    await fillDerived(this.#database, await this.#available(schemaVersion(this.#database)));
    return applied;
  }

  /**
   * Divides the index of footprints by year of start if it has at least `above` footprints and is
   * not divided yet; returns whether it did. Readers continue meanwhile, writers wait.
   */
  async divideFootprints(above: number): Promise<boolean> {
    this.#parts = undefined;
    const { divideFootprints } = this.#database.engine;
    if (divideFootprints === undefined) return false;
    return await this.#available(divideFootprints(this.#database, above));
  }

  /**
   * Creates or replaces the view `ivoa.obscore` for TAP servers. Errors: CONFIG_INVALID unless the
   * database is PostgreSQL; CATALOG_UNAVAILABLE.
   */
  async createObscoreView(addresses: ObscoreAddresses): Promise<void> {
    const { engine } = this.#database;
    if (engine.obscoreView === undefined)
      throw new SisError("CONFIG_INVALID", "the view ivoa.obscore needs DB_DIALECT=postgresql");
    const statements = engine.obscoreView(addresses);
    const creating = this.#kysely.transaction().execute(async (transaction) => {
      for (const statement of statements) await sql.raw(statement).execute(transaction);
    });
    await this.#available(creating);
  }

  /** Compares the tables with what this version needs. */
  async verifyTables(): Promise<TableReport> {
    return await this.#available(inspectTables(this.#database));
  }

  /**
   * Writes a batch in one transaction.
   * Errors: CATALOG_SCHEMA when there is no table `image` or the schema is newer than the code,
   * CATALOG_UNAVAILABLE when the database fails.
   */
  async write(
    images: readonly HarvestedImage[],
    choices: WriteChoices = {},
  ): Promise<readonly WriteOutcome[]> {
    const parts = await this.#findParts();
    try {
      return await this.#database.write(images, { ...parts, ...choices });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const known = error instanceof SisError ? error.details : {};
      throw new SisError("CATALOG_UNAVAILABLE", `the database refused a batch: ${reason}`, {
        details: known,
        cause: error,
      });
    }
  }

  /** Call regularly while writing many rows: counts those of full blocks. */
  async seal(): Promise<void> {
    const version = await this.#available(schemaVersion(this.#database));
    const { hasBlocks } = this.#database.engine.partsOf(version);
    if (hasBlocks) await this.#available(sealBlocks(this.#database));
  }

  /**
   * Call after writing many rows: updates the statistics of the query planner, so that queries stay
   * fast.
   */
  async finishWriting(): Promise<void> {
    await this.seal();
    if (this.#parts?.hasDetails !== true) return;
    for (const statement of this.#database.engine.analyze)
      await this.#available(statement.execute(this.#kysely));
  }

  /**
   * Call after images were added or deleted: updates the coverage of each survey, from scratch if
   * `rebuild`, because corners have changed.
   */
  async updateCoverage(rebuild = false): Promise<void> {
    await updateCoverage(this.#database, (await this.#findParts()).version, rebuild);
  }

  /**
   * Of the labels at `urls`, those that were harvested from there, with the state of their files;
   * `withCorners` limits them to those with corners.
   */
  async knownLabels(urls: readonly string[], withCorners = false): Promise<readonly KnownLabel[]> {
    if (!(await this.#findParts()).hasDetails) return [];
    const labels = this.#kysely
      .selectFrom("image")
      .innerJoin("image_detail", "image_detail.image_id", "image.id")
      .select([
        "image.label_url as labelUrl",
        "image.obs_id as obsId",
        "image.image_url as imageUrl",
        "image_detail.version_id as versionId",
        "image_detail.label_stamp as stamp",
      ])
      .where(this.#database.engine.isAmong(sql`image.label_url`, urls))
      .where("image_detail.label_stamp", "is not", null)
      .$if(withCorners, (query) => query.where("image_detail.corners", "is not", null))
      .$narrowType<{ labelUrl: string; stamp: string }>();
    return await this.#available(labels.execute());
  }

  /** Whether any label was harvested with the state of its file. */
  async hasKnownLabels(): Promise<boolean> {
    if (!(await this.#findParts()).hasDetails) return false;
    const first = this.#kysely
      .selectFrom("image_detail")
      .select("image_id")
      .where("label_stamp", "is not", null);
    return (await this.#available(first.limit(1).executeTakeFirst())) !== undefined;
  }

  /** Rows with a label URL, ordered by id, in batches. */
  async *labelUrls(
    batch = 1000,
  ): AsyncGenerator<readonly { readonly id: number; readonly labelUrl: string }[]> {
    let after = -1;
    for (;;) {
      const next = this.#kysely
        .selectFrom("image")
        .select(["id", "label_url as labelUrl"])
        .where("id", ">", after)
        .where("label_url", "is not", null)
        .orderBy("id")
        .limit(batch)
        .$narrowType<{ labelUrl: string }>();
      const rows = await this.#available(next.execute());
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
      yield rows;
    }
  }

  /** Ids of the rows whose labels are at `urls`. */
  async imagesOfLabels(urls: readonly string[]): Promise<readonly number[]> {
    await this.#findParts();
    const rows = this.#kysely
      .selectFrom("image")
      .select("id")
      .where(this.#database.engine.isAmong(sql`label_url`, urls));
    return (await this.#available(rows.execute())).map(({ id }) => id);
  }

  /** Deletes rows by id and returns how many existed. */
  async deleteImages(ids: readonly number[]): Promise<number> {
    if (ids.length === 0) return 0;
    const deletion = this.#kysely.deleteFrom("image").where("id", "in", ids);
    const result = await this.#available(deletion.executeTakeFirst());
    return Number(result.numDeletedRows);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async #findParts(): Promise<SchemaParts> {
    if (this.#parts !== undefined) return this.#parts;
    if (!(await this.#available(relationNames(this.#database))).has("image")) {
      throw new SisError("CATALOG_SCHEMA", "the database has no table image: run sbnsis create-tables");
    }
    const parts = await this.#available(schemaParts(this.#database));
    await this.#available(refuseNewerSchema(this.#database, parts.version));
    this.#parts = parts;
    return parts;
  }

  async #available<T>(operation: Promise<T>): Promise<T> {
    return await available(this.#database.engine, operation);
  }
}
