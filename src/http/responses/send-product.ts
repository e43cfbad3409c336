import { type FileHandle, open } from "node:fs/promises";
import { pipeline, Readable, Transform } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { SisError } from "../../errors/sis-error.ts";
import { type Product, SMALL_PRODUCT_BYTES } from "../../products/product.ts";
import type { UnsentBytes } from "../limits/connection-limit.ts";
import {
  type ByteRange,
  isNotModified,
  isPreconditionFailed,
  requestedRange,
  type Validators,
} from "./conditions.ts";

/** Bytes of one read of a streamed file. */
const CHUNK_BYTES = 2 ** 18;

/** The same while many bytes are waiting for slow clients. */
const SMALL_CHUNK_BYTES = 2 ** 16;

/** What sending needs, the same for all products. */
export interface SendingParts {
  readonly recent: RecentProducts;
  /** Value of Cache-Control. */
  readonly cacheControl: string;
  /** Queue for reads of small files. */
  readonly reads: WorkQueue;
  readonly unsent: UnsentBytes;
  /** Receives the reason when a body could not be sent completely. */
  readonly cut: (jobId: string, reason: Error) => void;
}

/** What sending needs from one request. */
export interface SendingOptions {
  readonly download: boolean;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Responds with a product: 200, 206 for a single range, 304 when the client has it; HEAD returns
 * the same headers. Small files are sent from memory in one write, larger ones streamed as fast as
 * the client reads, and closed when it disconnects.
 * Errors: SOURCE_CHANGED when the file is gone or is not the one that `product` describes,
 * PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE, OVERLOADED, CANCELLED.
 */
export async function sendProduct(
  request: FastifyRequest,
  reply: FastifyReply,
  product: Product,
  parts: SendingParts,
  options: SendingOptions,
): Promise<FastifyReply> {
  const validators = { etag: product.etag, lastModified: lastModified(product.lastModifiedMs) };
  const common = cacheHeaders(validators, parts.cacheControl);
  const { headers } = request.raw;
  if (isPreconditionFailed(headers, validators)) {
    throw new SisError("PRECONDITION_FAILED", "The product is not the one that the request asks for.");
  }
  if (isNotModified(headers, validators)) return reply.code(304).headers(common).send();
  const range = requestedRange(headers, product.size, validators);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${product.size}`);
    const message = `The product has ${product.size} bytes; the range begins after them.`;
    throw new SisError("RANGE_NOT_SATISFIABLE", message, { details: { size: product.size } });
  }
  const part = range ?? { first: 0, last: product.size - 1 };
  const body =
    request.method === "HEAD" ? null : await openBody(product, part, reply, { ...parts, ...options });
  if (body instanceof Readable) body.once("error", (reason) => parts.cut(request.id, reason));
  if (range !== undefined) {
    reply.code(206).header("content-range", `bytes ${part.first}-${part.last}/${product.size}`);
  }
  reply.headers({
    ...common,
    "content-type": product.mediaType,
    "content-length": part.last - part.first + 1,
    "content-disposition": contentDisposition(product.downloadFilename, options.download),
    "accept-ranges": "bytes",
  });
  return reply.send(body);
}

function cacheHeaders({ etag, lastModified: modified }: Validators, cacheControl: string) {
  return {
    etag,
    ...(modified !== undefined && { "last-modified": modified }),
    "cache-control": cacheControl,
  };
}

/**
 * A time in HTTP format (RFC 9110, 5.6.7), in whole seconds. Undefined for an unknown time, and for
 * one in the future, which must not be sent (RFC 9110, 8.8.2.1).
 */
function lastModified(timeMs: number | undefined): string | undefined {
  if (timeMs === undefined || timeMs > Date.now()) return undefined;
  return new Date(timeMs).toUTCString();
}

async function openBody(
  product: Product,
  { first, last }: ByteRange,
  reply: FastifyReply,
  { recent, reads, unsent, signal }: SendingParts & SendingOptions,
) {
  const { content, size } = product;
  const length = last - first + 1;
  if (typeof content === "function") {
    return exactBody(Readable.from(content(first, last), { objectMode: false }), length);
  }
  if (content !== undefined) {
    unsent.hold(reply.raw, content.length);
    return Buffer.from(content.buffer, content.byteOffset).subarray(first, last + 1);
  }
  const known = recent.find(product);
  if (known !== undefined) return known.subarray(first, last + 1);
  if (size > SMALL_PRODUCT_BYTES || (unsent.isFull && size > 0)) {
    const file = await openUnchanged(product);
    const highWaterMark = unsent.isFull ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
    return exactBody(file.createReadStream({ start: first, end: last, highWaterMark }), length);
  }
  const bytes = await reads.run(() => readSmall(product), signal);
  recent.keep(product, bytes);
  unsent.hold(reply.raw, bytes.length);
  return bytes.subarray(first, last + 1);
}

async function readSmall(product: Product): Promise<Buffer> {
  const file = await openUnchanged(product);
  try {
    return await readWhole(file, product.size);
  } finally {
    await file.close();
  }
}

/** Opens the product's file and makes sure that it is still the one described. */
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
    throw new SisError("SOURCE_UNREADABLE", "the state of a product cannot be read", { cause });
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

/** Content-Disposition for any file name (RFC 6266, 4.3; RFC 8187 for non-ASCII characters). */
export function contentDisposition(filename: string, download: boolean): string {
  const kind = download ? "attachment" : "inline";
  const plain = filename.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&");
  // some browsers decode a percent sign in the plain form, so it too needs the second form
  if (!/[^\x20-\x7e]|%/.test(filename)) return `${kind}; filename="${plain}"`;
  const encoded = encodeURIComponent(filename.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/**
 * A body announced with `length` bytes. It fails with SOURCE_CHANGED if `source` has fewer or more;
 * the connection is then destroyed, because the client would read what follows, the head of the
 * next response, as the rest of this body. `source` is destroyed with it.
 */
function exactBody(source: Readable, length: number): Readable {
  let left = length;
  const wrong = () => {
    const how = left > 0 ? `${left} bytes short of` : "longer than";
    return new SisError("SOURCE_CHANGED", `a product is ${how} the ${length} bytes that were announced`);
  };
  const body = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      left -= chunk.length;
      if (left < 0) done(wrong());
      else done(null, chunk);
    },
    flush(done) {
      done(left === 0 ? null : wrong());
    },
  });
  pipeline(source, body, () => {
    // an error reaches the reader of the body
  });
  return body;
}

/** How long a cache may serve a product while the service fails, in seconds (RFC 5861, 4). */
const STALE_IF_ERROR = 86_400;

/**
 * Cache-Control of products. They change only when their source does, which their validators
 * reveal, so a short time is enough and a corrected label soon shows. A cache may serve a stale
 * product for the same time again while it revalidates (RFC 5861, 3).
 *
 * @param maxAge seconds, SBNSIS_MAX_AGE
 */
export function productCacheControl(maxAge: number): string {
  const revalidate = maxAge === 0 ? "" : `, stale-while-revalidate=${maxAge}`;
  return `public, max-age=${maxAge}${revalidate}, stale-if-error=${STALE_IF_ERROR}`;
}

/**
 * Caches small products that were requested more than once, up to a number of bytes: a product that
 * is made and sent once would only evict them.
 */
export interface RecentProducts {
  find(product: Product): Buffer | undefined;
  keep(product: Product, bytes: Buffer): void;
}

/**
 * Entries are found by path, size and modification time, so a replaced file is a different entry.
 * With `maximumBytes` 0 nothing is kept.
 */
export function recentProducts(maximumBytes: number): RecentProducts {
  if (maximumBytes === 0) return { find: () => undefined, keep: () => undefined };
  const cache = new LRUCache<string, Buffer>({
    maxSize: maximumBytes,
    maxEntrySize: Math.min(SMALL_PRODUCT_BYTES, maximumBytes),
    sizeCalculation: (bytes) => Math.max(1, bytes.length),
  });
  return {
    find: (product) => cache.get(identity(product)),
    keep: (product, bytes) => {
      cache.set(identity(product), bytes);
    },
  };
}

function identity({ path, size, mtimeMs }: Product): string {
  return `${size}:${mtimeMs}:${path}`;
}
