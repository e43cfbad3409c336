import { createHash } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { Readable } from "node:stream";
import { AwsV4Signer } from "aws4fetch";
import { SisError } from "../../errors/sis-error.ts";
import { traceFields } from "../../observe/trace-fields.ts";
import { s3Target } from "../remote/s3-target.ts";

/** A part of an S3 store that the service writes to. Plain data. */
export interface S3BucketOptions {
  /** `s3://bucket` or `s3://bucket/prefix`, without a trailing slash. */
  readonly location: string;
  /** Base URL without a trailing slash; defaults to Amazon's for the region. */
  readonly endpoint?: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Longest silence of the store, milliseconds; defaults to 5 s. */
  readonly idleTimeoutMs?: number;
}

/** An object that is being read. */
export interface StoredObject {
  readonly size: number;
  /** Metadata of the object (`x-amz-meta-*`), names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How a client receives an object through a signed URL. */
export interface SignedAddress {
  /** Seconds for which it is valid, at most a week. */
  readonly seconds: number;
  readonly mediaType: string;
  /** Value of Content-Disposition. */
  readonly disposition: string;
}

interface Exchange {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
}

/** Bytes of a part of a large object; S3 takes at most 10,000 parts of at least 5 MiB. */
const PART_BYTES = 2 ** 24;

const IDLE_MS = 5_000;

/** Maximum number of bytes read of a response that is not an object. */
const MAXIMUM_REPLY_BYTES = 2 ** 16;

/**
 * Objects of an S3 store, accessed through the S3 REST API with AWS Signature Version 4. Nothing
 * relies on conditional writes, which some stores ignore.
 * Errors of all methods: SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, and the reason of a
 * signal.
 */
export class S3Bucket {
  readonly #options: S3BucketOptions;
  readonly #agent: http.Agent;
  readonly #keys = new Map<string, ArrayBuffer>();

  constructor(options: S3BucketOptions) {
    this.#options = options;
    const isSecure = this.#url("probe").protocol === "https:";
    this.#agent = new (isSecure ? https.Agent : http.Agent)({ keepAlive: true, maxSockets: 8 });
  }

  /** Name and port of the store. */
  get host(): string {
    return this.#url("probe").host;
  }

  /** An object; undefined if none has this name. Its body must be read or closed. */
  async get(name: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
    const response = await this.#send(name, { method: "GET", ...(signal && { signal }) });
    if (response.statusCode === 404) {
      response.resume();
      return undefined;
    }
    await this.#require(response, name);
    return { size: sizeOf(response), metadata: metadataOf(response), body: response };
  }

  /** The metadata of an object; undefined if none has this name. */
  async head(name: string): Promise<Readonly<Record<string, string>> | undefined> {
    const response = await this.#send(name, { method: "HEAD" });
    response.resume();
    if (response.statusCode === 404) return undefined;
    await this.#require(response, name);
    return metadataOf(response);
  }

  /** Stores an object whose size is known, up to 5 GiB. */
  async put(
    name: string,
    body: Uint8Array | Readable,
    size: number,
    metadata: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const headers = { ...metadataHeaders(metadata), "content-length": String(size) };
    await this.#done(name, { method: "PUT", headers, body, ...(signal && { signal }) });
  }

  /**
   * Stores an object of any size, in parts if it is large (multipart upload); it appears when it is
   * complete. Errors: also those of `parts`.
   */
  async putStream(
    name: string,
    parts: AsyncIterable<Uint8Array>,
    metadata: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const pieces = inPieces(parts, PART_BYTES);
    const first = await pieces.next();
    const begin = first.done ? Buffer.alloc(0) : first.value;
    if (begin.length < PART_BYTES) return await this.put(name, begin, begin.length, metadata, signal);
    const headers = metadataHeaders(metadata);
    const begun = await this.#done(name, { method: "POST", query: { uploads: "" }, headers });
    const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(begun.text)?.[1];
    if (uploadId === undefined) throw upstream(`${this.host} returned no upload id`);
    try {
      const tags: string[] = [];
      for (let piece: Buffer | undefined = begin; piece !== undefined; ) {
        const query = { partNumber: String(tags.length + 1), uploadId };
        const { etag } = await this.#done(name, {
          ...{ method: "PUT", query, body: piece },
          headers: { "content-length": String(piece.length) },
          ...(signal && { signal }),
        });
        tags.push(etag);
        const next: IteratorResult<Buffer> = await pieces.next();
        piece = next.done ? undefined : next.value;
      }
      const list = tags.map((tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
      const body = Buffer.from(`<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`);
      const ended = await this.#done(name, {
        ...{ method: "POST", query: { uploadId }, body },
        headers: { "content-length": String(body.length) },
      });
      // a failure after the head was sent is reported in the body of a 200
      if (ended.text.includes("<Error>")) throw upstream(`${this.host} did not complete an upload`);
    } catch (error) {
      // parts of an incomplete upload take up storage until a lifecycle rule removes them
      await this.#done(name, { method: "DELETE", query: { uploadId } }).catch(() => undefined);
      await pieces.return(undefined);
      throw error;
    }
  }

  /** Removes an object, if one has this name. */
  async remove(name: string): Promise<void> {
    await this.#done(name, { method: "DELETE" });
  }

  /**
   * A URL with which anyone can read an object for a limited time (AWS Signature Version 4, query).
   */
  async signed(name: string, { seconds, mediaType, disposition }: SignedAddress): Promise<string> {
    const url = this.#url(name);
    url.searchParams.set("X-Amz-Expires", String(seconds));
    url.searchParams.set("response-content-type", mediaType);
    url.searchParams.set("response-content-disposition", disposition);
    const { url: signed } = await this.#signer({ method: "GET", url: url.href, signQuery: true }).sign();
    return signed.href;
  }

  close(): void {
    this.#agent.destroy();
  }

  #url(name: string): URL {
    const { location, endpoint, region } = this.#options;
    return s3Target(`${location}/${name}`, { region, ...(endpoint !== undefined && { endpoint }) }).url;
  }

  #signer(request: { method: string; url: string; headers?: Record<string, string>; signQuery?: boolean }) {
    const { region, accessKeyId, secretAccessKey } = this.#options;
    if (this.#keys.size > 8) this.#keys.clear();
    const keys = { accessKeyId, secretAccessKey, service: "s3", region, cache: this.#keys };
    return new AwsV4Signer({ ...request, ...keys });
  }

  /**
   * Sends a request and returns the head of the response. A kept connection may turn out to be
   * closed; the request is then sent again.
   */
  async #send(name: string, exchange: Exchange): Promise<http.IncomingMessage> {
    try {
      return await this.#sendOnce(name, exchange, this.#agent);
    } catch (error) {
      if (!isStale(error)) throw error;
      return await this.#sendOnce(name, exchange, false);
    }
  }

  async #sendOnce(
    name: string,
    { method, query = {}, headers = {}, body, signal }: Exchange,
    agent: http.Agent | false,
  ) {
    signal?.throwIfAborted();
    const url = this.#url(name);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const signed = await this.#signer({ method, url: url.href, headers: { ...headers } }).sign();
    const request = (url.protocol === "https:" ? https : http).request(signed.url, {
      method,
      headers: { ...Object.fromEntries(signed.headers), ...traceFields() },
      // a stream cannot be sent again
      agent: body instanceof Readable ? false : agent,
      timeout: this.#options.idleTimeoutMs ?? IDLE_MS,
      ...(signal && { signal }),
    });
    return await new Promise<http.IncomingMessage>((resolve, reject) => {
      const fail = (cause: unknown) => {
        if (body instanceof Readable) body.destroy();
        if (signal?.aborted) reject(signal.reason);
        else if (cause instanceof SisError) reject(cause);
        else {
          const stale = request.reusedSocket && { details: { stale: true } };
          reject(new SisError("SOURCE_UNREACHABLE", `${url.host} cannot be reached`, { cause, ...stale }));
        }
      };
      request.once("timeout", () =>
        request.destroy(new SisError("SOURCE_TIMEOUT", `${url.host} did not respond in time`)),
      );
      request.on("error", fail);
      request.once("response", resolve);
      if (body instanceof Readable) body.once("error", (error) => request.destroy(error)).pipe(request);
      else request.end(body);
    });
  }

  /** A whole exchange that must succeed. */
  async #done(name: string, exchange: Exchange): Promise<{ readonly etag: string; readonly text: string }> {
    const response = await this.#send(name, exchange);
    await this.#require(response, name);
    return { etag: String(response.headers.etag ?? ""), text: await textOf(response) };
  }

  async #require(response: http.IncomingMessage, name: string): Promise<void> {
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return;
    const code = /<Code>([^<]{1,80})<\/Code>/.exec(await textOf(response).catch(() => ""))?.[1];
    throw upstream(`${this.host} returned ${statusCode} ${code ?? ""} for ${name}`);
  }
}

/** SHA-256 of all bytes, hexadecimal. */
export async function sha256(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of body) hash.update(chunk);
  return hash.digest("hex");
}

const isStale = (error: unknown): boolean => error instanceof SisError && error.details?.stale === true;

const upstream = (message: string) => new SisError("SOURCE_UPSTREAM", message);

function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`x-amz-meta-${key}`, value]));
}

function metadataOf({ headers }: http.IncomingMessage): Readonly<Record<string, string>> {
  const prefix = "x-amz-meta-";
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), String(value)]),
  );
}

function sizeOf({ headers }: http.IncomingMessage): number {
  const size = Number(headers["content-length"]);
  if (!Number.isSafeInteger(size)) throw upstream("the store sent an object without a length");
  return size;
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8"))
    if (text.length < MAXIMUM_REPLY_BYTES) text += chunk;
  return text;
}

/** The bytes in pieces of `size`; the last one may be shorter. */
async function* inPieces(parts: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void> {
  let piece = Buffer.alloc(size);
  let filled = 0;
  for await (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const length = Math.min(size - filled, part.length - at);
      piece.set(part.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled < size) continue;
      yield piece;
      piece = Buffer.alloc(size);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
