import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

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

/**
 * Counts the bodies of this scope, and refuses requests with OVERLOADED while the limit is reached.
 */
export function installUnsentLimit(app: FastifyInstance, unsent: UnsentBytes): void {
  app.addHook("onRequest", (_request, _reply, done) => {
    done(unsent.isFull ? new SisError("OVERLOADED", "clients do not take their responses") : undefined);
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (typeof payload === "string" || Buffer.isBuffer(payload)) unsent.hold(reply.raw, payload.length);
    done(null, payload);
  });
}
