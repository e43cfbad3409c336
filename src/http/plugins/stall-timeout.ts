import { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** Checks per timeout, which bounds how much later than configured a connection may be closed. */
const CHECKS = 8;

/** A connection with a response in progress, and its state when its client last read something. */
interface ActiveConnection {
  responses: number;
  mark: string;
  since: number;
}

/**
 * Closes connections whose client reads nothing for `timeoutMs` although bytes are waiting for it.
 * A product that takes long to make does not end its connection. Connections without a request are
 * left to the timeouts of Node's server.
 */
export function installStallTimeout(app: FastifyInstance, timeoutMs: number): void {
  const active = new Map<Socket, ActiveConnection>();
  app.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    // an injected request has no connection
    if (!(socket instanceof Socket)) return done();
    const entry = active.get(socket) ?? { responses: 0, mark: "", since: 0 };
    entry.responses++;
    active.set(socket, entry);
    reply.raw.once("close", () => {
      if (--entry.responses === 0) active.delete(socket);
    });
    done();
  });
  const look = setInterval(() => {
    const now = performance.now();
    for (const [socket, entry] of active) {
      const mark = progressOf(socket);
      if (socket.writableLength === 0 || mark !== entry.mark) {
        entry.mark = mark;
        entry.since = now;
      } else if (now - entry.since >= timeoutMs) socket.destroy();
    }
  }, timeoutMs / CHECKS);
  look.unref();
  app.addHook("onClose", async () => clearInterval(look));
}

/**
 * Changes when the system takes bytes. The rest of a write that the system has begun is known only
 * to the handle: the timeout of Node's sockets reads it too, but takes twice as long.
 */
function progressOf(socket: Socket): string {
  const { _handle: handle } = socket as Socket & {
    readonly _handle?: { readonly writeQueueSize?: number } | null;
  };
  return `${socket.bytesWritten} ${socket.writableLength} ${handle?.writeQueueSize ?? 0}`;
}
