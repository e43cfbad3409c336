import type { ServerResponse } from "node:http";

/**
 * Counts the bytes of responses that are held in memory until their clients take them, so that many
 * clients that read nothing cannot fill the memory of a worker.
 */
export class UnsentBytes {
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the limit has been reached. */
  get isFull(): boolean {
    return this.#bytes >= this.#limit;
  }

  /** Counts `bytes` until `response` has been sent or its client has disconnected. */
  hold(response: ServerResponse, bytes: number): void {
    this.#bytes += bytes;
    response.once("close", () => {
      this.#bytes -= bytes;
    });
  }
}
