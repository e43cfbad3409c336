import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SisError } from "../errors/sis-error.ts";
import { type Product, SMALL_PRODUCT_BYTES } from "../products/product.ts";
import { type ByteRange, isNotModified, requestedRange } from "./conditions.ts";
import { contentDisposition } from "./content-disposition.ts";
import type { RecentProducts } from "./recent-products.ts";

/** Products change only when their source does, and then their entity tag does too. */
const CACHE_CONTROL = "public, max-age=86400";

/** Bytes of one read of a streamed file. */
const CHUNK_BYTES = 2 ** 18;

/**
 * Answers with a product: 200, 206 for a single range, 304 when the client has it; HEAD gives the same headers. Small files are sent from
 * memory in one write, larger ones streamed as fast as the client reads, and closed when it goes.
 * Errors: SOURCE_CHANGED when the file is gone or is not the one that `product` describes, RANGE_NOT_SATISFIABLE.
 */
export async function sendProduct(
  request: FastifyRequest,
  reply: FastifyReply,
  product: Product,
  options: { readonly download: boolean; readonly recent: RecentProducts },
): Promise<FastifyReply> {
  const validators = { etag: product.etag, lastModified: httpDate(product.mtimeMs) };
  const { headers } = request.raw;
  if (isNotModified(headers, validators)) {
    return reply.code(304).headers(cacheHeaders(validators)).send();
  }
  const range = requestedRange(headers, product.size, validators);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${product.size}`);
    throw new SisError(
      "RANGE_NOT_SATISFIABLE",
      `The product has ${product.size} bytes; the range begins behind them.`,
      {
        details: { size: product.size },
      },
    );
  }
  const part = range ?? { first: 0, last: product.size - 1 };
  const body = request.method === "HEAD" ? null : await openBody(product, part, options.recent);
  if (range !== undefined) {
    reply.code(206).header("content-range", `bytes ${part.first}-${part.last}/${product.size}`);
  }
  reply.headers({
    ...cacheHeaders(validators),
    "content-type": product.mediaType,
    "content-length": part.last - part.first + 1,
    "content-disposition": contentDisposition(product.downloadFilename, options.download),
    "accept-ranges": "bytes",
  });
  return reply.send(body);
}

function cacheHeaders({ etag, lastModified }: { readonly etag: string; readonly lastModified: string }) {
  return { etag, "last-modified": lastModified, "cache-control": CACHE_CONTROL };
}

/** A time as HTTP writes it (RFC 9110, 5.6.7); whole seconds. */
function httpDate(timeMs: number): string {
  return new Date(timeMs).toUTCString();
}

async function openBody(product: Product, { first, last }: ByteRange, recent: RecentProducts) {
  const { content } = product;
  if (typeof content === "function") return Readable.from(content(first, last), { objectMode: false });
  if (content !== undefined) return Buffer.from(content.buffer, content.byteOffset).subarray(first, last + 1);
  const known = recent.find(product);
  if (known !== undefined) return known.subarray(first, last + 1);
  const file = await openUnchanged(product);
  if (product.size <= SMALL_PRODUCT_BYTES) {
    try {
      const bytes = await readWhole(file, product.size);
      recent.keep(product, bytes);
      return bytes.subarray(first, last + 1);
    } finally {
      await file.close();
    }
  }
  return file.createReadStream({ start: first, end: last, highWaterMark: CHUNK_BYTES });
}

/** Opens the product's file and makes sure that it still is the one described. */
async function openUnchanged({ path, size, mtimeMs }: Product): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (cause) {
    throw new SisError("SOURCE_CHANGED", "a product cannot be opened", { cause });
  }
  try {
    const found = await file.stat();
    if (found.size === size && found.mtimeMs === mtimeMs) return file;
  } catch (cause) {
    await file.close();
    throw new SisError("SOURCE_UNREADABLE", "a product cannot be looked at", { cause });
  }
  await file.close();
  throw new SisError("SOURCE_CHANGED", "a product was replaced before it was sent");
}

async function readWhole(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) throw new SisError("SOURCE_CHANGED", "a product became shorter while it was read");
    filled += bytesRead;
  }
  return bytes;
}
