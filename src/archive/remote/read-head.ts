import type { Deadline } from "../../concurrency/deadline.ts";
import { SisError } from "../../errors/sis-error.ts";
import { firstBytes, type HttpResponse } from "../http/http-response.ts";
import { type BodyExtent, extentOf, protocolError } from "../http/range-response.ts";
import { transientError, withRetries } from "../http/retry.ts";
import { identityOfResponse, type SourceIdentity } from "../source-identity.ts";
import { checkKind, KIND_BYTES } from "../source-kind.ts";
import { noRanges, type RemoteFile, requestRange } from "./remote-file.ts";

/** What the first request for a file returns. */
export interface FileHead {
  readonly identity: SourceIdentity;
  /** The first bytes of the file: at most as many as requested. */
  readonly head: Uint8Array;
}

/**
 * Requests the first `headBytes` bytes of a file, at least 1.
 * Errors: those of `extentOf` and `HttpClient.get`; SOURCE_NO_RANGES when the archive sends the
 * whole file without reporting its size.
 */
export function readHead(file: RemoteFile, headBytes: number, deadline: Deadline): Promise<FileHead> {
  return withRetries(file.client.options, deadline, async () => {
    const response = await requestRange(file, { start: 0, end: headBytes }, deadline.signal);
    const extent = await extentOf(response);
    try {
      const { total, partial } = extent;
      file.ignoresRange = !partial;
      if (total === undefined) await checkUnsized(file, response);
      if (total === undefined) throw noRanges(response.url, "does not state the size of the file");
      if (extent.start !== 0 || (partial && extent.end !== undefined && extent.end > headBytes)) {
        throw protocolError(
          response.url,
          `it sends bytes ${extent.start} to ${extent.end} for 0 to ${headBytes}`,
        );
      }
      const head = new Uint8Array(Math.min(headBytes, extent.end ?? total));
      await fill(head, response, extent);
      if (file.kind !== undefined) checkKind(file.kind, head, response.url.host);
      return { identity: identityOfResponse(response.fields, total, file.target.tagDecides), head };
    } finally {
      response.body.close();
    }
  });
}

/** A page without a length must not be downloaded as if it were the file. */
async function checkUnsized({ kind }: RemoteFile, { body, url }: HttpResponse): Promise<void> {
  if (kind !== undefined) checkKind(kind, await firstBytes(body, KIND_BYTES), url.host);
}

async function fill(head: Uint8Array, { body, url }: HttpResponse, { partial }: BodyExtent): Promise<void> {
  let at = 0;
  for await (const chunk of body.chunks()) {
    head.set(chunk.subarray(0, head.length - at), at);
    at += chunk.length;
    if (at >= head.length && !partial) return;
    if (at > head.length) throw protocolError(url, "it sends more than announced");
  }
  if (at < head.length) {
    throw transientError(
      new SisError("SOURCE_UPSTREAM", `${url.host}: the response ended early, at byte ${at}`),
    );
  }
}
