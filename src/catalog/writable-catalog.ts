import { type Kysely, sql } from "kysely";
import { SisError } from "../errors/sis-error.ts";
import { isAmong } from "./engines/dialect.ts";
import type { HarvestedImage, WriteChoices, WriteOutcome, WriterOptions } from "./image-writer.ts";
import { available } from "./model/database-errors.ts";
import { sealBlocks } from "./paging/seal-blocks.ts";
import { migrate, pendingMigrations, refuseNewerSchema } from "./schema/migrate.ts";
import { partsOf, relationNames, type SchemaParts, schemaVersion } from "./schema/schema.ts";
import type { CatalogTables, Migration } from "./schema/tables.ts";
import { inspectTables, type TableReport } from "./schema/verify-tables.ts";

/** A label that was harvested before. */
export interface KnownLabel {
  readonly labelUrl: string;
  readonly obsId: string;
  readonly versionId: string;
  readonly imageUrl: string | null;
  /** As in `HarvestedImage`. */
  readonly stamp: string;
}

/** The engine of a writable catalog. */
export interface WritableEngine {
  readonly database: Kysely<CatalogTables>;
  /** Writes a batch in one transaction, concurrently with other processes that do the same. */
  write(images: readonly HarvestedImage[], options: WriterOptions): Promise<readonly WriteOutcome[]>;
  /** Updates the statistics of the query planner after many rows were written. */
  updateStatistics(): Promise<void>;
  /** Frees what `database.destroy` does not. */
  close(): void;
}

/** The catalog opened for changes: by harvest, and by the commands that maintain its tables. */
export class WritableCatalog {
  readonly #engine: WritableEngine;
  readonly #database: Kysely<CatalogTables>;
  #parts: SchemaParts | undefined;

  constructor(engine: WritableEngine) {
    this.#engine = engine;
    this.#database = engine.database;
  }

  /** Migrations that `createTables` would apply. Errors: CATALOG_SCHEMA. */
  async pendingMigrations(): Promise<readonly Migration[]> {
    return await available(pendingMigrations(this.#database));
  }

  /**
   * Creates or completes the tables, adopting those of the Python service, and returns the
   * migrations applied. Errors: CATALOG_SCHEMA.
   */
  async createTables(): Promise<readonly Migration[]> {
    this.#parts = undefined;
    return await available(migrate(this.#database));
  }

  /** Compares the tables with what this version needs. */
  async verifyTables(): Promise<TableReport> {
    return await available(inspectTables(this.#database));
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
      return await this.#engine.write(images, { ...parts, ...choices });
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
    const version = await available(schemaVersion(this.#database));
    if (partsOf(version).hasBlocks) await available(sealBlocks(this.#database));
  }

  /**
   * Call after writing many rows: updates the statistics of the query planner, so that queries stay
   * fast.
   */
  async finishWriting(): Promise<void> {
    await this.seal();
    if (this.#parts?.hasDetails === true) await available(this.#engine.updateStatistics());
  }

  /**
   * Of the labels at `urls`, those that were harvested from there, with the state of their files;
   * `withCorners` limits them to those with corners.
   */
  async knownLabels(urls: readonly string[], withCorners = false): Promise<readonly KnownLabel[]> {
    if (!(await this.#findParts()).hasDetails) return [];
    const labels = this.#database
      .selectFrom("image")
      .innerJoin("image_detail", "image_detail.image_id", "image.id")
      .select([
        "image.label_url as labelUrl",
        "image.obs_id as obsId",
        "image.image_url as imageUrl",
        "image_detail.version_id as versionId",
        "image_detail.label_stamp as stamp",
      ])
      .where(isAmong(this.#database, sql`image.label_url`, urls))
      .where("image_detail.label_stamp", "is not", null)
      .$if(withCorners, (query) => query.where("image_detail.corners", "is not", null))
      .$narrowType<{ labelUrl: string; stamp: string }>();
    return await available(labels.execute());
  }

  /** Whether any label was harvested with the state of its file. */
  async hasKnownLabels(): Promise<boolean> {
    if (!(await this.#findParts()).hasDetails) return false;
    const first = this.#database
      .selectFrom("image_detail")
      .select("image_id")
      .where("label_stamp", "is not", null);
    return (await available(first.limit(1).executeTakeFirst())) !== undefined;
  }

  /** Rows with a label URL, ordered by id, in batches. */
  async *labelUrls(
    batch = 1000,
  ): AsyncGenerator<readonly { readonly id: number; readonly labelUrl: string }[]> {
    let after = -1;
    for (;;) {
      const next = this.#database
        .selectFrom("image")
        .select(["id", "label_url as labelUrl"])
        .where("id", ">", after)
        .where("label_url", "is not", null)
        .orderBy("id")
        .limit(batch)
        .$narrowType<{ labelUrl: string }>();
      const rows = await available(next.execute());
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
      yield rows;
    }
  }

  /** Ids of the rows whose labels are at `urls`. */
  async imagesOfLabels(urls: readonly string[]): Promise<readonly number[]> {
    await this.#findParts();
    const rows = this.#database
      .selectFrom("image")
      .select("id")
      .where(isAmong(this.#database, sql`label_url`, urls));
    return (await available(rows.execute())).map(({ id }) => id);
  }

  /** Deletes rows by id and returns how many existed. */
  async deleteImages(ids: readonly number[]): Promise<number> {
    if (ids.length === 0) return 0;
    const deletion = this.#database.deleteFrom("image").where("id", "in", ids);
    const result = await available(deletion.executeTakeFirst());
    return Number(result.numDeletedRows);
  }

  async close(): Promise<void> {
    await this.#database.destroy();
    this.#engine.close();
  }

  async #findParts(): Promise<SchemaParts> {
    if (this.#parts !== undefined) return this.#parts;
    if (!(await available(relationNames(this.#database))).has("image")) {
      throw new SisError("CATALOG_SCHEMA", "the database has no table image: run sbnsis create-tables");
    }
    const version = await available(schemaVersion(this.#database));
    refuseNewerSchema(this.#database, version);
    this.#parts = partsOf(version);
    return this.#parts;
  }
}
