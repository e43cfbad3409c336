import { SisError } from "../../errors/sis-error.ts";
import { firstBytes, type HttpResponse, headerField } from "./http-response.ts";
import { transientError } from "./retry.ts";

/** Which part of a file the body of a response contains. */
export interface BodyExtent {
  /** Offset of its first byte in the file. */
  readonly start: number;
  /** Offset after its last byte; undefined for a whole file of unknown length. */
  readonly end: number | undefined;
  /** Size of the file; undefined if the archive does not report it. */
  readonly total: number | undefined;
  /** Whether the archive sent a range (206) or, for whatever reason, the whole file (200). */
  readonly partial: boolean;
}

/**
 * Determines what the body of a response contains. Refuses a response that contradicts itself or is
 * encoded. A 416 for an empty file is an empty body.
 * Errors: those of `statusError`, SOURCE_UPSTREAM. They close the body.
 */
export async function extentOf(response: HttpResponse): Promise<BodyExtent> {
  const { status, fields, body, url } = response;
  if (isEmptyFile(response)) {
    body.close();
    return { start: 0, end: 0, total: 0, partial: true };
  }
  if (status !== 200 && status !== 206) throw await statusError(response);
  try {
    checkEncoding(response);
    const length = contentLength(url, fields);
    if (status === 200) return { start: 0, end: length, total: length, partial: false };
    const range = contentRange(fields);
    if (range?.end === undefined) throw protocolError(url, "its Content-Range cannot be read");
    if (length !== undefined && length !== range.end - range.start) {
      throw protocolError(url, `it announces ${length} bytes for a range of ${range.end - range.start}`);
    }
    return { start: range.start, end: range.end, total: range.total, partial: true };
  } catch (error) {
    body.close();
    throw error;
  }
}

/** Whether a 416 says that the file is empty. */
export function isEmptyFile({ status, fields }: HttpResponse): boolean {
  return status === 416 && contentRange(fields)?.total === 0;
}

/**
 * Codings that change nothing; stores keep the `aws-chunked` of the upload in the metadata of a
 * file.
 */
const NO_CODING = new Set(["", "identity", "aws-chunked", "binary", "none"]);

/** Codings that only repeat the extension of a compressed file, as Apache's AddEncoding does. */
const NAMED_CODINGS: ReadonlyMap<string, RegExp> = new Map([
  ["gzip", /\.(?:gz|tgz)$/i],
  ["x-gzip", /\.(?:gz|tgz)$/i],
  ["compress", /\.z$/i],
  ["x-compress", /\.z$/i],
  ["bzip2", /\.bz2$/i],
  ["x-bzip2", /\.bz2$/i],
]);

/**
 * Refuses a file whose bytes are encoded for the transfer (RFC 9110, 8.4): ranges would refer to
 * other bytes.
 */
function checkEncoding({ fields, url }: HttpResponse): void {
  const codings = (headerField(fields, "content-encoding") ?? "").toLowerCase().split(",");
  for (const coding of codings.map((written) => written.trim())) {
    if (NO_CODING.has(coding) || NAMED_CODINGS.get(coding)?.test(url.pathname)) continue;
    throw protocolError(url, "it sends the file encoded");
  }
}

/** The error of an archive that violates HTTP. */
export function protocolError(url: URL, what: string): SisError<"SOURCE_UPSTREAM"> {
  return new SisError("SOURCE_UPSTREAM", `${url.host}: ${what}`);
}

function contentLength(url: URL, fields: HttpResponse["fields"]): number | undefined {
  const written = headerField(fields, "content-length");
  if (written === undefined) return undefined;
  const length = Number(written);
  if (!/^\d+$/.test(written) || !Number.isSafeInteger(length)) {
    throw protocolError(url, "its Content-Length cannot be read");
  }
  return length;
}

interface ContentRange {
  readonly start: number;
  /** Undefined for an unsatisfied range. */
  readonly end: number | undefined;
  readonly total: number | undefined;
}

/** The Content-Range in bytes (RFC 9110, 14.4); undefined if missing or invalid. */
function contentRange(fields: HttpResponse["fields"]): ContentRange | undefined {
  const written = headerField(fields, "content-range") ?? "";
  const match = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i.exec(written.trim());
  if (match === null) return undefined;
  const total = match[3] === "*" ? undefined : Number(match[3]);
  if (match[1] === undefined) return { start: 0, end: undefined, total };
  const start = Number(match[1]);
  const end = Number(match[2]) + 1;
  return end <= start || (total !== undefined && end > total) ? undefined : { start, end, total };
}

/** Statuses after which a retry may succeed (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4). */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509]);
/** Number of bytes of an error document that are inspected. */
const ERROR_DOCUMENT = 4096;

/**
 * Returns the error for a status other than 2xx, and closes the body: SOURCE_MISSING for 404 and
 * 410, unless an S3 store reports that the bucket is missing; SOURCE_CHANGED for 412; otherwise
 * SOURCE_UPSTREAM.
 */
async function statusError({ status, fields, body, url }: HttpResponse): Promise<SisError> {
  const document = Buffer.from(await firstBytes(body, ERROR_DOCUMENT)).toString("latin1");
  const reason = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(document)?.[1];
  const message = `${url.host} returned ${status}${reason === undefined ? "" : ` ${reason}`}`;
  if ((status === 404 || status === 410) && reason !== "NoSuchBucket") {
    return new SisError("SOURCE_MISSING", message);
  }
  if (status === 412) return new SisError("SOURCE_CHANGED", message);
  const error = new SisError("SOURCE_UPSTREAM", message, { details: { upstreamStatus: status } });
  return TRANSIENT.has(status)
    ? transientError(error, retryAfterMs(headerField(fields, "retry-after")))
    : error;
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds from now; 0 if missing or invalid. */
function retryAfterMs(written: string | undefined): number {
  if (written === undefined) return 0;
  const milliseconds = /^\d{1,9}$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}
