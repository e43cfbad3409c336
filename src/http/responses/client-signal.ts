import type { FastifyInstance, FastifyReply } from "fastify";

declare module "fastify" {
  interface FastifyInstance {
    /** Cancels requests whose response has not begun; they receive 503 STOPPING. */
    cancelRequests(): void;
    /** The requests that can be cancelled, each with a function that does so. */
    readonly cancellable: Map<FastifyReply, () => void>;
  }
}

/** Allows requests to be cancelled when the process has to end (FastifyInstance.cancelRequests). */
export function installCancellation(app: FastifyInstance): void {
  const cancellable = new Map<FastifyReply, () => void>();
  app.decorate("cancellable", cancellable);
  app.decorate("cancelRequests", () => {
    for (const [reply, cancel] of cancellable) {
      if (!reply.raw.headersSent) cancel();
    }
  });
}

/**
 * Aborted when the client disconnects before its response is complete, or by cancelRequests().
 */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { cancellable } = reply.server;
  cancellable.set(reply, () => controller.abort());
  reply.raw.once("close", () => {
    cancellable.delete(reply);
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
