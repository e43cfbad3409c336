import type { FileHandle } from "node:fs/promises";
import { SisError } from "../../errors/sis-error.ts";
import type { HttpResponse } from "../http/http-response.ts";
import { type BodyExtent, extentOf, protocolError } from "../http/range-response.ts";
import { transientError } from "../http/retry.ts";
import { type RemoteFile, requestRange } from "../remote/remote-file.ts";
import {
  identityOfResponse,
  rangeValidator,
  type SourceIdentity,
  sameState,
  sourceChanged,
} from "../source-identity.ts";
import { checkKind, KIND_BYTES } from "../source-kind.ts";

/** A download in progress. */
export interface Download {
  readonly file: RemoteFile;
  readonly handle: FileHandle;
  readonly maximumBytes: number;
  /** Whether there is room for a file of at least this many bytes. */
  readonly hasRoom?: (bytes: number) => boolean;
  /** Number of bytes on the disk. */
  done: number;
  /**
   * The state of the file that these bytes belong to; its size is 0 until the archive has reported
   * it.
   */
  state?: SourceIdentity;
}

/**
 * Makes one attempt to fetch the missing part of a file.
 * Errors: SOURCE_TOO_LARGE, those of `extentOf` and `HttpClient.get`; SOURCE_CHANGED, after which a
 * retry starts over; those of the disk, unchanged.
 */
export async function transfer(
  download: Download,
  progressed: () => void,
  signal: AbortSignal,
): Promise<SourceIdentity> {
  const validator = download.state && rangeValidator(download.state);
  const resumes = download.done > 0 && validator !== undefined;
  const response = await requestRange(
    download.file,
    resumes ? { start: download.done, validator } : undefined,
    signal,
  );
  if (resumes && response.status === 416) {
    response.body.close();
    throw startOver(download, "it became shorter");
  }
  const extent = await extentOf(response);
  try {
    if (extent.partial) checkResumed(download, response, extent);
    else await begin(download, response, extent);
    const end = await write(download, response, extent, progressed);
    if (end < (extent.total ?? end)) throw endsEarly(response.url, end);
    return { ...(download.state as SourceIdentity), size: end };
  } finally {
    response.body.close();
  }
}

async function begin(
  download: Download,
  { fields, url }: HttpResponse,
  { total }: BodyExtent,
): Promise<void> {
  if (total !== undefined && total > download.maximumBytes) throw tooLarge(url, download.maximumBytes);
  takeRoom(download, total ?? 0);
  await download.handle.truncate(0);
  download.done = 0;
  download.state = identityOfResponse(fields, total ?? 0, download.file.target.tagDecides);
}

function checkResumed(download: Download, { fields }: HttpResponse, { start, total = 0 }: BodyExtent): void {
  const known = download.state;
  if (known === undefined || start !== download.done)
    throw startOver(download, "the archive sent another range");
  const size = known.size === 0 ? total : known.size;
  const found = identityOfResponse(fields, total, download.file.target.tagDecides);
  if (size !== total || !sameState({ ...known, size }, found)) {
    throw startOver(download, "its ETag, time or size differs");
  }
}

/**
 * Appends a body once its first bytes are found to be of the right kind. Returns the offset at
 * which it ends.
 */
async function write(
  download: Download,
  { body, url }: HttpResponse,
  { end }: BodyExtent,
  progressed: () => void,
): Promise<number> {
  let head: Uint8Array = new Uint8Array(0);
  const { kind } = download.file;
  const check = () => kind !== undefined && checkKind(kind, head, url.host);
  let isChecked = kind === undefined || download.done > 0;
  for await (const chunk of body.chunks()) {
    if (!isChecked) {
      head = Buffer.concat([head, chunk.subarray(0, KIND_BYTES - head.length)]);
      isChecked = head.length >= KIND_BYTES;
      if (isChecked) check();
    }
    const next = download.done + chunk.length;
    if (next > download.maximumBytes) throw tooLarge(url, download.maximumBytes);
    if (end !== undefined && next > end) throw protocolError(url, "it sends more than announced");
    takeRoom(download, next);
    await writeAll(download.handle, chunk, download.done);
    download.done = next;
    progressed();
  }
  if (end !== undefined && download.done < end) throw endsEarly(url, download.done);
  if (!isChecked) check();
  return download.done;
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

function takeRoom({ hasRoom }: Download, bytes: number): void {
  if (hasRoom?.(bytes) === false)
    throw new SisError("CACHE_UNAVAILABLE", `there is no space for a file of ${bytes} bytes`);
}

function startOver(download: Download, what: string): SisError {
  download.done = 0;
  delete download.state;
  return transientError(sourceChanged(what));
}

function endsEarly(url: URL, at: number): SisError {
  return transientError(
    new SisError("SOURCE_UPSTREAM", `${url.host}: the response ended early, at byte ${at}`),
  );
}

function tooLarge(url: URL, limit: number): SisError<"SOURCE_TOO_LARGE"> {
  return new SisError("SOURCE_TOO_LARGE", `${url.host}: the file is larger than ${limit} bytes`);
}
