import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Closes connections over which nothing went for `timeoutMs` although bytes wait for the client, and idle ones after the server's keep-alive time.
 * A product that takes long to make does not end its connection.
 */
export function installStallTimeout(app: FastifyInstance, timeoutMs: number): void {
  const answering = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: number) => answering.set(socket, (answering.get(socket) ?? 0) + by);
  app.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    change(socket, 1);
    reply.raw.once("close", () => change(socket, -1));
    done();
  });
  app.server.setTimeout(timeoutMs, (socket?: Socket) => {
    if (socket === undefined) return;
    const isIdle = (answering.get(socket) ?? 0) === 0;
    if (isIdle || socket.writableLength > 0) socket.destroy();
  });
}
