import { type DownloadedFile, type DownloadOptions, downloadToFile } from "./download/download-to-file.ts";
import type { Traffic } from "./hosts/traffic.ts";
import { HttpClient, type HttpClientOptions } from "./http/http-client.ts";
import { openHttpSource } from "./http/http-source.ts";
import type { LocalAccess } from "./local-access.ts";
import type { MemoryMeter } from "./memory-meter.ts";
import type { NamesHost } from "./redirect-policy.ts";
import type { S3Options } from "./remote/s3-target.ts";
import { remoteTarget } from "./remote-target.ts";
import { BlockCache } from "./source/block-cache.ts";
import { type OpenedSource, openSource } from "./source/open-source.ts";
import type { SourceIdentity } from "./source-identity.ts";
import { KIND_BYTES, type SourceKind } from "./source-kind.ts";

/** What may be read, and how. Plain data that can be sent to a thread. */
export interface SourceAccess {
  /** Folders that local files must be in; empty for anywhere. */
  readonly dataRoots: readonly string[];
  /** Which local files may be read, in addition; defaults to all. */
  readonly local?: LocalAccess;
  readonly http: HttpClientOptions;
  readonly s3: S3Options;
  /** Memory for blocks of remote files in bytes; 0 for none. */
  readonly blockCacheBytes: number;
  readonly download: { readonly deadlineMs: number; readonly maximumBytes: number };
}

/** What one use of a source needs in addition to its location. */
export interface SourceUse {
  /** The state that the source must be in; otherwise SOURCE_CHANGED. */
  readonly identity?: SourceIdentity;
  /** The kind that a remote source must be of; otherwise SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  readonly signal?: AbortSignal;
  /** As for openSource. */
  readonly memory?: MemoryMeter;
  readonly checkpoint?: () => void;
  readonly asStored?: boolean;
}

const BLOCK_BYTES = 16_384;

/**
 * Everything that a thread or process reads images from: local files, web archives and S3 stores.
 * Must be closed.
 */
export class Sources {
  readonly #access: SourceAccess;
  readonly #client: HttpClient;
  readonly #blocks: BlockCache | undefined;

  /** `namesHost` is passed to `HttpClient`. */
  constructor(access: SourceAccess, namesHost?: NamesHost) {
    this.#access = access;
    this.#client = new HttpClient(access.http, namesHost);
    const { blockCacheBytes: maximumBytes } = access;
    this.#blocks = maximumBytes === 0 ? undefined : new BlockCache({ maximumBytes, blockBytes: BLOCK_BYTES });
  }

  /** Number of requests to archives and bytes received from them so far. */
  get traffic(): Readonly<Traffic> {
    return this.#client.traffic;
  }

  /** Allows redirects to hosts that the catalog names, as `host:port`. */
  trust(hosts: readonly string[]): void {
    for (const host of hosts) this.#client.trust(host);
  }

  /** Opens a URL of the catalog or a path, like `openSource`. */
  open(location: string, use: SourceUse = {}): Promise<OpenedSource> {
    return openSource(location, {
      ...use,
      roots: this.#access.dataRoots,
      ...(this.#access.local !== undefined && { local: this.#access.local }),
      client: this.#client,
      s3: this.#access.s3,
      ...(this.#blocks !== undefined && { blocks: this.#blocks }),
    });
  }

  /**
   * The current state of a remote location, determined with a request for one byte. Errors: those
   * of `openHttpSource`.
   */
  async identify(location: string, use: Pick<SourceUse, "signal"> = {}): Promise<SourceIdentity> {
    const target = remoteTarget(location, this.#access.s3);
    const options = { ...use, headBytes: 1 };
    return (await openHttpSource(target, this.#client, options)).identity;
  }

  /**
   * Checks the first bytes of a remote location. Errors: those of `checkKind`; those of
   * `openHttpSource`.
   */
  async verifyKind(location: string, kind: SourceKind, use: Pick<SourceUse, "signal"> = {}): Promise<void> {
    const target = remoteTarget(location, this.#access.s3);
    await openHttpSource(target, this.#client, { ...use, kind, headBytes: KIND_BYTES });
  }

  /** Downloads a remote location to a file, like `downloadToFile`. */
  async download(
    location: string,
    path: string,
    use: Pick<DownloadOptions, "kind" | "signal" | "hasRoom"> = {},
  ): Promise<DownloadedFile> {
    return downloadToFile(remoteTarget(location, this.#access.s3), path, {
      ...this.#access.download,
      client: this.#client,
      ...use,
    });
  }

  /** Closes all connections. Open local sources stay open. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
