import { FitsError } from "../errors.ts";
import type { ByteRange, ByteSource, ReadOptions } from "./byte-source.ts";

/** Timeout of one response, in milliseconds, when the caller gives no signal. */
const TIMEOUT_MS = 60_000;

/**
 * A file on the web as a source, using `fetch` and byte ranges (RFC 9110, 14): for browsers and
 * small programs. Sends one request per range, and one for the size and entity tag, without
 * retries. A page can read another origin only if that origin allows it (CORS).
 * Errors: SOURCE_NO_RANGES when the server does not send parts, SOURCE_CHANGED when the file has
 * changed, SOURCE_MISSING, SOURCE_UPSTREAM, SOURCE_UNREACHABLE; FITS_TRUNCATED for a range beyond
 * the end.
 */
export function fetchSource(url: string): ByteSource {
  let head: Promise<Head> | undefined;
  const first = (signal: AbortSignal | undefined) => {
    head ??= requestHead(url, signal).catch((error) => {
      head = undefined;
      throw error;
    });
    return head;
  };
  return {
    size: async ({ signal } = {}) => (await first(signal)).size,
    read: async (ranges, { signal, into }: ReadOptions = {}) => {
      const { size, etag } = await first(signal);
      let at = 0;
      const found: Uint8Array[] = [];
      for (const range of ranges) {
        const bytes = await requestRange(url, range, size, etag, signal);
        into?.set(bytes, at);
        found.push(into === undefined ? bytes : into.subarray(at, at + range.length));
        at += range.length;
      }
      return found;
    },
  };
}

interface Head {
  readonly size: number;
  readonly etag: string | null;
}

async function requestHead(url: string, signal: AbortSignal | undefined): Promise<Head> {
  const response = await ask(url, { offset: 0, length: 1 }, signal);
  await response.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size))
    throw new FitsError("SOURCE_UPSTREAM", `${url} does not report its size (Content-Range)`);
  return { size, etag: response.headers.get("etag") };
}

async function requestRange(
  url: string,
  range: ByteRange,
  size: number,
  etag: string | null,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { offset, length } = range;
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new FitsError(
      "FITS_TRUNCATED",
      `bytes ${offset} to ${offset + length} are needed, but the file ends at ${size}`,
      { details: { offset, length, fileSize: size } },
    );
  }
  if (length === 0) return new Uint8Array(0);
  const response = await ask(url, range, signal);
  if (response.headers.get("etag") !== etag)
    throw new FitsError("SOURCE_CHANGED", `${url} changed while it was being read`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length !== length)
    throw new FitsError("SOURCE_UPSTREAM", `${url} sent ${bytes.length} bytes for a range of ${length}`);
  return bytes;
}

/** The response to a range request; its body has not been read yet. */
async function ask(
  url: string,
  { offset, length }: ByteRange,
  signal: AbortSignal | undefined,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { range: `bytes=${offset}-${offset + length - 1}` },
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FitsError("SOURCE_UNREACHABLE", `${url} cannot be reached`, { cause });
  }
  if (response.status === 206) return response;
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410)
    throw new FitsError("SOURCE_MISSING", `there is no ${url}`);
  if (response.status === 200) throw new FitsError("SOURCE_NO_RANGES", `${url} is only sent as a whole`);
  throw new FitsError("SOURCE_UPSTREAM", `${url} responded with status ${response.status}`);
}
