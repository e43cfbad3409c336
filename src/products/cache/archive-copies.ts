import { rename, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type SourceIdentity, sameState, sourceChanged } from "../../archive/source-identity.ts";
import type { SourceKind } from "../../archive/source-kind.ts";
import type { Sources } from "../../archive/sources.ts";
import { withPart } from "../../concurrency/part-file.ts";
import { SingleFlight } from "../../concurrency/single-flight.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { type MadeOnce, makeOnce } from "../make/make-once.ts";
import type { ReadPart } from "../product.ts";
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
import { RevalidatingCache } from "./revalidating-cache.ts";

/** Number of archive files whose state is remembered. */
const REMEMBERED = 100_000;

/** A file of an archive stored unchanged in the cache. */
export interface ArchiveCopy extends CachedFile {
  readonly origin: SourceFile;
  /** 64 hexadecimal digits that identify one state of one file. */
  readonly key: string;
  /** Whether it was downloaded for this request. */
  readonly fetched: boolean;
}

/**
 * Whole files of archives, each downloaded once into the cache and kept there until it is evicted
 * or its state on the archive has changed.
 */
export class ArchiveCopies {
  readonly #sources: Sources;
  readonly #cache: ProductCache;
  readonly #states: RevalidatingCache<SourceFile>;
  readonly #fetching = new SingleFlight<MadeOnce>();
  readonly #keeper: CacheKeeper;

  constructor(sources: Sources, cache: ProductCache, keeper: CacheKeeper, revalidateMs: number) {
    this.#sources = sources;
    this.#cache = cache;
    this.#keeper = keeper;
    this.#states = new RevalidatingCache(revalidateMs, { entries: REMEMBERED });
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
        return makeOnce(path, (makeSignal) => this.#fetch(location, kind, origin.identity, makeSignal), all);
      },
      signal,
    );
    return { ...file, origin, key, fetched: mine && made };
  }

  /** The file in its state on the archive. Errors: SOURCE_*, CANCELLED. */
  stateOf(location: string, kind: SourceKind, signal: AbortSignal | undefined): Promise<SourceFile> {
    return this.#states.get(location, (_known, all) => this.#identify(location, kind, all), signal);
  }

  async #identify(location: string, kind: SourceKind, signal: AbortSignal): Promise<SourceFile> {
    try {
      return { location, identity: await this.#sources.identify(location, { signal }) };
    } catch (error) {
      if (!isSisError(error, "SOURCE_NO_RANGES")) throw error;
      // the archive reports no size before all of the file was sent
      return (await this.#fetch(location, kind, undefined, signal)).origin;
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
    const room = this.#keeper.reserve(expected?.size ?? 0);
    let finalSize = 0;
    try {
      if (room === undefined)
        throw new SisError("CACHE_UNAVAILABLE", "there is no space for a file of an archive");
      return await withPart(join(this.#cache.root, "fetching"), async (part) => {
        const { size, origin: identity } = await this.#sources.download(location, part, {
          kind,
          signal,
          hasRoom: (bytes) => room.grow(bytes),
        });
        if (expected !== undefined && !sameState(expected, identity)) {
          this.#states.forget(location);
          throw sourceChanged("the archive now has it in another state");
        }
        const origin = { location, identity: expected ?? identity };
        const path = this.#pathOf(origin);
        const now = Math.floor(Date.now() / 1000);
        const modified = identity.mtimeMs === undefined ? now : Math.floor(identity.mtimeMs / 1000);
        await place(part, path, now, modified);
        finalSize = size;
        return { path, size, mtimeMs: modified * 1000, origin };
      });
    } catch (error) {
      // the state that was read belongs to a page that was sent in place of the file
      if (isSisError(error, "SOURCE_UPSTREAM")) this.#states.forget(location);
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

/**
 * Renames a downloaded file to its copy. Errors: CACHE_UNAVAILABLE when the cache cannot be written
 * to.
 */
async function place(part: string, path: string, accessed: number, modified: number): Promise<void> {
  prepareFolder(path);
  try {
    await utimes(part, accessed, modified);
    await rename(part, path);
  } catch (cause) {
    throw new SisError("CACHE_UNAVAILABLE", "a downloaded file cannot be placed in the cache", { cause });
  }
}

/** Bytes per request to the archive. */
const CHUNK_BYTES = 4 * 2 ** 20;

/**
 * Reads a file of an archive for a client, in one state of it, at the client's speed. Errors while
 * reading: SOURCE_*.
 */
export function streamArchive(sources: Sources, { location, identity }: SourceFile): ReadPart {
  return async function* (first, last) {
    const source = await sources.open(location, { identity, asStored: true });
    try {
      for (let offset = first; offset <= last; offset += CHUNK_BYTES) {
        const length = Math.min(CHUNK_BYTES, last + 1 - offset);
        yield* await source.read([{ offset, length }]);
      }
    } finally {
      source.close();
    }
  };
}
