import { LRUCache } from "lru-cache";
import { SingleFlight } from "../../concurrency/single-flight.ts";
import { isSisError } from "../../errors/sis-error.ts";

/** How long a value remains valid when the archive could not be asked, in milliseconds. */
const GRACE_MS = 30_000;

/** Limits of a cache: a number of values, or their total size. */
export type CacheLimits<T> =
  | { readonly entries: number }
  | { readonly bytes: number; readonly sizeOf: (value: T) => number };

interface Entry<T> {
  readonly value: T;
  /** Until when it is used without asking the archive again, by `performance.now()`. */
  readonly validUntil: number;
}

/**
 * Caches what is known about files of archives. A value is used for `revalidateMs`, after which it
 * is renewed, once for all concurrent callers. If the archive cannot be asked then, the known value
 * is used for a little longer, so that existing products are still served.
 */
export class RevalidatingCache<T extends object> {
  readonly #revalidateMs: number;
  readonly #entries: LRUCache<string, Entry<T>>;
  readonly #renewing = new SingleFlight<T>();

  constructor(revalidateMs: number, limits: CacheLimits<T>) {
    this.#revalidateMs = revalidateMs;
    this.#entries = new LRUCache<string, Entry<T>>(
      "entries" in limits
        ? // grows as needed: `max` would allocate all places now
          { maxSize: limits.entries, sizeCalculation: () => 1 }
        : { maxSize: limits.bytes, sizeCalculation: ({ value }) => limits.sizeOf(value) },
    );
  }

  /**
   * The value for a key, from `renew` if it is not cached or no longer valid. `renew` receives the
   * last known value. A new value is valid for `validMs`, which defaults to `revalidateMs`.
   * Errors: CANCELLED, those of `renew`.
   */
  async get(
    key: string,
    renew: (known: T | undefined, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
    validMs = this.#revalidateMs,
  ): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && performance.now() < entry.validUntil) return entry.value;
    return this.#renewing.run(key, (all) => this.#renew(key, entry?.value, renew, all, validMs), signal);
  }

  /** Forgets a value that turned out to be wrong. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  async #renew(
    key: string,
    known: T | undefined,
    renew: (known: T | undefined, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    validMs: number,
  ): Promise<T> {
    try {
      return this.#set(key, await renew(known, signal), validMs);
    } catch (error) {
      const isUnavailable = isSisError(error, "SOURCE_UNREACHABLE", "SOURCE_TIMEOUT", "SOURCE_UPSTREAM");
      // a value that `renew` has forgotten is wrong
      if (known === undefined || !isUnavailable || !this.#entries.has(key)) throw error;
      return this.#set(key, known, Math.min(GRACE_MS, this.#revalidateMs));
    }
  }

  #set(key: string, value: T, validMs: number): T {
    this.#entries.set(key, { value, validUntil: performance.now() + validMs });
    return value;
  }
}
