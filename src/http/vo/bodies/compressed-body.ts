import { pipeline, type Readable } from "node:stream";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { acceptedCoding } from "../../plugins/compression.ts";

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 6 };

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
