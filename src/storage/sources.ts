import { BlockCache } from "./block-cache.ts";
import { type DownloadedFile, type DownloadOptions, downloadToFile } from "./download-to-file.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import { openHttpSource } from "./http-source.ts";
import { type OpenedSource, openSource } from "./open-source.ts";
import { remoteTarget } from "./remote-target.ts";
import type { S3Options } from "./s3-target.ts";
import type { SourceIdentity } from "./source-identity.ts";
import type { Traffic } from "./traffic.ts";

/** What may be read and how. Plain data: it can cross to a thread. */
export interface SourceAccess {
  /** Folders below which local files must lie; empty: anywhere. */
  readonly dataRoots: readonly string[];
  readonly http: HttpClientOptions;
  readonly s3: S3Options;
  /** Memory for blocks of remote files; 0: none. */
  readonly blockCacheBytes: number;
  readonly download: { readonly deadlineMs: number; readonly maximumBytes: number };
}

/** What one use of a source needs besides its location. */
export interface SourceUse {
  /** The state that the source must be in, or SOURCE_CHANGED. */
  readonly identity?: SourceIdentity;
  readonly signal?: AbortSignal;
}

const BLOCK_BYTES = 16_384;

/** All that a thread or process reads images from: local files, web archives and S3 stores. Close it in the end. */
export class Sources {
  readonly #access: SourceAccess;
  readonly #client: HttpClient;
  readonly #blocks: BlockCache | undefined;

  constructor(access: SourceAccess) {
    this.#access = access;
    this.#client = new HttpClient(access.http);
    const { blockCacheBytes: maximumBytes } = access;
    this.#blocks = maximumBytes === 0 ? undefined : new BlockCache({ maximumBytes, blockBytes: BLOCK_BYTES });
  }

  /** Requests to archives and bytes from them since the start. */
  get traffic(): Readonly<Traffic> {
    return this.#client.traffic;
  }

  /** Opens a URL of the catalogue or a path, as `openSource` does. */
  open(location: string, use: SourceUse = {}): Promise<OpenedSource> {
    return openSource(location, {
      ...use,
      roots: this.#access.dataRoots,
      client: this.#client,
      s3: this.#access.s3,
      ...(this.#blocks !== undefined && { blocks: this.#blocks }),
    });
  }

  /** The state of a remote location now, for one request of one byte. Errors: those of `openHttpSource`. */
  async identify(
    location: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SourceIdentity> {
    const target = remoteTarget(location, this.#access.s3);
    const options = { headBytes: 1, ...(signal !== undefined && { signal }) };
    return (await openHttpSource(target, this.#client, options)).identity;
  }

  /** Fetches a remote location to a file, as `downloadToFile` does. */
  async download(
    location: string,
    path: string,
    { signal, hasRoom }: Pick<DownloadOptions, "signal" | "hasRoom"> = {},
  ): Promise<DownloadedFile> {
    return downloadToFile(remoteTarget(location, this.#access.s3), path, {
      ...this.#access.download,
      client: this.#client,
      ...(signal !== undefined && { signal }),
      ...(hasRoom !== undefined && { hasRoom }),
    });
  }

  /** Ends all connections. Local sources that are open stay open. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
