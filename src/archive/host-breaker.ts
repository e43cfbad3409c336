import { SisError } from "../errors/sis-error.ts";

/** Consecutive timeouts after which a host is paused. */
const FAILURES = 3;
/**
 * Length of the first pause, in milliseconds; it doubles with each probe that fails, up to four
 * times this.
 */
const REST_MS = 10_000;

interface Health {
  failures: number;
  restMs: number;
  /** End of the pause, by `performance.now()`. */
  restsUntil: number;
}

/**
 * A circuit breaker: remembers hosts that do not respond, so that no request waits for them. After
 * several consecutive timeouts, requests fail at once, except for one probe at the end of each
 * pause, until a probe succeeds.
 */
export class HostBreaker {
  readonly #failures: number;
  readonly #restMs: number;
  readonly #hosts = new Map<string, Health>();

  constructor(failures = FAILURES, restMs = REST_MS) {
    this.#failures = failures;
    this.#restMs = restMs;
  }

  /** Number of hosts that are paused. */
  get resting(): number {
    return [...this.#hosts.values()].filter(({ failures }) => failures >= this.#failures).length;
  }

  /** Refuses a paused host with SOURCE_TIMEOUT. The first request after the pause is the probe. */
  admit(host: string): void {
    this.refuse(host);
    const health = this.#hosts.get(host);
    if (health === undefined || health.failures < this.#failures) return;
    // if the probe ends without an outcome, another one follows after a pause
    health.restsUntil = performance.now() + health.restMs;
  }

  /** Like `admit`, for a request that is not about to be sent: it does not count as a probe. */
  refuse(host: string): void {
    const { failures, restsUntil } = this.#hosts.get(host) ?? { failures: 0, restsUntil: 0 };
    if (failures < this.#failures || performance.now() >= restsUntil) return;
    throw new SisError(
      "SOURCE_TIMEOUT",
      `${host} did not respond ${failures} times in a row, so requests to it are paused`,
    );
  }

  succeeded(host: string): void {
    this.#hosts.delete(host);
  }

  /** Reports a request that timed out. */
  timedOut(host: string): void {
    const { failures, restMs } = this.#hosts.get(host) ?? { failures: 0, restMs: this.#restMs / 2 };
    const isResting = failures + 1 >= this.#failures;
    const nextMs = isResting ? Math.min(this.#restMs * 4, restMs * 2) : restMs;
    this.#hosts.set(host, {
      failures: failures + 1,
      restMs: nextMs,
      restsUntil: performance.now() + nextMs,
    });
  }
}
