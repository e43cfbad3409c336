import { SisError } from "../errors/sis-error.ts";
import type { HttpAnswer } from "./http-answer.ts";
import type { HttpClient, HttpTarget } from "./http-client.ts";

/** A file on an archive, and what requests have taught about it. */
export interface RemoteFile {
  readonly client: HttpClient;
  readonly target: HttpTarget;
  /** Where redirects led the last time. */
  place: URL;
  /** Whether the last answer was the whole file although a range was asked. */
  ignoresRange: boolean;
}

/** Answers of a place that a redirect led to earlier, after which the redirect is worth another look. */
const STALE_REDIRECT = new Set([401, 403, 404, 410]);

export function remoteFile(client: HttpClient, target: HttpTarget): RemoteFile {
  return { client, target, place: target.url, ignoresRange: false };
}

/** Bytes from offset `start` up to, not including, `end`, or to the end of the file. */
interface AskedRange {
  readonly start: number;
  readonly end?: number;
  /** Value of If-Range: in another state the archive sends the whole file. */
  readonly validator?: string | undefined;
}

/** Asks for a range, or for the whole file. Errors: those of `HttpClient.get`. */
export async function ask(
  file: RemoteFile,
  range: AskedRange | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const fields = range === undefined ? {} : rangeFields(range);
  const { client, target } = file;
  let answer = await client.get({ ...target, url: file.place }, fields, signal);
  if (file.place !== target.url && STALE_REDIRECT.has(answer.status)) {
    answer.body.close();
    answer = await client.get(target, fields, signal);
  }
  // a new object for an unchanged place would look like a redirect
  file.place = answer.url.href === target.url.href ? target.url : answer.url;
  return answer;
}

function rangeFields({ start, end, validator }: AskedRange): Readonly<Record<string, string>> {
  return {
    range: `bytes=${start}-${end === undefined ? "" : end - 1}`,
    ...(validator !== undefined && { "if-range": validator }),
  };
}

/** The error of an archive from which a file can only be fetched whole. */
export function noRanges(url: URL, why: string): SisError<"SOURCE_NO_RANGES"> {
  return new SisError("SOURCE_NO_RANGES", `${url.host} ${why}`);
}
