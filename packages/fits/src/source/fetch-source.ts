import { FitsError } from "../errors.ts";
import type { ByteRange, ByteSource, ReadOptions } from "./byte-source.ts";

/** Timeout of one response, in milliseconds, when the caller gives no signal. */
const PATIENCE_MS = 60_000;

/**
 * A file on the web as a source, using `fetch` and byte ranges (RFC 9110, 14): for browsers and
 * small programs. Sends one request per range, and one for the size and entity tag, without
 * retries. From another origin, a page can read only what that allows (CORS).
 * Errors: SOURCE_NO_RANGES when the server does not send parts, SOURCE_CHANGED when the file has
 * changed, SOURCE_MISSING, SOURCE_UPSTREAM, SOURCE_UNREACHABLE; FITS_TRUNCATED for a range beyond
 * the end.
 */
export function fetchSource(url: string): ByteSource {
  let head: Promise<Head> | undefined;
  const first = (signal: AbortSignal | undefined) => {
    head ??= askHead(url, signal).catch((error) => {
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
        const bytes = await askRange(url, range, size, etag, signal);
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

async function askHead(url: string, signal: AbortSignal | undefined): Promise<Head> {
  const answer = await ask(url, { offset: 0, length: 1 }, signal);
  await answer.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size))
    throw new FitsError("SOURCE_UPSTREAM", `${url} does not tell its size (Content-Range)`);
  return { size, etag: answer.headers.get("etag") };
}

async function askRange(
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
  const answer = await ask(url, range, signal);
  if (answer.headers.get("etag") !== etag)
    throw new FitsError("SOURCE_CHANGED", `${url} changed while it was read`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length !== length)
    throw new FitsError("SOURCE_UPSTREAM", `${url} sent ${bytes.length} bytes for a range of ${length}`);
  return bytes;
}

/** The response to a range request, with its body still to be read. */
async function ask(
  url: string,
  { offset, length }: ByteRange,
  signal: AbortSignal | undefined,
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      headers: { range: `bytes=${offset}-${offset + length - 1}` },
      signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FitsError("SOURCE_UNREACHABLE", `${url} cannot be reached`, { cause });
  }
  if (answer.status === 206) return answer;
  await answer.body?.cancel();
  if (answer.status === 404 || answer.status === 410)
    throw new FitsError("SOURCE_MISSING", `there is no ${url}`);
  if (answer.status === 200) throw new FitsError("SOURCE_NO_RANGES", `${url} is only sent as a whole`);
  throw new FitsError("SOURCE_UPSTREAM", `${url} answers with status ${answer.status}`);
}
