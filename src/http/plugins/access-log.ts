import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ReadClientAddress } from "../requests/client-address.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Logs each response in Apache's combined format, when it has been sent or its client has
 * disconnected.
 */
export function installAccessLog(
  app: FastifyInstance,
  write: (line: string) => void,
  clientOf: ReadClientAddress,
): void {
  app.addHook("onResponse", (request, reply, done) => {
    write(accessLine(request, reply, clientOf(request.raw).address, new Date()));
    done();
  });
}

/**
 * `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`; %h is an address or `-`, the size is
 * the announced size of the body, `-` if it has none.
 */
function accessLine(request: FastifyRequest, reply: FastifyReply, address: string, at: Date): string {
  const { method, headers } = request;
  const line = `${method} ${request.raw.url} HTTP/${request.raw.httpVersion}`;
  const size = method === "HEAD" ? undefined : reply.getHeader("content-length");
  return `${address || "-"} - - [${commonTime(at)}] ${quoted(line)} ${reply.statusCode} ${size ?? "-"} ${quoted(headers.referer)} ${quoted(headers["user-agent"])}\n`;
}

/**
 * A field that can contain anything: quotes, backslashes and everything but printable ASCII are
 * escaped, as Apache does.
 */
function quoted(text = "-"): string {
  const safe = text.replace(/["\\]|[^\x20-\x7e]/g, (sign) => {
    if (sign === '"' || sign === "\\") return `\\${sign}`;
    return [...Buffer.from(sign)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  });
  return `"${safe}"`;
}

/** UTC, as `24/Nov/2026:16:39:21 +0000`. */
function commonTime(at: Date): string {
  const iso = at.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[at.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
