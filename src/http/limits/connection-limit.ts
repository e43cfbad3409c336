import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

/**
 * Minimum number of descriptors that a worker reserves for files, databases, archives and its
 * threads.
 */
const RESERVED = 64;

/**
 * Maximum number of connections of a worker, however many descriptors there are: each may carry a
 * response.
 */
const MAXIMUM_CONNECTIONS = 4096;

/**
 * Connections that a worker may have open: half of the descriptors that are not reserved, because a
 * response may also need a file or a connection to an archive. Further connections are closed on
 * arrival.
 *
 * @param descriptors the limit of this process; Infinity if unknown
 */
export function maximumConnections(descriptors = descriptorLimit()): number {
  return Math.max(16, Math.min(MAXIMUM_CONNECTIONS, Math.floor((descriptors - RESERVED) / 2)));
}

/** RLIMIT_NOFILE, as Linux reports it; other systems do not expose it to Node. */
function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Counts the bytes of responses that are buffered until their clients read them, so that many
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
    done(unsent.isFull ? new SisError("OVERLOADED", "clients do not read their responses") : undefined);
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (typeof payload === "string" || Buffer.isBuffer(payload)) unsent.hold(reply.raw, payload.length);
    done(null, payload);
  });
}
