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

/** What may be read and how. Plain data: it can cross to a thread. */
export interface SourceAccess {
  /** Folders below which local files must lie; empty: anywhere. */
  readonly dataRoots: readonly string[];
  /** Which local files may be read besides; every one when not given. */
  readonly local?: LocalAccess;
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
  /** What a remote source must hold, or SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  readonly signal?: AbortSignal;
  /** As for openSource. */
  readonly memory?: MemoryMeter;
  readonly checkpoint?: () => void;
  readonly asStored?: boolean;
}

const BLOCK_BYTES = 16_384;

/** All that a thread or process reads images from: local files, web archives and S3 stores. Close it in the end. */
export class Sources {
  readonly #access: SourceAccess;
  readonly #client: HttpClient;
  readonly #blocks: BlockCache | undefined;

  /** `namesHost`: as of `HttpClient`. */
  constructor(access: SourceAccess, namesHost?: NamesHost) {
    this.#access = access;
    this.#client = new HttpClient(access.http, namesHost);
    const { blockCacheBytes: maximumBytes } = access;
    this.#blocks = maximumBytes === 0 ? undefined : new BlockCache({ maximumBytes, blockBytes: BLOCK_BYTES });
  }

  /** Requests to archives and bytes from them since the start. */
  get traffic(): Readonly<Traffic> {
    return this.#client.traffic;
  }

  /** Lets redirects lead to hosts that the catalogue names, as `host:port`. */
  trust(hosts: readonly string[]): void {
    for (const host of hosts) this.#client.trust(host);
  }

  /** Opens a URL of the catalogue or a path, as `openSource` does. */
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

  /** The state of a remote location now, for one request of one byte. Errors: those of `openHttpSource`. */
  async identify(location: string, use: Pick<SourceUse, "signal"> = {}): Promise<SourceIdentity> {
    const target = remoteTarget(location, this.#access.s3);
    const options = { ...use, headBytes: 1 };
    return (await openHttpSource(target, this.#client, options)).identity;
  }

  /** Looks at the first bytes of a remote location. Errors: those of `checkKind`; those of `openHttpSource`. */
  async verifyKind(location: string, kind: SourceKind, use: Pick<SourceUse, "signal"> = {}): Promise<void> {
    const target = remoteTarget(location, this.#access.s3);
    await openHttpSource(target, this.#client, { ...use, kind, headBytes: KIND_BYTES });
  }

  /** Fetches a remote location to a file, as `downloadToFile` does. */
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

  /** Ends all connections. Local sources that are open stay open. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
