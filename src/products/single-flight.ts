/**
 * Runs one making per key at a time: whoever asks for a key while it is being made gets the same promise.
 * A failed making is forgotten with its last waiter, so the next request tries again.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** Number of makings under way. */
  get size(): number {
    return this.#flights.size;
  }

  run(key: string, make: () => Promise<T>): Promise<T> {
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) return underWay;
    const flight = make().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }
}
