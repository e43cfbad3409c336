import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isSisError, type KnownError, SisError, statusOf } from "../../errors/sis-error.ts";
import { errorRecord, type Logger } from "../../observe/logger.ts";
import type { Metrics } from "../../observe/metrics.ts";
import {
  JOB_ID_HEADER,
  newJobId,
  type Problem,
  prefersText,
  problemOf,
  toSisError,
} from "../responses/problem.ts";
import { voErrorResponse } from "../vo/vo-error.ts";

/** Value of Retry-After for requests refused with 503, seconds. */
const RETRY_AFTER_SECONDS = "5";
const SHED_LOG_MS = 1_000;

/**
 * Sends errors as problem documents, as plain text to clients that request text, or in the form of
 * the Virtual Observatory below /vo; logs those that are not the client's fault.
 */
export function installErrors(app: FastifyInstance, parts: ErrorSending): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, parts));
  app.setNotFoundHandler((request, reply) => {
    const error = new SisError("ROUTE_NOT_FOUND", "There is nothing at this address.");
    return sendError(error, request, reply, parts);
  });
}

/** What responding to errors needs. */
interface ErrorSending {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** BASE_HREF, to recognize addresses of the Virtual Observatory. */
  readonly prefix?: string;
  /** Renders the error as HTML, for a browser. */
  readonly page?: (problem: Problem) => string;
}

/** Responds to any error. */
export function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { logger, metrics, prefix, page }: ErrorSending,
): FastifyReply {
  const error = reportable(toSisError(thrown), reply);
  metrics.count("sbnsis_errors_total", { code: error.code });
  if (error.code === "OVERLOADED") metrics.count("sbnsis_shed_total", { reason: "queue" });
  if (error.code === "RATE_LIMITED") metrics.count("sbnsis_shed_total", { reason: "rate" });
  logIfOurs(error, request.id, request.trace?.traceId, logger);
  // headers of the abandoned response must not describe this one
  for (const name of ["etag", "last-modified", "content-length", "content-disposition", "accept-ranges"]) {
    reply.removeHeader(name);
  }
  reply.header("cache-control", "no-store");
  const vo = prefix === undefined ? undefined : voErrorResponse(error, request, prefix);
  if (vo !== undefined) {
    const { status, contentType, body, isTransient } = vo;
    // a refusal by the rate limit says when the next request may be served
    if (isTransient && !reply.hasHeader("retry-after")) reply.header("retry-after", RETRY_AFTER_SECONDS);
    // bytes, because Fastify would add a charset to XML
    return reply.code(status).type(contentType).send(Buffer.from(body));
  }
  const problem = problemOf(error, request.id);
  const text = prefersText(request.headers.accept);
  if (problem.status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
  reply.code(problem.status).header("vary", "Accept");
  if (page !== undefined) return reply.type("text/html; charset=utf-8").send(page(problem));
  reply.type(text ? "text/plain; charset=utf-8" : "application/problem+json");
  // bytes, because Fastify would add a charset to text, which JSON does not have (RFC 8259, 11)
  return reply.send(text ? problem.detail : Buffer.from(JSON.stringify(problem)));
}

/**
 * A request that was cancelled while its client is still waiting was cancelled by cancelRequests().
 */
function reportable(error: KnownError, reply: FastifyReply): KnownError {
  if (error.code !== "CANCELLED" || reply.raw.destroyed || reply.raw.socket?.destroyed === true) return error;
  return new SisError("STOPPING", "the service stopped before the response began", { cause: error });
}

function logIfOurs(error: KnownError, jobId: string, traceId: string | undefined, logger: Logger): void {
  if (isSisError(error, "OVERLOADED", "RATE_LIMITED")) logShed(error, jobId, logger);
  else if (statusOf(error) >= 500 || isSisError(error, "SOURCE_MISSING", "SOURCE_NOT_ALLOWED")) {
    logger.error({ job_id: jobId, ...errorRecord(error), trace_id: traceId });
  }
}

const shed = { count: 0, loggedAt: Number.NEGATIVE_INFINITY };

/**
 * Under overload a line for each refusal would fill the disk: one is logged at intervals, with the
 * number of refusals since the last.
 */
function logShed(error: KnownError, jobId: string, logger: Logger): void {
  shed.count++;
  const now = performance.now();
  if (now - shed.loggedAt < SHED_LOG_MS) return;
  logger.warn({ job_id: jobId, code: error.code, error: error.message, shed: shed.count });
  shed.count = 0;
  shed.loggedAt = now;
}

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
