import { SisError } from "../errors/sis-error.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Runs one making per key at a time: whoever asks for a key while it is being made gets the same outcome.
 * A making is aborted when everybody who waits for it has gone. A failed one is forgotten: the next request tries again.
 * Errors of `run`: CANCELLED when its signal is aborted already; those of the making.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Number of makings under way. */
  get size(): number {
    return this.#flights.size;
  }

  /** Whether a making for the key is under way. */
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
    // whoever asks from now on starts anew
    this.#forget(key, flight);
    flight.controller.abort(cancelled());
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

function cancelled(): SisError<"CANCELLED"> {
  return new SisError("CANCELLED", "the request for this product was cancelled");
}
