import type { ByteRange, ByteSource, ReadOptions } from "@sbnsis/fits";
import { checkRange, rangeViews } from "@sbnsis/fits/internal";
import { withDeadline } from "../../concurrency/deadline.ts";
import { forEachLimited } from "../../concurrency/for-each-limited.ts";
import { readHead } from "../remote/read-head.ts";
import { remoteFile } from "../remote/remote-file.ts";
import { fetchRuns, type OpenedFile, type Run } from "../source/fetch-runs.ts";
import type { SourceIdentity } from "../source-identity.ts";
import type { SourceKind } from "../source-kind.ts";
import type { HttpClient, HttpTarget } from "./http-client.ts";

/** How a remote file is opened. */
export interface HttpSourceOptions {
  readonly signal?: AbortSignal;
  /** The state that the file must be in. With it no request is needed to open the file. */
  readonly identity?: SourceIdentity;
  /** What the file must hold, or SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  /** Bytes of the beginning that the request that opens the file brings, and that are kept; 131072 when not given. */
  readonly headBytes?: number;
  /** How far into a file is read when the archive ignores Range; beyond that is SOURCE_NO_RANGES. 256 MiB when not given. */
  readonly maximumSkipBytes?: number;
}

/** Enough for the headers of a frame of ATLAS and the table of its tiles. */
const HEAD_BYTES = 131_072;
const MAXIMUM_SKIP_BYTES = 268_435_456;
/** Requests of one read at a time. */
const PARALLEL = 4;

/**
 * A file of an archive, read with Range requests, one for each range (`coalescingSource` merges near ones). Open it with `openHttpSource`.
 * Every read is of the state that was opened, or fails with SOURCE_CHANGED; that needs an archive that sends ETag or Last-Modified.
 * Reads fail with SOURCE_* codes, FITS_TRUNCATED for a range behind the end, and the caller's reason when that gives up.
 */
export class HttpSource implements ByteSource {
  readonly identity: SourceIdentity;
  readonly #file: OpenedFile;
  readonly #head: Uint8Array;

  /** `head`: the first bytes of the file, as many as are known. */
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
    // an archive that sends the whole file in any case is asked once
    const jobs = this.#file.ignoresRange ? [runs] : runs.map((run) => [run]);
    await withDeadline(this.#file.client.options.deadlineMs, options.signal, (deadline) =>
      forEachLimited(jobs, PARALLEL, deadline, (job) => fetchRuns(this.#file, job, deadline)),
    );
    return views;
  }

  /** Copies what is known already; the answer is what is missing. */
  #copyHead(offset: number, view: Uint8Array): Run {
    const known = this.#head.subarray(offset, offset + view.length);
    view.set(known);
    return { start: offset + known.length, view: view.subarray(known.length) };
  }
}

/**
 * Opens a file of an archive: with one request, which brings its size, its identity and its beginning, or with none when its identity is known.
 * Errors: SOURCE_MISSING, SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, SOURCE_NO_RANGES where the archive tells no size, SOURCE_NOT_ALLOWED, SOURCE_SCHEME.
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
