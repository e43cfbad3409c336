import { SisError } from "../../errors/sis-error.ts";
import type { HttpAnswer } from "../http/http-answer.ts";
import type { HttpClient, HttpTarget } from "../http/http-client.ts";
import { isEmptyFile } from "../http/range-answer.ts";
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

/**
 * Statuses from the target of an earlier redirect after which the redirect is worth asking for
 * again.
 */
const STALE_REDIRECT = new Set([401, 403, 404, 410]);
/** Statuses that some archives and filters send only because of Range. */
const RANGE_REFUSED = new Set([400, 403, 405, 416, 501]);

export function remoteFile(client: HttpClient, target: HttpTarget, kind?: SourceKind): RemoteFile {
  return { client, target, place: target.url, ignoresRange: false, refusesRange: false, kind };
}

/** The bytes from offset `start` up to, but not including, `end`, or to the end of the file. */
interface AskedRange {
  readonly start: number;
  readonly end?: number;
  /** Value of If-Range: in another state, the archive sends the whole file. */
  readonly validator?: string | undefined;
}

/**
 * Requests a range, or the whole file; also the whole file when the archive refuses ranges.
 * Errors: those of `HttpClient.get`.
 */
export async function ask(
  file: RemoteFile,
  range: AskedRange | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  if (range === undefined || file.refusesRange) return askWith(file, {}, signal);
  const answer = await askWith(file, rangeFields(range), signal);
  // a store that refuses a signature does so with and without Range
  const isAboutKeys = answer.status === 403 && file.target.sign !== undefined;
  if (!RANGE_REFUSED.has(answer.status) || isEmptyFile(answer) || isAboutKeys) return answer;
  answer.body.close();
  const whole = await askWith(file, {}, signal);
  file.refusesRange = whole.status === 200;
  return whole;
}

async function askWith(
  file: RemoteFile,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { client, target } = file;
  let answer = await client.get({ ...target, url: file.place }, fields, signal);
  if (file.place !== target.url && STALE_REDIRECT.has(answer.status)) {
    answer.body.close();
    answer = await client.get(target, fields, signal);
  }
  // a new object for an unchanged address would look like a redirect
  file.place = answer.url.href === target.url.href ? target.url : answer.url;
  return answer;
}

function rangeFields({ start, end, validator }: AskedRange): Readonly<Record<string, string>> {
  return {
    range: `bytes=${start}-${end === undefined ? "" : end - 1}`,
    ...(validator !== undefined && { "if-range": validator }),
  };
}

/** The error of an archive from which a file can only be downloaded whole. */
export function noRanges(url: URL, why: string): SisError<"SOURCE_NO_RANGES"> {
  return new SisError("SOURCE_NO_RANGES", `${url.host} ${why}`);
}
