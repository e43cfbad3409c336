import type { ByteRange, ByteSource, ReadOptions } from "@sbnsis/fits";
import { checkRange, rangeViews } from "@sbnsis/fits/internal";
import { forEachLimited, withDeadline } from "../../concurrency/deadline.ts";
import { readHead } from "../remote/read-head.ts";
import { remoteFile } from "../remote/remote-file.ts";
import { fetchRuns, type OpenedFile, type Run } from "../source/fetch-runs.ts";
import type { SourceIdentity } from "../source-identity.ts";
import type { SourceKind } from "../source-kind.ts";
import type { HttpClient, HttpTarget } from "./http-client.ts";

/** How a remote file is opened. */
export interface HttpSourceOptions {
  readonly signal?: AbortSignal;
  /** The state that the file must be in. With it, opening the file needs no request. */
  readonly identity?: SourceIdentity;
  /** The kind that the file must be of; otherwise SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  /** Number of leading bytes fetched when the file is opened, and kept; defaults to 131072. */
  readonly headBytes?: number;
  /**
   * How far into a file to read when the archive ignores Range; beyond that is SOURCE_NO_RANGES.
   * Defaults to 256 MiB.
   */
  readonly maximumSkipBytes?: number;
}

/** Enough for the headers and the tile table of an ATLAS frame. */
const HEAD_BYTES = 131_072;
const MAXIMUM_SKIP_BYTES = 268_435_456;
/** Number of parallel requests of one read. */
const PARALLEL = 4;

/**
 * A file on an archive, read with Range requests, one per range (`coalescingSource` merges nearby
 * ones). Open it with `openHttpSource`. Every read is of the state that was opened, or fails with
 * SOURCE_CHANGED; that needs an archive that sends ETag or Last-Modified. Reads fail with SOURCE_*
 * codes, with FITS_TRUNCATED for a range beyond the end, and with the caller's reason when the
 * caller gives up.
 */
export class HttpSource implements ByteSource {
  readonly identity: SourceIdentity;
  readonly #file: OpenedFile;
  readonly #head: Uint8Array;

  /** `head`: the first bytes of the file, as far as they are known. */
  constructor(file: OpenedFile, head: Uint8Array) {
    this.identity = file.identity;
    this.#file = file;
    this.#head = head;
  }

  async size(): Promise<number> {
    return this.identity.size;
  }

  async read(ranges: readonly ByteRange[], options: ReadOptions = {}): Promise<Uint8Array[]> {
    options.signal?.throwIfAborted();
    for (const range of ranges) checkRange(range, this.identity.size);
    const views = rangeViews(ranges, options.into);
    const runs = ranges
      .map(({ offset }, i) => this.#copyHead(offset, views[i] as Uint8Array))
      .filter(({ view }) => view.length > 0)
      .sort((a, b) => a.start - b.start);
    if (runs.length === 0) return views;
    // an archive that always sends the whole file is asked once
    const jobs = this.#file.ignoresRange ? [runs] : runs.map((run) => [run]);
    await withDeadline(this.#file.client.options.deadlineMs, options.signal, (deadline) =>
      forEachLimited(jobs, PARALLEL, deadline, (job) => fetchRuns(this.#file, job, deadline)),
    );
    return views;
  }

  /** Copies the bytes that are already known. Returns the missing run. */
  #copyHead(offset: number, view: Uint8Array): Run {
    const known = this.#head.subarray(offset, offset + view.length);
    view.set(known);
    return { start: offset + known.length, view: view.subarray(known.length) };
  }
}

/**
 * Opens a file on an archive: with one request, which returns its size, identity and first bytes,
 * or with none when its identity is known.
 * Errors: SOURCE_MISSING, SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, SOURCE_NO_RANGES
 * when the archive does not report the size, SOURCE_NOT_ALLOWED, SOURCE_SCHEME.
 */
export async function openHttpSource(
  target: HttpTarget,
  client: HttpClient,
  options: HttpSourceOptions = {},
): Promise<HttpSource> {
  const { signal, identity, kind, headBytes = HEAD_BYTES, maximumSkipBytes = MAXIMUM_SKIP_BYTES } = options;
  const file = remoteFile(client, target, kind);
  if (identity !== undefined) {
    return new HttpSource({ ...file, identity, maximumSkipBytes }, new Uint8Array(0));
  }
  const opened = await withDeadline(client.options.deadlineMs, signal, (deadline) =>
    readHead(file, headBytes, deadline),
  );
  return new HttpSource({ ...file, identity: opened.identity, maximumSkipBytes }, opened.head);
}
