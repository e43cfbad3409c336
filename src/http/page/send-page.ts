import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isNotModified } from "../responses/conditions.ts";
import { setPageHeaders } from "./page-headers.ts";

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
