import { LRUCache } from "lru-cache";
import type { ClientBuckets } from "./client-buckets.ts";

/** Sends a request to the process that counts for all; undefined when no reply came in time. */
export type AskShared = (client: string) => Promise<number | undefined>;

/**
 * While no reply comes, one request per interval asks; the others do not wait for it. Milliseconds.
 */
const PROBE_MS = 100;

/** Maximum number of clients whose refusal is remembered. */
const MAXIMUM_REFUSED = 10_000;

/**
 * Counts requests of clients against a limit that all processes of the service share. While the
 * counting process is late or gone, as under the flood that the limit is meant for, the process's
 * own buckets decide: every request is counted, and none waits.
 */
export class SharedLimit {
  readonly #own: ClientBuckets;
  readonly #ask: AskShared;
  readonly #refusedUntil = new LRUCache<string, number>({ max: MAXIMUM_REFUSED });
  #late = false;
  #nextProbe = 0;

  /** @param own this process's share of the limit */
  constructor(own: ClientBuckets, ask: AskShared) {
    this.#own = own;
    this.#ask = ask;
  }

  /**
   * Counts a request of `client`; milliseconds until the next one may be served, 0 when this one
   * may.
   */
  async take(client: string, now = performance.now()): Promise<number> {
    // no token can arrive earlier, so the counting process is not asked: a flood does not reach it
    const refused = this.#refusedUntil.get(client);
    if (refused !== undefined && refused > now) return Math.ceil(refused - now);
    // always counted here too, so that a late reply lets no burst through
    const own = this.#own.take(client, now);
    if (this.#late && now < this.#nextProbe) return own;
    this.#nextProbe = now + PROBE_MS;
    if (this.#late) {
      void this.#shared(client);
      return own;
    }
    return (await this.#shared(client)) ?? own;
  }

  async #shared(client: string): Promise<number | undefined> {
    const waitMs = await this.#ask(client);
    this.#late = waitMs === undefined;
    if (waitMs !== undefined && waitMs > 0) this.#refusedUntil.set(client, performance.now() + waitMs);
    return waitMs;
  }
}
