import type { Socket } from "node:net";
import { SisError } from "../../errors/sis-error.ts";
import { JOB_ID_HEADER, newJobId } from "../responses/job-id.ts";
import { problemOf } from "../responses/problem.ts";
import { voErrorResponse } from "../vo/vo-error.ts";

/**
 * Responds to what Node's HTTP parser refuses, before there is a request, and closes the
 * connection.
 * @param prefix BASE_HREF
 */
export function handleClientError(error: Error, socket: Socket, prefix: string): void {
  const { code, rawPacket } = error as NodeJS.ErrnoException & { readonly rawPacket?: Buffer };
  // the client has disconnected: nobody would receive a response
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const jobId = newJobId();
  const refused = new SisError("MALFORMED_REQUEST", "The request is malformed, too large or too slow.");
  const vo = voErrorResponse(refused, { url: targetOf(rawPacket) }, prefix);
  const body = vo?.body ?? JSON.stringify(problemOf(refused, jobId));
  const isTooLong = vo !== undefined && code === "HPE_HEADER_OVERFLOW";
  const head = [
    isTooLong ? "HTTP/1.1 431 Request Header Fields Too Large" : "HTTP/1.1 400 Bad Request",
    `Content-Type: ${vo?.contentType ?? "application/problem+json"}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${JOB_ID_HEADER}: ${jobId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** The target of the request that begins a packet; empty if none does. */
function targetOf(packet: Buffer | undefined): string {
  const start = packet?.toString("latin1", 0, 256) ?? "";
  return /^[A-Z]+ (\/\S*)/.exec(start)?.[1] ?? "";
}
