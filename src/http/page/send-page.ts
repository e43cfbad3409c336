import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isNotModified } from "../responses/conditions.ts";

/** Responds with a page, or 304 to a browser that has it. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  policy: string,
): FastifyReply {
  // weak: the same page in another content coding has other bytes
  const etag = `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  setPageHeaders(reply, policy);
  reply.header("etag", etag).header("cache-control", "no-cache");
  if (isNotModified(request.raw.headers, { etag: etag.slice(2), lastModified: undefined })) {
    return reply.code(304).send();
  }
  return reply.type("text/html; charset=utf-8").send(text);
}

/**
 * Policy of the pages and of their scripts, whose workers are bound by that of their own response:
 * everything from the service itself, and WebAssembly, in which the engines decode pixels.
 */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    ["connect-src 'self'", ...connect].join(" "),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** Headers that differ from those of data: nothing of another origin needs to read a page. */
export function setPageHeaders(reply: FastifyReply, policy: string): void {
  reply
    .header("content-security-policy", policy)
    .header("cross-origin-resource-policy", "same-origin")
    .header("cross-origin-opener-policy", "same-origin")
    .header("referrer-policy", "same-origin");
}
