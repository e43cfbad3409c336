import { SisError } from "../errors/sis-error.ts";

/** Timeouts of a host in a row after which it is left alone for a while. */
const FAILURES = 3;
/** How long that is at first, in milliseconds; it doubles with each probe that fails, up to four times that. */
const REST_MS = 10_000;

interface Health {
  failures: number;
  restMs: number;
  /** Until when nothing is asked, by `performance.now()`. */
  restsUntil: number;
}

/**
 * Remembers hosts that do not answer, so that nobody waits for them: after some timeouts in a row requests
 * fail at once, but for one probe at the end of each pause, until one succeeds.
 */
export class HostBreaker {
  readonly #failures: number;
  readonly #restMs: number;
  readonly #hosts = new Map<string, Health>();

  constructor(failures = FAILURES, restMs = REST_MS) {
    this.#failures = failures;
    this.#restMs = restMs;
  }

  /** Hosts that are left alone now. */
  get resting(): number {
    return [...this.#hosts.values()].filter(({ failures }) => failures >= this.#failures).length;
  }

  /** Refuses a host that is left alone: SOURCE_TIMEOUT. The first request after the pause is the probe. */
  admit(host: string): void {
    this.refuse(host);
    const health = this.#hosts.get(host);
    if (health === undefined || health.failures < this.#failures) return;
    // should the probe end without an outcome, another follows after a pause
    health.restsUntil = performance.now() + health.restMs;
  }

  /** The same for a request that is not sent yet. */
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
