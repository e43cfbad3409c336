import { isSisError, SisError } from "../../errors/sis-error.ts";
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
import type {
  Observation,
  ObservationNames,
  ObservationOptions,
  ObservationQuery,
} from "../observations/observation.ts";
import type { SurveyCoverage, WantedCoverage } from "../sky-coverage/survey-coverage.ts";
import type { SqlCatalog } from "./sql-catalog.ts";

/** A catalog of an open database, with everything cached from it. */
export interface OpenedCatalog {
  readonly catalog: SqlCatalog;
  /** Whether the database is still the one that was opened. Checked before each operation. */
  isCurrent(): boolean;
  /** Whether what was just read is consistent. Checked after each operation. */
  isSound(): boolean;
  /**
   * Whether an error means that the database must be reopened, after which the operation may
   * succeed.
   */
  isOutdatedBy(error: unknown): boolean;
  close(): Promise<void>;
}

/** How often an operation is attempted while the database is being replaced. */
const ATTEMPTS = 3;

function beingReplaced(): SisError<"CATALOG_UNAVAILABLE"> {
  return new SisError("CATALOG_UNAVAILABLE", "the database is being replaced", {
    details: { reason: "it is being replaced", away: false },
  });
}

interface SharedCatalog extends OpenedCatalog {
  users: number;
  isRetired: boolean;
}

/**
 * A catalog of a database that is not always available: it is opened on demand, and reopened after
 * it was replaced, which also drops everything cached from it. While it cannot be opened,
 * operations fail, and the next one tries again.
 */
export class LiveCatalog implements Catalog {
  readonly #open: () => Promise<OpenedCatalog>;
  #shared: SharedCatalog | undefined;
  #opening: Promise<SharedCatalog> | undefined;
  #warnings: readonly string[] = [];
  #isClosed = false;

  constructor(open: () => Promise<OpenedCatalog>) {
    this.#open = open;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  async open(): Promise<void> {
    await this.#current();
  }

  async findImage(obsId: string): Promise<ImageRecord | undefined> {
    return await this.#use((catalog) => catalog.findImage(obsId));
  }

  async findImages(obsIds: readonly string[]): Promise<ReadonlyMap<string, ImageRecord>> {
    return await this.#use((catalog) => catalog.findImages(obsIds));
  }

  async findDetail(obsId: string): Promise<ImageDetail | undefined> {
    return await this.#use((catalog) => catalog.findDetail(obsId));
  }

  async queryImages(filter: ImageFilter): Promise<ImagePage> {
    return await this.#use((catalog) => catalog.queryImages(filter));
  }

  async listImages(filter: ImageFilter): Promise<ImageList> {
    return await this.#use((catalog) => catalog.listImages(filter));
  }

  async searchImages(search: ImageSearch): Promise<SearchPage> {
    return await this.#use((catalog) => catalog.searchImages(search));
  }

  async *observations(
    query: ObservationQuery,
    options: ObservationOptions,
  ): AsyncGenerator<readonly Observation[]> {
    for (let attempt = 1; ; attempt += 1) {
      const shared = await this.#current();
      shared.users += 1;
      let hasRows = false;
      try {
        for await (const batch of shared.catalog.observations(query, options)) {
          if (!shared.isSound()) throw beingReplaced();
          hasRows = true;
          yield batch;
        }
        return;
      } catch (error) {
        if (!isSisError(error, "CATALOG_UNAVAILABLE")) throw error;
        if (shared.isCurrent() && !shared.isOutdatedBy(error.cause ?? error)) throw error;
        this.#retire(shared);
        // rows that the consumer has cannot be taken back
        if (hasRows || attempt === ATTEMPTS) throw error;
      } finally {
        shared.users -= 1;
        if (shared.isRetired && shared.users === 0) await shared.close();
      }
    }
  }

  async findObservations(ids: readonly string[]): Promise<readonly (Observation | undefined)[]> {
    return await this.#use((catalog) => catalog.findObservations(ids));
  }

  async observationNames(): Promise<ObservationNames> {
    return await this.#use((catalog) => catalog.observationNames());
  }

  async timeSpan(): Promise<readonly [number, number] | undefined> {
    return await this.#use((catalog) => catalog.timeSpan());
  }

  async surveyCoverages(): Promise<readonly SurveyCoverage[]> {
    return await this.#use((catalog) => catalog.surveyCoverages());
  }

  async surveyCoverage(wanted: WantedCoverage): Promise<Uint8Array | undefined> {
    return await this.#use((catalog) => catalog.surveyCoverage(wanted));
  }

  async summarize(): Promise<readonly SummaryRow[]> {
    return await this.#use((catalog) => catalog.summarize());
  }

  async namesHost(host: string): Promise<boolean> {
    return await this.#use((catalog) => catalog.namesHost(host));
  }

  async coverage(): Promise<Coverage> {
    return await this.#use((catalog) => catalog.coverage());
  }

  async probe(): Promise<void> {
    await this.#use((catalog) => catalog.probe());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const shared = this.#shared ?? (await this.#opening?.catch(() => undefined));
    this.#shared = undefined;
    if (shared !== undefined) await shared.close();
  }

  async #use<T>(operation: (catalog: SqlCatalog) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const shared = await this.#current();
      shared.users += 1;
      try {
        const result = await operation(shared.catalog);
        if (shared.isSound()) return result;
        this.#retire(shared);
        if (attempt === ATTEMPTS) throw beingReplaced();
      } catch (error) {
        if (!isSisError(error, "CATALOG_UNAVAILABLE")) throw error;
        if (shared.isCurrent() && !shared.isOutdatedBy(error.cause ?? error)) throw error;
        this.#retire(shared);
        if (attempt === ATTEMPTS) throw error;
      } finally {
        shared.users -= 1;
        if (shared.isRetired && shared.users === 0) await shared.close();
      }
    }
  }

  #current(): SharedCatalog | Promise<SharedCatalog> {
    const shared = this.#shared;
    if (shared?.isCurrent() === true) return shared;
    if (shared !== undefined) this.#retire(shared);
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<SharedCatalog> {
    const opened = await this.#open();
    const shared: SharedCatalog = {
      catalog: opened.catalog,
      isCurrent: () => opened.isCurrent(),
      isSound: () => opened.isSound(),
      isOutdatedBy: (error) => opened.isOutdatedBy(error),
      close: () => opened.close(),
      users: 0,
      isRetired: false,
    };
    this.#warnings = opened.catalog.warnings;
    if (!this.#isClosed) this.#shared = shared;
    return shared;
  }

  /** Running operations may finish with it; it is closed after the last of them. */
  #retire(shared: SharedCatalog): void {
    if (this.#shared === shared) this.#shared = undefined;
    if (shared.isRetired) return;
    shared.isRetired = true;
    if (shared.users === 0) void shared.close();
  }
}
