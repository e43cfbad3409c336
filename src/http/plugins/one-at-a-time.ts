import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests of one connection that may wait before reading from it pauses. */
const HANDFUL = 8;

/** A connection: whether one of its requests is in progress, and those that wait. */
interface Line {
  isBusy: boolean;
  isPaused: boolean;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/**
 * Makes `server` handle the requests of a connection one at a time. Node begins every request of a
 * packet at once, a thousand or more if a client does not wait for responses (pipelining, RFC 9112,
 * 9.3.2), and continues with them after the client has disconnected. Here reading pauses while more
 * than a handful wait, and the waiting requests of a closed connection are dropped.
 */
export function handleOneAtATime(server: Server): void {
  const listeners = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  const lines = new WeakMap<Socket, Line>();

  const begin = (line: Line, request: IncomingMessage, response: ServerResponse) => {
    line.isBusy = true;
    response.once("close", () => {
      line.isBusy = false;
      // deferred, so that other connections get their turn
      if (line.waiting.length > 0) setImmediate(next, line, request.socket);
    });
    for (const listener of listeners) listener.call(server, request, response);
  };

  const next = (line: Line, socket: Socket) => {
    if (line.isBusy) return;
    if (socket.destroyed) return;
    const first = line.waiting.shift();
    if (first === undefined) return;
    begin(line, ...first);
    if (line.waiting.length >= HANDFUL) socket.pause();
    else if (line.isPaused) {
      line.isPaused = false;
      socket.resume();
    }
  };

  // Node reports a closed connection only to the response that currently owns it
  const drop = (line: Line) => {
    for (const [, response] of line.waiting.splice(0)) response.emit("close");
  };

  server.on("request", (request, response) => {
    const { socket } = request;
    let line = lines.get(socket);
    if (line === undefined) {
      line = { isBusy: false, isPaused: false, waiting: [] };
      lines.set(socket, line);
      socket.once("close", drop.bind(undefined, line));
    }
    if (!line.isBusy && line.waiting.length === 0) {
      begin(line, request, response);
      return;
    }
    line.waiting.push([request, response]);
    if (line.waiting.length < HANDFUL) return;
    line.isPaused = true;
    socket.pause();
  });
}
