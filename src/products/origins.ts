import { findLocalFile, type LocalFile } from "../archive/local-file.ts";
import { isRemote } from "../archive/remote-target.ts";
import type { SourceAccess } from "../archive/sources.ts";
import { isSisError } from "../errors/sis-error.ts";
import type { ArchiveCopies } from "./cache/archive-copies.ts";
import type { FrameDescription } from "./frame-description.ts";
import type { ProductMaker } from "./make/product-maker.ts";
import { type ProductRequest, showsPart } from "./product.ts";
import type { SourceFile } from "./request/source-file.ts";

/** The source of a product. */
export interface Origin {
  /** The file that the catalog names, in the state in which it was found. */
  readonly file: SourceFile;
  /** Where it is read: the file itself, or its copy in the cache. */
  readonly readable: SourceFile;
  /** Describes its frame. */
  readonly describe: (signal: AbortSignal, background?: boolean) => Promise<FrameDescription>;
}

/** Names of files compressed as a whole, which cannot be read in parts. */
const PACKED_NAME = /\.(?:gz|z|bz2)$/i;

/** Finds the files of images, in the state in which products are made from them. */
export class Origins {
  readonly #access: SourceAccess;
  readonly #copies: ArchiveCopies;
  readonly #maker: ProductMaker;

  constructor(access: SourceAccess, copies: ArchiveCopies, maker: ProductMaker) {
    this.#access = access;
    this.#copies = copies;
    this.#maker = maker;
  }

  /** A local file. Errors: SOURCE_*. */
  localFile(url: string, labelUrl: string | null): Promise<LocalFile> {
    return findLocalFile(url, this.#access.dataRoots, this.#access.local, labelUrl ?? undefined);
  }

  /** The origin of the product that `request` names. Errors: SOURCE_*, those of describing. */
  async originOf(
    url: string,
    labelUrl: string | null,
    request: ProductRequest,
    signal: AbortSignal | undefined,
  ): Promise<Origin> {
    if (!isRemote(url)) {
      const { path, ...identity } = await this.localFile(url, labelUrl);
      return this.#localOrigin({ location: path, identity }, request);
    }
    const isHeader = !showsPart(request) && request.format === "header";
    if ((!showsPart(request) && !isHeader) || PACKED_NAME.test(url))
      return this.copyOrigin(url, request, signal);
    try {
      if (isHeader) {
        const file = await this.#copies.stateOf(url, "image", signal);
        return { ...this.#localOrigin(file, request), file };
      }
      return await this.#describedOrigin(url, request, signal);
    } catch (error) {
      if (isSisError(error, "SOURCE_NO_RANGES")) return this.copyOrigin(url, request, signal);
      throw error;
    }
  }

  /** All of a remote file is needed: it is downloaded once, and read from the disk. */
  async copyOrigin(url: string, request: ProductRequest, signal: AbortSignal | undefined): Promise<Origin> {
    try {
      const { path, size, mtimeMs, origin } = await this.#copies.get(url, "image", signal);
      const copy = this.#localOrigin({ location: path, identity: { size, mtimeMs } }, request);
      // the key is that of the archive's file: its copy may be downloaded again
      return { ...copy, file: origin };
    } catch (error) {
      if (!isSisError(error, "CACHE_UNAVAILABLE")) throw error;
      return this.#describedOrigin(url, request, signal);
    }
  }

  async #describedOrigin(
    url: string,
    request: ProductRequest,
    signal: AbortSignal | undefined,
  ): Promise<Origin> {
    const frame = await this.#maker.describe(url, undefined, request, signal);
    return { file: frame.source, readable: frame.source, describe: async () => frame };
  }

  #localOrigin(file: SourceFile, request: ProductRequest): Origin {
    return {
      file,
      readable: file,
      describe: (signal, background) =>
        this.#maker.describe(file.location, file.identity, request, signal, background),
    };
  }
}
