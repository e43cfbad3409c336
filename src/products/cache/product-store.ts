import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { HostBreaker } from "../../archive/host-breaker.ts";
import { type S3Bucket, type StoredObject, sha256 } from "../../archive/store/s3-bucket.ts";
import { withPart } from "../../concurrency/part-file.ts";
import { WorkQueue } from "../../concurrency/work-queue.ts";
import type { StoreCounts } from "../product.ts";
import { placeProduct } from "./place-product.ts";
import { type CachedFile, prepareFolder } from "./product-cache.ts";

/** After a failure the store is not used for this long; then one request tries it. */
const REST_MS = 30_000;

/** Products that are being written to the store at once, and how many may wait. */
const WRITES = { concurrency: 2, limit: 32 };

/** Larger products are made again: reading them back takes as long. */
const MAXIMUM_BYTES = 2 ** 30;

/** Longest wait for writes in progress when the service ends, in milliseconds. */
const CLOSE_MS = 5_000;

/** Weight of the latest duration in the running mean of its kind. */
const WEIGHT = 0.25;

/**
 * Products that take long to make, in an S3 store that several machines share. Objects are named
 * after the keys of products, which contain everything that determines their bytes, so an object
 * never changes. While the store fails, products are made as if there were none.
 */
export class ProductStore {
  readonly #bucket: S3Bucket;
  readonly #minimumMs: number;
  readonly #warn: ((warning: string) => void) | undefined;
  readonly #breaker = new HostBreaker(1, REST_MS);
  readonly #writes = new WorkQueue(WRITES);
  readonly #ending = new AbortController();
  /** Mean time to make a product, by kind, milliseconds. */
  readonly #times = new Map<string, number>();
  readonly #counts = { found: 0, missing: 0, stored: 0, failed: 0 };
  #pending: Promise<unknown> = Promise.resolve();

  /**
   * @param minimumMs only products that took at least this long to make are stored
   * @param warn receives why the store is not used, once until it works again
   */
  constructor(bucket: S3Bucket, minimumMs: number, warn?: (warning: string) => void) {
    this.#bucket = bucket;
    this.#minimumMs = minimumMs;
    this.#warn = warn;
  }

  get counts(): StoreCounts {
    return this.#counts;
  }

  /**
   * The product of the cache's `path` from the store, placed there. Undefined when the store has
   * none, fails, or is skipped because products of this kind are made faster than fetched.
   * Errors: the reason of `signal`.
   *
   * @param pathFor returns `path`, or another path if the cache has no room for so many bytes
   */
  async find(
    path: string,
    kind: string,
    pathFor: (bytes: number) => string,
    signal: AbortSignal,
  ): Promise<CachedFile | undefined> {
    const mean = this.#times.get(kind);
    if (mean !== undefined && mean < this.#minimumMs / 2) return undefined;
    const name = basename(path);
    const found = await this.#try(async () => {
      const object = await this.#bucket.get(name, signal);
      if (object === undefined) {
        this.#counts.missing += 1;
        return undefined;
      }
      return await this.#received(object, path, pathFor, signal);
    }, signal);
    if (found !== undefined) this.#counts.found += 1;
    return found;
  }

  /** Records how long a product took to make, and stores it in the background if that was long. */
  made(file: CachedFile, kind: string, milliseconds: number): void {
    const mean = this.#times.get(kind) ?? milliseconds;
    // kinds name archives, of which a catalog has few
    if (this.#times.size > 1000) this.#times.clear();
    this.#times.set(kind, mean + WEIGHT * (milliseconds - mean));
    if (milliseconds < this.#minimumMs || file.size > MAXIMUM_BYTES) return;
    const write = this.#writes.run(() => this.#try(() => this.#put(file), this.#ending.signal));
    // too many are waiting, or the service is stopping: another machine will make it
    this.#pending = Promise.all([this.#pending, write.catch(() => undefined)]);
  }

  /** Waits briefly for writes in progress. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#ending.abort(new Error("the service is stopping")), CLOSE_MS);
    await this.#pending;
    clearTimeout(timer);
    this.#bucket.close();
  }

  async #put(file: CachedFile): Promise<void> {
    const { path, bytes, size } = file;
    const name = basename(path);
    const { signal } = this.#ending;
    if (bytes !== undefined) {
      const digest = createHash("sha256").update(bytes).digest("hex");
      await this.#bucket.put(name, bytes, size, { sha256: digest }, signal);
    } else {
      // evicted meanwhile: another machine will make it
      if (!existsSync(path)) return;
      const digest = await sha256(createReadStream(path));
      await this.#bucket.put(name, createReadStream(path), size, { sha256: digest }, signal);
    }
    this.#counts.stored += 1;
  }

  /** Errors: SOURCE_UPSTREAM when the bytes are not those that were stored. */
  async #received(
    object: StoredObject,
    path: string,
    pathFor: (bytes: number) => string,
    signal: AbortSignal,
  ): Promise<CachedFile | undefined> {
    const hasRoom = pathFor(object.size) === path;
    if (!hasRoom) {
      for await (const _chunk of object.body) signal.throwIfAborted();
      return undefined;
    }
    prepareFolder(path);
    return await withPart(path, async (part) => {
      const hash = createHash("sha256");
      const checked = async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(object.body, checked, createWriteStream(part), { signal });
      if (hash.digest("hex") !== object.metadata.sha256) {
        this.#warn?.(
          `the product store returned other bytes of ${basename(path)} than were stored; it is made again`,
        );
        return undefined;
      }
      return placeProduct(part, path);
    });
  }

  /** The outcome of `work`, or undefined while the store fails. Errors: the reason of `signal`. */
  async #try<T>(work: () => Promise<T | undefined>, signal: AbortSignal): Promise<T | undefined> {
    const { host } = this.#bucket;
    try {
      this.#breaker.admit(host);
    } catch {
      return undefined;
    }
    try {
      const result = await work();
      this.#breaker.succeeded(host);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      this.#counts.failed += 1;
      this.#breaker.timedOut(host);
      this.#warn?.(`the product store is not used for ${REST_MS / 1000} s: ${(error as Error).message}`);
      return undefined;
    }
  }
}
