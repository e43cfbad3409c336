import { isSisError, SisError } from "../../errors/sis-error.ts";
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
import type { Coverage } from "../coverage.ts";
import type { SqlCatalog } from "./sql-catalog.ts";

/** A catalogue over an open database, with everything that is kept in memory of it. */
export interface OpenedCatalog {
  readonly catalog: SqlCatalog;
  /** Whether the database is still the one that was opened. Asked before each operation. */
  isCurrent(): boolean;
  /** Whether what was just read is what the database held. Asked after each operation. */
  isSound(): boolean;
  /** Whether an error says that it has to be opened anew, and the operation may then succeed. */
  isOutdatedBy(error: unknown): boolean;
  close(): Promise<void>;
}

/** How often an operation is done while the database is replaced under it. */
const ATTEMPTS = 3;

function beingReplaced(): SisError<"CATALOG_UNAVAILABLE"> {
  return new SisError("CATALOG_UNAVAILABLE", "the database is being replaced", {
    details: { reason: "it is being replaced", away: false },
  });
}

interface Held extends OpenedCatalog {
  users: number;
  isRetired: boolean;
}

/**
 * The catalogue over a database that comes and goes: it is opened when it is needed, and again once it was replaced; everything that was kept
 * in memory is forgotten with it. While it cannot be opened, operations fail and the next one tries again.
 */
export class LiveCatalog implements Catalog {
  readonly #open: () => Promise<OpenedCatalog>;
  #held: Held | undefined;
  #opening: Promise<Held> | undefined;
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

  async findDetail(obsId: string): Promise<ImageDetail | undefined> {
    return await this.#use((catalog) => catalog.findDetail(obsId));
  }

  async queryImages(filter: ImageFilter): Promise<ImagePage> {
    return await this.#use((catalog) => catalog.queryImages(filter));
  }

  async searchImages(search: ImageSearch): Promise<SearchPage> {
    return await this.#use((catalog) => catalog.searchImages(search));
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
    const held = this.#held ?? (await this.#opening?.catch(() => undefined));
    this.#held = undefined;
    if (held !== undefined) await held.close();
  }

  async #use<T>(operation: (catalog: SqlCatalog) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const held = await this.#current();
      held.users += 1;
      try {
        const result = await operation(held.catalog);
        if (held.isSound()) return result;
        this.#retire(held);
        if (attempt === ATTEMPTS) throw beingReplaced();
      } catch (error) {
        if (!isSisError(error, "CATALOG_UNAVAILABLE")) throw error;
        if (held.isCurrent() && !held.isOutdatedBy(error.cause ?? error)) throw error;
        this.#retire(held);
        if (attempt === ATTEMPTS) throw error;
      } finally {
        held.users -= 1;
        if (held.isRetired && held.users === 0) await held.close();
      }
    }
  }

  #current(): Held | Promise<Held> {
    const held = this.#held;
    if (held?.isCurrent() === true) return held;
    if (held !== undefined) this.#retire(held);
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<Held> {
    const opened = await this.#open();
    const held: Held = {
      catalog: opened.catalog,
      isCurrent: () => opened.isCurrent(),
      isSound: () => opened.isSound(),
      isOutdatedBy: (error) => opened.isOutdatedBy(error),
      close: () => opened.close(),
      users: 0,
      isRetired: false,
    };
    this.#warnings = opened.catalog.warnings;
    if (!this.#isClosed) this.#held = held;
    return held;
  }

  /** Operations under way go on with it; it is closed after the last of them. */
  #retire(held: Held): void {
    if (this.#held === held) this.#held = undefined;
    if (held.isRetired) return;
    held.isRetired = true;
    if (held.users === 0) void held.close();
  }
}
