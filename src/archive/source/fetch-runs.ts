import type { Deadline } from "../../concurrency/deadline.ts";
import { SisError } from "../../errors/sis-error.ts";
import { firstBytes, type HttpResponse } from "../http/http-response.ts";
import { type BodyExtent, extentOf, protocolError } from "../http/range-response.ts";
import { transientError, withRetries } from "../http/retry.ts";
import { noRanges, type RemoteFile, requestRange } from "../remote/remote-file.ts";
import {
  identityOfResponse,
  rangeValidator,
  type SourceIdentity,
  sameState,
  sourceChanged,
  tagsDiffer,
} from "../source-identity.ts";
import { checkKind, KIND_BYTES } from "../source-kind.ts";

/** The bytes that are wanted from offset `start` on, and the buffer they go to. */
export interface Run {
  readonly start: number;
  readonly view: Uint8Array;
}

/** A remote file in the state in which it was opened. */
export interface OpenedFile extends RemoteFile {
  readonly identity: SourceIdentity;
  /** How far into the file to read when the archive sends it from its beginning. */
  readonly maximumSkipBytes: number;
}

/**
 * Fetches runs, sorted by offset, with one request over all of them; after a broken connection,
 * with another one for what is still missing.
 * Errors: SOURCE_CHANGED when a response is of another state, SOURCE_NO_RANGES, those of `extentOf`
 * and `HttpClient.get`.
 */
export async function fetchRuns(file: OpenedFile, runs: readonly Run[], deadline: Deadline): Promise<void> {
  const end = Math.max(...runs.map(({ start, view }) => start + view.length));
  let position = runs[0]?.start ?? end;
  while (position < end) {
    await withRetries(file.client.options, deadline, async (progressed) => {
      const response = await requestRange(
        file,
        { start: position, end, validator: validatorOf(file) },
        deadline.signal,
      );
      if (response.status === 416) {
        response.body.close();
        throw sourceChanged("it became shorter");
      }
      const extent = await extentOf(response);
      try {
        await checkState(file, response, extent);
        checkExtent(file, response.url, extent, { start: position, end });
        await copyBody(response, extent, runs, end, (at) => {
          if (at <= position) return;
          position = Math.min(at, end);
          progressed();
        });
      } finally {
        response.body.close();
      }
    });
  }
}

function validatorOf({ client, identity, place }: OpenedFile): string | undefined {
  return rangeValidator(identity, client.differingTags.has(place.host));
}

/**
 * Errors: SOURCE_UPSTREAM when the response is not the file, SOURCE_CHANGED when it is another
 * state of it.
 */
async function checkState(
  { client, identity, kind, target }: OpenedFile,
  { fields, body, url }: HttpResponse,
  { total, partial }: BodyExtent,
): Promise<void> {
  const found = identityOfResponse(fields, total ?? identity.size, target.tagDecides);
  // a whole response without any validator may be anything
  const isNamed = total !== undefined || found.etag !== undefined || found.mtimeMs !== undefined;
  if ((partial || isNamed) && sameState(identity, found)) {
    if (tagsDiffer(identity, found)) client.differingTags.add(url.host);
    return;
  }
  if (!partial && kind !== undefined) checkKind(kind, await firstBytes(body, KIND_BYTES), url.host);
  throw sourceChanged(
    found.size === identity.size
      ? "its ETag or time differs"
      : `it has ${found.size} bytes, previously ${identity.size}`,
  );
}

function checkExtent(
  file: OpenedFile,
  url: URL,
  { start, end, partial }: BodyExtent,
  requested: { readonly start: number; readonly end: number },
): void {
  file.ignoresRange = !partial;
  if (!partial) {
    if (requested.end > file.maximumSkipBytes) {
      throw noRanges(url, `ignores Range, and ${requested.end} bytes would have to be read`);
    }
  } else if (start !== requested.start || end === undefined || end > requested.end) {
    throw protocolError(url, `it sends bytes ${start} to ${end} for ${requested.start} to ${requested.end}`);
  }
}

/**
 * Copies the wanted bytes of a body, which may be cut off. `advance` is called with the offset
 * reached.
 */
async function copyBody(
  { body, url }: HttpResponse,
  extent: BodyExtent,
  runs: readonly Run[],
  wantedEnd: number,
  advance: (at: number) => void,
): Promise<void> {
  let at = extent.start;
  for await (const chunk of body.chunks()) {
    for (const run of runs) copyOverlap(run, at, chunk);
    at += chunk.length;
    if (extent.end !== undefined && at > extent.end) throw protocolError(url, "it sends more than announced");
    advance(at);
    if (!extent.partial && at >= wantedEnd) return;
  }
  if (extent.end !== at) {
    throw transientError(
      new SisError("SOURCE_UPSTREAM", `${url.host}: the response ended early, at byte ${at}`),
    );
  }
}

function copyOverlap({ start, view }: Run, at: number, chunk: Uint8Array): void {
  const from = Math.max(start, at);
  const to = Math.min(start + view.length, at + chunk.length);
  if (from < to) view.set(chunk.subarray(from - at, to - at), from - start);
}
