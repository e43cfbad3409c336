import { SisError } from "../../errors/sis-error.ts";
import type { HttpClient, HttpTarget } from "../http/http-client.ts";
import type { HttpResponse } from "../http/http-response.ts";
import { isEmptyFile } from "../http/range-response.ts";
import type { SourceKind } from "../source-kind.ts";

/** A file on an archive, and what earlier requests revealed about it. */
export interface RemoteFile {
  readonly client: HttpClient;
  readonly target: HttpTarget;
  /** Where redirects led the last time. */
  place: URL;
  /** Whether the last response was the whole file although a range was requested. */
  ignoresRange: boolean;
  /** Whether range requests were refused although a request for the whole file was not. */
  refusesRange: boolean;
  /** The kind that the file must be of, if known. */
  readonly kind: SourceKind | undefined;
}

/** Statuses of an earlier redirect's target after which the original address is requested again. */
const STALE_REDIRECT = new Set([401, 403, 404, 410]);
/** Statuses that some archives and filters send only because of Range. */
const RANGE_REFUSED = new Set([400, 403, 405, 416, 501]);

export function remoteFile(client: HttpClient, target: HttpTarget, kind?: SourceKind): RemoteFile {
  return { client, target, place: target.url, ignoresRange: false, refusesRange: false, kind };
}

/** The bytes from offset `start` up to, but not including, `end`, or to the end of the file. */
interface RequestedRange {
  readonly start: number;
  readonly end?: number;
  /** Value of If-Range: in another state, the archive sends the whole file. */
  readonly validator?: string | undefined;
}

/**
 * Requests a range, or the whole file; also the whole file when the archive refuses ranges.
 * Errors: those of `HttpClient.get`.
 */
export async function requestRange(
  file: RemoteFile,
  range: RequestedRange | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  if (range === undefined || file.refusesRange) return requestWith(file, {}, signal);
  const response = await requestWith(file, rangeFields(range), signal);
  // a store that refuses a signature does so with and without Range
  const isAboutKeys = response.status === 403 && file.target.sign !== undefined;
  if (!RANGE_REFUSED.has(response.status) || isEmptyFile(response) || isAboutKeys) return response;
  response.body.close();
  const whole = await requestWith(file, {}, signal);
  file.refusesRange = whole.status === 200;
  return whole;
}

async function requestWith(
  file: RemoteFile,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { client, target } = file;
  let response = await client.get({ ...target, url: file.place }, fields, signal);
  if (file.place !== target.url && STALE_REDIRECT.has(response.status)) {
    response.body.close();
    response = await client.get(target, fields, signal);
  }
  // replacing an unchanged address by a new object would look like a redirect
  file.place = response.url.href === target.url.href ? target.url : response.url;
  return response;
}

function rangeFields({ start, end, validator }: RequestedRange): Readonly<Record<string, string>> {
  return {
    range: `bytes=${start}-${end === undefined ? "" : end - 1}`,
    ...(validator !== undefined && { "if-range": validator }),
  };
}

/** The error of an archive from which a file can only be downloaded whole. */
export function noRanges(url: URL, why: string): SisError<"SOURCE_NO_RANGES"> {
  return new SisError("SOURCE_NO_RANGES", `${url.host} ${why}`);
}
