import { SingleFlight } from "../../concurrency/single-flight.ts";
import type { CacheKeeper, CacheRoom } from "../cache/cache-keeper.ts";
import { type CachedFile, type ProductCache, unsavedPath } from "../cache/product-cache.ts";
import type { ProductStore } from "../cache/product-store.ts";
import { UnsyncedProducts } from "../cache/unsynced-products.ts";
import { type MadeOnce, makeOnce } from "./make-once.ts";

/** A requested file. */
export interface WantedFile {
  readonly key: string;
  /** Its path in the cache. */
  readonly path: string;
  /**
   * Products of one kind take about the same time to make, such as pictures of whole frames from
   * one archive; those without a kind are never put into the shared store.
   */
  readonly kind?: string;
  /** Called before making a file that is not being made yet; may throw. */
  readonly admit?: () => void;
  /**
   * Makes it at the path that `pathFor` returns for its expected bytes: in the cache, or elsewhere
   * if there is no room.
   */
  make(pathFor: (bytes: number) => string, signal: AbortSignal): Promise<CachedFile>;
}

/** A disk that cannot store products is logged at most this often, in milliseconds. */
const QUIET_MS = 600_000;

/**
 * Files of the cache, made when they are wanted: once for all concurrent requests of all processes.
 * Create this before anything is written to the cache (UnsyncedProducts).
 */
export class MadeProducts {
  readonly #keeper: CacheKeeper;
  readonly #warn: ((warning: string) => void) | undefined;
  readonly #store: ProductStore | undefined;
  readonly #unsynced: UnsyncedProducts;
  readonly #inProgress = new SingleFlight<MadeOnce>();
  #quietUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param warn receives a warning when the disk stores no products
   * @param store shared by several machines
   */
  constructor(
    cache: ProductCache,
    keeper: CacheKeeper,
    warn: ((warning: string) => void) | undefined,
    store?: ProductStore,
  ) {
    this.#store = store;
    this.#keeper = keeper;
    this.#warn = warn;
    this.#unsynced = new UnsyncedProducts(cache.root);
  }

  /**
   * A file from the cache or newly made, and whether this call made it.
   * Errors: those of `admit` and `make`; CANCELLED.
   */
  async get(
    { key, path, kind, admit, make }: WantedFile,
    signal: AbortSignal | undefined,
  ): Promise<MadeOnce> {
    const cached = this.#unsynced.find(path);
    if (cached !== undefined) {
      this.#keeper.used(cached);
      return { file: cached, made: false };
    }
    if (!this.#inProgress.has(key)) admit?.();
    const store = kind === undefined ? undefined : this.#store;
    let isStored = false;
    const makeWithRoom = async (all: AbortSignal) => {
      let room: CacheRoom | undefined;
      let size = 0;
      const pathFor = (bytes: number) => {
        room?.finish(0);
        room = this.#keeper.reserve(bytes);
        return room === undefined ? unsavedPath(path) : path;
      };
      try {
        const stored = await store?.find(path, kind!, pathFor, all);
        isStored = stored !== undefined;
        const began = performance.now();
        const file = stored ?? (await make(pathFor, all));
        if (!isStored) store?.made(file, kind!, performance.now() - began);
        if (file.unsaved) this.#notSaved(room !== undefined);
        else size = file.size;
        return file;
      } finally {
        room?.finish(size);
      }
    };
    // only one of the concurrent requests makes it
    let mine = false;
    const { file, made } = await this.#inProgress.run(
      key,
      (all) => {
        mine = true;
        return makeOnce(path, makeWithRoom, all);
      },
      signal,
    );
    return { file, made: mine && made && !isStored };
  }

  /**
   * Reports a product that was not stored although the cache has room within its limit: the disk is
   * full or fails.
   */
  #notSaved(hadRoom: boolean): void {
    this.#keeper.roomNeeded();
    const now = performance.now();
    if (!hadRoom || now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    this.#warn?.("the cache cannot store products, so they are served from memory and made again");
  }
}
