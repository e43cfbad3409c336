import { pipeline, type Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Smaller responses fit into one packet uncompressed. */
const MINIMUM_BYTES = 1400;

/** Quality levels at which a page of rows takes about a millisecond. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 6 };

/** Compresses the JSON responses of this scope for clients that accept brotli or gzip. */
export function installCompression(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || payload.length < MINIMUM_BYTES) return payload;
    reply.header("vary", "Accept-Encoding");
    const coding = acceptedCoding(request.headers["accept-encoding"]);
    if (coding === undefined) return payload;
    reply.header("content-encoding", coding).removeHeader("content-length");
    return coding === "br" ? await toBrotli(payload, BROTLI) : await toGzip(payload, GZIP);
  });
}

/** The best coding that Accept-Encoding names with a weight above 0 (RFC 9110, 12.5.3). */
export function acceptedCoding(accept = ""): "br" | "gzip" | undefined {
  const named = new Set<string>();
  for (const item of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const refused = parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    if (!refused) named.add(name);
  }
  if (named.has("br")) return "br";
  return named.has("gzip") ? "gzip" : undefined;
}

/** A streamed body in the best coding that the client accepts, at the speed of the client. */
export function compressedBody(request: FastifyRequest, reply: FastifyReply, body: Readable): Readable {
  reply.header("vary", "Accept-Encoding");
  const coding = acceptedCoding(request.headers["accept-encoding"]);
  if (coding === undefined) return body;
  reply.header("content-encoding", coding);
  const compressor = coding === "br" ? createBrotliCompress(BROTLI) : createGzip(GZIP);
  pipeline(body, compressor, () => {
    // an error reaches the reader of the compressed body
  });
  return compressor;
}
