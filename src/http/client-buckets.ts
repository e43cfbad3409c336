import { LRUCache } from "lru-cache";

/**
 * Maximum number of clients remembered; the least recently active are forgotten first, which only
 * favours them.
 */
const MAXIMUM_CLIENTS = 20_000;

/** How much a client may request. */
export interface ClientLimit {
  /** Sustained requests per minute. */
  readonly perMinute: number;
  /** Requests allowed at once before the sustained rate applies. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each client: a token per request, refilled at an even rate. */
export class ClientBuckets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAXIMUM_CLIENTS });

  constructor({ perMinute, burst }: ClientLimit) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
  }

  /**
   * Takes a token for a request of `client`. Returns 0, or the milliseconds until a token is
   * available when there is none.
   */
  take(client: string, now = performance.now()): number {
    const bucket = this.#buckets.get(client) ?? { tokens: this.#burst, at: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    bucket.at = now;
    this.#buckets.set(client, bucket);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.#perMs);
    bucket.tokens--;
    return 0;
  }
}
