import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";
import type { UnsentBytes } from "../limits/unsent-bytes.ts";

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
