import { invalidParameter } from "../../config/text-value.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { tooManyBytes, unreadable } from "../list-error.ts";

/** A request for a list of CATCH: a job, and options beside it. */
interface CatchRequest {
  readonly job: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** How lists of CATCH are fetched. */
export interface CatchAccess {
  /** Address of its API (SBNSIS_CATCH_URL); empty: none are fetched. */
  readonly url: string;
  readonly maximumBytes: number;
  /** Sends a GET request to that host only. Errors: SOURCE_*. */
  readonly get: (url: URL, signal: AbortSignal) => Promise<CatchResponse>;
}

/** A response of CATCH. */
interface CatchResponse {
  readonly status: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Abandons the rest. */
  readonly close: () => void;
}

/** A list of CATCH, and the options that the request had beside the job. */
export interface CatchList {
  readonly bytes: Uint8Array;
  readonly options: CatchRequest["options"];
}

/** Longest body that can be such a request: longer ones are lists. */
const LONGEST = 16_384;

/** Job ids of CATCH are UUIDs, with or without hyphens. */
const JOB = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Members of the request that are not options. */
const MEMBERS = new Set(["catch", "target"]);

/** `{"catch": "job id or address"}` with options beside it; undefined for any other body. */
function catchRequest(
  bytes: Uint8Array,
): { readonly wanted: unknown; readonly document: object } | undefined {
  if (bytes.length > LONGEST) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  if (!/^\uFEFF?\s*\{/.test(text) || !text.includes('"catch"')) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // the reader of lists reports where it fails
    return undefined;
  }
  if (typeof document !== "object" || document === null || !("catch" in document)) return undefined;
  if ("rows" in document || "data" in document || "result" in document) return undefined;
  return { wanted: document.catch, document };
}

/**
 * The job in an id, or in an address below that of the API: nothing else of an address is used.
 * Errors: INVALID_PARAMETER.
 */
function jobOf(wanted: unknown, base: URL): string {
  const refused = (allowed: string) => invalidParameter("catch", JSON.stringify(wanted) ?? "", allowed);
  if (typeof wanted !== "string") throw refused("a job id, or its address");
  if (JOB.test(wanted)) return wanted;
  const allowed = `a job id of CATCH, or its address: ${base.origin}${base.pathname.replace(/\/$/, "")}/caught/{job}`;
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined;
  if (url === undefined || url.origin !== base.origin || url.username !== "" || url.password !== "")
    throw refused(allowed);
  const below = url.pathname.slice(base.pathname.replace(/\/$/, "").length);
  const job = url.pathname.startsWith(base.pathname) ? /^\/caught\/([^/]+)\/?$/.exec(below)?.[1] : undefined;
  if (job === undefined || !JOB.test(job)) throw refused(allowed);
  return job;
}

/**
 * The results of a job of CATCH, if a body requests them; undefined if it is a list itself. Only
 * the API that the settings name is contacted, and only for jobs.
 * Errors: INVALID_PARAMETER; LIST_UNREADABLE when no API is named; LIST_TOO_LARGE; CATCH_FAILED.
 */
export async function caughtList(
  bytes: Uint8Array,
  { url, maximumBytes, get }: CatchAccess,
  signal: AbortSignal,
): Promise<CatchList | undefined> {
  const request = catchRequest(bytes);
  if (request === undefined) return undefined;
  if (url === "") {
    const reason =
      "this service fetches no lists of CATCH (SBNSIS_CATCH_URL is empty); send the results themselves";
    throw unreadable(reason, { line: 1, column: 1 });
  }
  const base = new URL(url);
  const job = jobOf(request.wanted, base);
  const options = Object.fromEntries(Object.entries(request.document).filter(([name]) => !MEMBERS.has(name)));
  const address = new URL(`${url}/caught/${job}`);
  try {
    const response = await get(address, signal);
    return { bytes: await bodyOf(response, address, maximumBytes), options };
  } catch (cause) {
    if (!isSisError(cause) || !cause.code.startsWith("SOURCE_")) throw cause;
    throw new SisError("CATCH_FAILED", `CATCH does not respond: ${cause.message}`, { cause });
  }
}

async function bodyOf(
  { status, chunks, close }: CatchResponse,
  address: URL,
  maximumBytes: number,
): Promise<Uint8Array> {
  try {
    if (status !== 200) throw new SisError("CATCH_FAILED", `CATCH returned ${status} for ${address.href}.`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of chunks) {
      size += part.length;
      if (size > maximumBytes) throw tooManyBytes(maximumBytes);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    close();
  }
}
