import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Metrics } from "../../observe/metrics.ts";
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

const METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Counts every response, including those whose client disconnected before they were complete. */
export function installRequestMetrics(app: FastifyInstance, metrics: Metrics, prefix: string): void {
  let inFlight = 0;
  app.addHook("onRequest", (_request, reply, done) => {
    inFlight++;
    reply.raw.once("close", () => {
      inFlight--;
      if (!reply.raw.writableFinished) metrics.count("sbnsis_http_aborted_total");
    });
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = routeOf(request, prefix);
    const method = METHODS.has(request.method) ? request.method : "other";
    metrics.count("sbnsis_http_requests_total", { route, method, status: reply.statusCode });
    metrics.observe("sbnsis_http_request_duration_seconds", { route }, reply.elapsedTime / 1000);
    const bytes = request.method === "HEAD" ? 0 : Number(reply.getHeader("content-length") ?? 0);
    metrics.count("sbnsis_http_response_bytes_total", { route }, bytes);
    done();
  });
  metrics.addSource(() => ({ sbnsis_http_requests_in_flight: inFlight }));
}

/**
 * The route pattern without the service's prefix; `other` for requests without a route, and one
 * pattern for all files of the pages.
 */
function routeOf(request: FastifyRequest, prefix: string): string {
  const pattern = request.routeOptions.url;
  if (pattern === undefined || pattern === "*") return "other";
  const route = pattern.slice(prefix.length);
  return route.startsWith("/ui") ? "/ui" : route;
}
