import { rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { type SourceIdentity, sameState, sourceChanged } from "../../archive/source-identity.ts";
import type { SourceKind } from "../../archive/source-kind.ts";
import type { Sources } from "../../archive/sources.ts";
import { partPath } from "../../concurrency/part-file.ts";
import { SingleFlight } from "../../concurrency/single-flight.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { type MadeOnce, makeOnce } from "../make/make-once.ts";
import { wholeFileKey } from "../request/product-key.ts";
import { urlExtension } from "../request/product-name.ts";
import type { SourceFile } from "../request/source-file.ts";
import type { CacheKeeper } from "./cache-keeper.ts";
import {
  type CachedFile,
  cachedPath,
  findCached,
  type ProductCache,
  prepareFolder,
} from "./product-cache.ts";

/** Number of archive files whose state is remembered. */
const REMEMBERED = 100_000;

/** How long a state remains valid when the archive could not be asked, in milliseconds. */
const GRACE_MS = 30_000;

/** A file of an archive stored unchanged in the cache. */
export interface ArchiveCopy extends CachedFile {
  readonly origin: SourceFile;
  /** 64 hexadecimal digits that identify one state of one file. */
  readonly key: string;
  /** Whether it was downloaded for this request. */
  readonly fetched: boolean;
}

interface Known {
  readonly origin: SourceFile;
  readonly goodUntil: number;
}

/**
 * Whole files of archives, each downloaded once into the cache and kept there until it is evicted
 * or its state on the archive has changed.
 */
export class ArchiveCopies {
  readonly #sources: Sources;
  readonly #cache: ProductCache;
  readonly #revalidateMs: number;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
  readonly #asking = new SingleFlight<SourceFile>();
  readonly #fetching = new SingleFlight<MadeOnce>();
  readonly #keeper: CacheKeeper;

  constructor(sources: Sources, cache: ProductCache, keeper: CacheKeeper, revalidateMs: number) {
    this.#sources = sources;
    this.#cache = cache;
    this.#keeper = keeper;
    this.#revalidateMs = revalidateMs;
  }

  /**
   * The copy of a file, downloaded if necessary. Errors: SOURCE_*, CANCELLED; CACHE_UNAVAILABLE
   * when there is no room for it.
   */
  async get(location: string, kind: SourceKind, signal: AbortSignal | undefined): Promise<ArchiveCopy> {
    const origin = await this.stateOf(location, kind, signal);
    const key = wholeFileKey(origin);
    const path = this.#pathOf(origin);
    const cached = await findCached(path);
    if (cached !== undefined) {
      this.#keeper.used(cached);
      return { ...cached, origin, key, fetched: false };
    }
    let mine = false;
    const { file, made } = await this.#fetching.run(
      key,
      (all) => {
        mine = true;
        return makeOnce(path, (making) => this.#fetch(location, kind, origin.identity, making), all);
      },
      signal,
    );
    return { ...file, origin, key, fetched: mine && made };
  }

  /** The file in its state on the archive. Errors: SOURCE_*, CANCELLED. */
  async stateOf(location: string, kind: SourceKind, signal: AbortSignal | undefined): Promise<SourceFile> {
    const known = this.#known.get(location);
    if (known !== undefined && performance.now() < known.goodUntil) return known.origin;
    return this.#asking.run(location, (all) => this.#ask(location, kind, known?.origin, all), signal);
  }

  async #ask(
    location: string,
    kind: SourceKind,
    known: SourceFile | undefined,
    signal: AbortSignal,
  ): Promise<SourceFile> {
    const keep = (origin: SourceFile, forMs: number) => {
      this.#known.set(location, { origin, goodUntil: performance.now() + forMs });
      return origin;
    };
    try {
      const identity = await this.#sources.identify(location, { signal });
      return keep({ location, identity }, this.#revalidateMs);
    } catch (error) {
      // it reports no size before all of it was sent
      if (isSisError(error, "SOURCE_NO_RANGES")) {
        const { origin } = await this.#fetch(location, kind, undefined, signal);
        return keep(origin, this.#revalidateMs);
      }
      if (known !== undefined && isSisError(error, "SOURCE_UNREACHABLE", "SOURCE_TIMEOUT", "SOURCE_UPSTREAM"))
        return keep(known, Math.min(GRACE_MS, this.#revalidateMs));
      throw error;
    }
  }

  /**
   * Downloads a file into the cache. It gets the archive's modification time, so that Last-Modified
   * and ETag survive eviction.
   */
  async #fetch(
    location: string,
    kind: SourceKind,
    expected: SourceIdentity | undefined,
    signal: AbortSignal,
  ): Promise<CachedFile & { readonly origin: SourceFile }> {
    const part = partPath(join(this.#cache.root, "fetching"));
    const room = this.#keeper.reserve(expected?.size ?? 0);
    let finalSize = 0;
    try {
      if (room === undefined)
        throw new SisError("CACHE_UNAVAILABLE", "there is no space for a file of an archive");
      const { size, origin: identity } = await this.#sources.download(location, part, {
        kind,
        signal,
        hasRoom: (bytes) => room.grow(bytes),
      });
      if (expected !== undefined && !sameState(expected, identity)) {
        this.#known.delete(location);
        throw sourceChanged("the archive has another state of it now");
      }
      const origin = { location, identity: expected ?? identity };
      const path = this.#pathOf(origin);
      const now = Math.floor(Date.now() / 1000);
      const modified = identity.mtimeMs === undefined ? now : Math.floor(identity.mtimeMs / 1000);
      await place(part, path, now, modified);
      finalSize = size;
      return { path, size, mtimeMs: modified * 1000, origin };
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      // the state that was read is that of a page in place of the file
      if (isSisError(error, "SOURCE_UPSTREAM")) this.#known.delete(location);
      if (isSisError(error, "CACHE_UNAVAILABLE")) this.#keeper.roomNeeded();
      throw error;
    } finally {
      room?.finish(finalSize);
    }
  }

  #pathOf(origin: SourceFile): string {
    return cachedPath(this.#cache, wholeFileKey(origin), urlExtension(origin.location));
  }
}

/** Renames a downloaded file to the copy it is. Errors: CACHE_UNAVAILABLE, when the cache takes nothing any more. */
async function place(part: string, path: string, accessed: number, modified: number): Promise<void> {
  prepareFolder(path);
  try {
    await utimes(part, accessed, modified);
    await rename(part, path);
  } catch (cause) {
    throw new SisError("CACHE_UNAVAILABLE", "a downloaded file cannot be placed in the cache", { cause });
  }
}
