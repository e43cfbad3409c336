import { LRUCache } from "lru-cache";

/** Clients that are remembered; the longest silent are forgotten first, which only favours them. */
const MAXIMUM_CLIENTS = 20_000;

/** What a client may ask. */
export interface ClientLimit {
  /** Requests a minute, in the long run. */
  readonly perMinute: number;
  /** Requests at once, before that counts. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket of tokens for each client: one for each request, filled at an even rate. */
export class ClientBuckets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAXIMUM_CLIENTS });

  constructor({ perMinute, burst }: ClientLimit) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
  }

  /** Takes a token for a request of `client`; milliseconds until there is one again when there is none, else 0. */
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
