import { cancelled } from "./cancellation.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Runs one task per key at a time: all callers that ask for a key while its task is running share
 * the outcome. A task is aborted when none of its callers is waiting any more. Failures are not
 * remembered: the next call tries again.
 * Errors of `run`: CANCELLED when its signal is already aborted; those of the task.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Number of running tasks. */
  get size(): number {
    return this.#flights.size;
  }

  /** Whether a task for the key is running. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  async run(key: string, make: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) throw cancelled();
    const flight = this.#flights.get(key) ?? this.#start(key, make);
    flight.waiters++;
    signal?.addEventListener("abort", () => this.#leave(key, flight), { once: true });
    return flight.promise;
  }

  #start(key: string, make: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const promise = make(controller.signal).finally(() => this.#forget(key, flight));
    const flight: Flight<T> = { promise, controller, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #leave(key: string, flight: Flight<T>): void {
    flight.waiters--;
    if (flight.waiters > 0) return;
    // later callers start a new task
    this.#forget(key, flight);
    flight.controller.abort(cancelled());
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
