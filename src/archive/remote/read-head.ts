import type { Deadline } from "../../concurrency/deadline.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { HttpAnswer } from "../http/http-answer.ts";
import { type BodyExtent, extentOf, misbehaved } from "../http/range-answer.ts";
import { passingError, withRetries } from "../http/retry.ts";
import { beginningOf } from "../source/beginning-of.ts";
import { identityOfAnswer, type SourceIdentity } from "../source-identity.ts";
import { checkKind, KIND_BYTES } from "../source-kind.ts";
import { ask, noRanges, type RemoteFile } from "./remote-file.ts";

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
    const answer = await ask(file, { start: 0, end: headBytes }, deadline.signal);
    const extent = await extentOf(answer);
    try {
      const { total, partial } = extent;
      file.ignoresRange = !partial;
      if (total === undefined) await checkUnsized(file, answer);
      if (total === undefined) throw noRanges(answer.url, "does not state the size of the file");
      if (extent.start !== 0 || (partial && extent.end !== undefined && extent.end > headBytes)) {
        throw misbehaved(answer.url, `it sends bytes ${extent.start} to ${extent.end} for 0 to ${headBytes}`);
      }
      const head = new Uint8Array(Math.min(headBytes, extent.end ?? total));
      await fill(head, answer, extent);
      if (file.kind !== undefined) checkKind(file.kind, head, answer.url.host);
      return { identity: identityOfAnswer(answer.fields, total), head };
    } finally {
      answer.body.close();
    }
  });
}

/** A page without a length must not be downloaded as if it were the file. */
async function checkUnsized({ kind }: RemoteFile, { body, url }: HttpAnswer): Promise<void> {
  if (kind !== undefined) checkKind(kind, await beginningOf(body, KIND_BYTES), url.host);
}

async function fill(head: Uint8Array, { body, url }: HttpAnswer, { partial }: BodyExtent): Promise<void> {
  let at = 0;
  for await (const chunk of body.chunks()) {
    head.set(chunk.subarray(0, head.length - at), at);
    at += chunk.length;
    if (at >= head.length && !partial) return;
    if (at > head.length) throw misbehaved(url, "it sends more than announced");
  }
  if (at < head.length) {
    throw passingError(
      new SisError("SOURCE_UPSTREAM", `${url.host}: the response ended early, at byte ${at}`),
    );
  }
}
