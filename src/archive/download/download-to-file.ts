import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { withDeadline } from "../../concurrency/deadline.ts";
import { replaceFile } from "../../concurrency/part-file.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import type { HttpClient, HttpTarget } from "../http/http-client.ts";
import { withRetries } from "../http/retry.ts";
import type { LocalFile } from "../local-file.ts";
import { remoteFile } from "../remote/remote-file.ts";
import type { SourceIdentity } from "../source-identity.ts";
import type { SourceKind } from "../source-kind.ts";
import { type Download, transfer } from "./download-transfer.ts";

/** Options for downloading a remote file. */
export interface DownloadOptions {
  readonly client: HttpClient;
  /** Time limit including all retries. */
  readonly deadlineMs: number;
  /** The kind that the file must be of; otherwise SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  /** Largest allowed file; a larger one is SOURCE_TOO_LARGE. */
  readonly maximumBytes: number;
  /**
   * Whether there is room for a file of at least this many bytes; called before they are written.
   */
  readonly hasRoom?: (bytes: number) => boolean;
  readonly signal?: AbortSignal;
}

/** A remote file that is now stored on the local disk. */
export interface DownloadedFile extends LocalFile {
  /** Its state on the archive. */
  readonly origin: SourceIdentity;
}

/**
 * Downloads a remote file to `path` and creates its folder. Streams to a part file beside it, which
 * is synced and then renamed, so an incomplete file is never visible at `path`. A broken connection
 * is resumed where it broke if the file is still in the same state; otherwise the download is
 * restarted.
 * Errors: SOURCE_* codes, CACHE_UNAVAILABLE when the disk cannot be written to. Nothing is left
 * behind then; after a crash, `removeAbandonedParts` cleans up.
 */
export async function downloadToFile(
  target: HttpTarget,
  path: string,
  { client, deadlineMs, maximumBytes, kind, hasRoom, signal }: DownloadOptions,
): Promise<DownloadedFile> {
  signal?.throwIfAborted();
  try {
    return await replaceFile(path, async (part) => {
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
        return { path, size, mtimeMs, origin };
      } finally {
        await handle.close();
      }
    });
  } catch (error) {
    throw isSisError(error) || error === signal?.reason ? error : unavailable(error);
  }
}

async function createPart(part: string): Promise<FileHandle> {
  await mkdir(dirname(part), { recursive: true });
  return open(part, "wx");
}

/** Without syncing, a power failure may leave an empty file under the final name. */
async function finish(handle: FileHandle): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  await handle.sync();
  return handle.stat();
}

function unavailable(cause: unknown): SisError<"CACHE_UNAVAILABLE"> {
  return new SisError("CACHE_UNAVAILABLE", "a downloaded file cannot be written", { cause });
}
