import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { withDeadline } from "../../concurrency/deadline.ts";
import { partPath } from "../../concurrency/part-file.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import type { HttpClient, HttpTarget } from "../http/http-client.ts";
import { withRetries } from "../http/retry.ts";
import type { LocalFile } from "../local-file.ts";
import { remoteFile } from "../remote/remote-file.ts";
import type { SourceIdentity } from "../source-identity.ts";
import type { SourceKind } from "../source-kind.ts";
import { type Download, transfer } from "./download-transfer.ts";

/** How a remote file is fetched whole. */
export interface DownloadOptions {
  readonly client: HttpClient;
  /** Longest time with all retries. */
  readonly deadlineMs: number;
  /** What the file must hold, or SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  /** Largest file; more is SOURCE_TOO_LARGE. */
  readonly maximumBytes: number;
  /** Asked whether there is room for a file of at least so many bytes, before they are written. */
  readonly hasRoom?: (bytes: number) => boolean;
  readonly signal?: AbortSignal;
}

/** A remote file that lies on the local disk now. */
export interface DownloadedFile extends LocalFile {
  /** The state in which the archive had it. */
  readonly origin: SourceIdentity;
}

/**
 * Fetches a remote file to `path`, whose folder is made: streamed to a name of its own beside it, and renamed when all of it is on the disk, so nobody ever
 * sees a part under `path`. A broken connection is taken up where it broke, if the file is still in the same state; else it begins anew.
 * Errors: SOURCE_* codes, CACHE_UNAVAILABLE when the disk does not take it. Nothing is left behind then; after a crash `removeAbandonedParts` cleans.
 */
export async function downloadToFile(
  target: HttpTarget,
  path: string,
  { client, deadlineMs, maximumBytes, kind, hasRoom, signal }: DownloadOptions,
): Promise<DownloadedFile> {
  signal?.throwIfAborted();
  const part = partPath(path);
  try {
    const handle = await createPart(part);
    try {
      const download: Download = {
        file: remoteFile(client, target, kind),
        handle,
        maximumBytes,
        done: 0,
        ...(hasRoom !== undefined && { hasRoom }),
      };
      const origin = await withDeadline(deadlineMs, signal, (deadline) =>
        withRetries(client.options, deadline, (progressed) =>
          transfer(download, progressed, deadline.signal),
        ),
      );
      const { size, mtimeMs } = await finish(handle);
      await rename(part, path);
      return { path, size, mtimeMs, origin };
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw isSisError(error) || error === signal?.reason ? error : unavailable(error);
  }
}

async function createPart(part: string): Promise<FileHandle> {
  await mkdir(dirname(part), { recursive: true });
  return open(part, "wx");
}

/** Without syncing a power cut may leave an empty file under the final name. */
async function finish(handle: FileHandle): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  await handle.sync();
  return handle.stat();
}

function unavailable(cause: unknown): SisError<"CACHE_UNAVAILABLE"> {
  return new SisError("CACHE_UNAVAILABLE", "a downloaded file cannot be written", { cause });
}
