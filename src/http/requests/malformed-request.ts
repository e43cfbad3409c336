import type { Socket } from "node:net";
import { SisError } from "../../errors/sis-error.ts";
import { JOB_ID_HEADER, newJobId } from "../responses/job-id.ts";
import { problemOf } from "../responses/problem.ts";

/**
 * Responds to what Node's HTTP parser refuses, before there is a request, and closes the
 * connection.
 */
export function handleClientError(error: Error, socket: Socket): void {
  // the client has disconnected: nobody would receive a response
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const jobId = newJobId();
  const problem = problemOf(
    new SisError("MALFORMED_REQUEST", "The request is malformed, too large or too slow."),
    jobId,
  );
  const body = JSON.stringify(problem);
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${JOB_ID_HEADER}: ${jobId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
