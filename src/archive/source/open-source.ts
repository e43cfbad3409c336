import { resolve } from "node:path";
import type { ByteSource } from "@sbnsis/fits";
import { SisError } from "../../errors/sis-error.ts";
import { openFileSource } from "../file-source.ts";
import type { HttpClient } from "../http/http-client.ts";
import { openHttpSource } from "../http/http-source.ts";
import type { LocalAccess } from "../local-access.ts";
import { findLocalFile, findLocalPath } from "../local-file.ts";
import type { MemoryMeter } from "../memory-meter.ts";
import type { S3Options } from "../remote/s3-target.ts";
import { isRemote, remoteTarget, schemeOf } from "../remote-target.ts";
import { type SourceIdentity, sameState, sourceChanged } from "../source-identity.ts";
import type { SourceKind } from "../source-kind.ts";
import { unpackedSource } from "../unpack/unpacked-source.ts";
import { type BlockCache, cachedSource } from "./block-cache.ts";
import { type Coalescing, coalescingSource } from "./coalescing-source.ts";

/** An open source and the state in which it was opened. Must be closed. */
export interface OpenedSource extends ByteSource {
  readonly identity: SourceIdentity;
  /**
   * The current state, as far as it is known without a request: `identity` for a remote or unpacked
   * source, because all its reads are of the opened state.
   */
  current(): SourceIdentity;
  close(): void;
}

/** Options for opening sources. */
export interface OpenSourceOptions {
  /** Folders that local files must be in; none or empty for anywhere. */
  readonly roots?: readonly string[];
  /** Which local files may be read, in addition; defaults to all. */
  readonly local?: LocalAccess;
  /** Connections for remote sources; without it those are SOURCE_SCHEME. */
  readonly client?: HttpClient;
  readonly s3?: S3Options;
  /** The state that the source must be in; a remote one is then opened without a request. */
  readonly identity?: SourceIdentity;
  /** The kind that a remote source must be of; otherwise SOURCE_UPSTREAM. */
  readonly kind?: SourceKind;
  /** Cache for blocks of remote sources. */
  readonly blocks?: BlockCache;
  /** How ranges of remote sources are merged. */
  readonly coalescing?: Coalescing;
  readonly signal?: AbortSignal;
  /** Reserves memory before and while a compressed file is unpacked. */
  readonly memory?: MemoryMeter;
  readonly checkpoint?: () => void;
  /** Whether a file compressed as a whole is left compressed. */
  readonly asStored?: boolean;
}

const COALESCING: Coalescing = { gapBytes: 32_768, maximumBytes: 16_777_216 };

/**
 * Names of files compressed as a whole. Other remote files are not checked for compression, which
 * would cost a request.
 */
const PACKED_NAME = /\.(?:gz|z|bz2)$/i;

/**
 * Opens a URL of the catalog (`file:`, `http:`, `https:`, `s3://bucket/key`) or a path. Local files
 * are read synchronously; remote ones through the block cache, if there is one, with nearby ranges
 * merged. A file compressed as a whole is unpacked into memory (see `unpackedSource`).
 * Errors: SOURCE_* codes; SOURCE_CHANGED when the state is not the required one; those of
 * `unpackedSource`.
 */
export async function openSource(location: string, options: OpenSourceOptions = {}): Promise<OpenedSource> {
  const remote = isRemote(location);
  const opened = await (remote ? openRemote(location, options) : openLocal(location, options));
  if (options.asStored === true || (remote && !PACKED_NAME.test(location))) return opened;
  try {
    const { signal, memory, checkpoint } = options;
    const unpacked = await unpackedSource(opened, {
      ...(signal && { signal }),
      ...(memory && { memory }),
      ...(checkpoint && { checkpoint }),
    });
    if (unpacked === undefined) return opened;
    if (!sameState(opened.identity, opened.current()))
      throw sourceChanged("it was written to while being unpacked");
    opened.close();
    const { identity } = opened;
    return { ...unpacked, identity, current: () => identity, close: () => undefined };
  } catch (error) {
    opened.close();
    throw error;
  }
}

async function openLocal(
  location: string,
  { roots, local, identity }: OpenSourceOptions,
): Promise<OpenedSource> {
  const file =
    schemeOf(location) === undefined
      ? await findLocalPath(resolve(location), roots, local)
      : await findLocalFile(location, roots, local);
  const source = openFileSource(file.path);
  if (identity !== undefined && !sameState(identity, source.identity)) {
    source.close();
    throw sourceChanged("the file has another size or time");
  }
  return source;
}

async function openRemote(location: string, options: OpenSourceOptions): Promise<OpenedSource> {
  const { client, s3, blocks, coalescing = COALESCING, signal, identity, kind } = options;
  if (client === undefined) throw new SisError("SOURCE_SCHEME", "remote sources are not read here");
  const http = await openHttpSource(remoteTarget(location, s3), client, {
    ...(signal !== undefined && { signal }),
    ...(identity !== undefined && { identity }),
    ...(kind !== undefined && { kind }),
  });
  const coalesced = coalescingSource(http, coalescing);
  const key = JSON.stringify([location, http.identity]);
  const source = blocks === undefined ? coalesced : cachedSource(coalesced, blocks, key);
  return {
    identity: http.identity,
    current: () => http.identity,
    size: (sizeOptions) => source.size(sizeOptions),
    read: (ranges, readOptions) => source.read(ranges, readOptions),
    // connections belong to the client
    close: () => undefined,
  };
}
