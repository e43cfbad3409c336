import { basename } from "node:path";
import type { AvmFacts } from "@sbnsis/imaging";
import { isRemote } from "../archive/remote-target.ts";
import type { SourceKind } from "../archive/source-kind.ts";
import { Sources } from "../archive/sources.ts";
import { S3Bucket } from "../archive/store/s3-bucket.ts";
import type { Catalog, ImageRecord } from "../catalog/catalog.ts";
import { publicBase } from "../config/settings.ts";
import type { Settings } from "../config/settings-groups.ts";
import { sourceAccess } from "../config/source-access.ts";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { ArchiveCopies, streamArchive } from "./cache/archive-copies.ts";
import { CacheKeeper } from "./cache/cache-keeper.ts";
import { type CachedFile, cachedPath, type ProductCache, productCache } from "./cache/product-cache.ts";
import { ProductStore } from "./cache/product-store.ts";
import { pictureFormat } from "./encode/formats/registry.ts";
import type { FrameDescription } from "./frame-description.ts";
import { MadeProducts } from "./make/made-products.ts";
import { HEADER_BYTES, type MakeOptions, ProductMaker } from "./make/product-maker.ts";
import { type Origin, Origins } from "./origins.ts";
import { pictureFacts } from "./plan/plan-picture.ts";
import {
  type GetOptions,
  type Product,
  type ProductRequest,
  type ProductService,
  type Step,
  showsPart,
} from "./product.ts";
import { entityTag, keyTag, productKey, wholeFileKey } from "./request/product-key.ts";
import {
  downloadFilename,
  fileNameOf,
  mediaTypeOf,
  productExtension,
  sourceName,
} from "./request/product-name.ts";
import { StackProducts } from "./stack/stack-products.ts";
import type { BlinkRequest, StackRequest } from "./stack/stack-request.ts";
import { type ComputePools, closePools, computePools } from "./threads/compute-pools.ts";
import { TileProducts } from "./tiles/tile-products.ts";

/** What the product service is created from. It does not close the catalog. */
export interface ProductServiceParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** Version of the service: included in products and in their keys. */
  readonly version: string;
  /** The program of the compute threads; defaults to the installed one. */
  readonly threadProgram?: string;
  /** Number of idle threads that are kept for cutouts of local files; defaults to 1. */
  readonly idleThreads?: number;
  /** Receives a warning when a product was made despite a problem. */
  readonly warn?: (warning: string) => void;
}

/** The products of the images in a catalog. */
export function createProductService(parts: ProductServiceParts): ProductService {
  return new CachedProducts(parts);
}

/** A cutout of which only the frame is needed, not the pixels. */
const ANYWHERE = { ra: 0, dec: 0, size: { text: "1px" } };

/** For callers that do not time the steps. */
const untimed: Step = async (_name, work) => await work();

class CachedProducts implements ProductService {
  readonly #settings: Settings;
  readonly #catalog: Catalog;
  readonly #version: string;
  readonly #cache: ProductCache;
  readonly #keeper: CacheKeeper;
  readonly #sources: Sources;
  readonly #pools: ComputePools;
  readonly #maker: ProductMaker;
  readonly #copies: ArchiveCopies;
  readonly #origins: Origins;
  readonly #store: ProductStore | undefined;
  readonly #made: MadeProducts;
  readonly #stacks: StackProducts;
  readonly tiles: TileProducts;

  constructor({ settings, catalog, version, threadProgram, idleThreads, warn }: ProductServiceParts) {
    const access = sourceAccess(settings, version);
    this.#settings = settings;
    this.#catalog = catalog;
    this.#version = version;
    this.#cache = productCache(settings.cache.folder, warn);
    this.#keeper = new CacheKeeper(this.#cache, {
      maximumBytes: settings.cache.maximumBytes,
      maximumAgeMs: settings.cache.maximumAgeSeconds * 1000,
    });
    const { products: bucket, minimumMs } = settings.store;
    this.#store = bucket && new ProductStore(new S3Bucket(bucket), minimumMs, warn);
    this.#made = new MadeProducts(this.#cache, this.#keeper, warn, this.#store);
    const namesHost = async (host: string) => (await catalog.namesHost?.(host)) ?? false;
    this.#sources = new Sources(access, namesHost);
    this.#pools = computePools(settings, access, { threadProgram, idleThreads, warn });
    this.#maker = new ProductMaker(settings, version, this.#pools, namesHost);
    this.#copies = new ArchiveCopies(this.#sources, this.#cache, this.#keeper, settings.archive.revalidateMs);
    this.#origins = new Origins(access, this.#copies, this.#maker);
    this.tiles = new TileProducts({
      cache: this.#cache,
      made: this.#made,
      maker: this.#maker,
      origins: this.#origins,
      catalog,
    });
    this.#stacks = new StackProducts({
      cache: this.#cache,
      made: this.#made,
      maker: this.#maker,
      version,
      describe: (id, options) => this.describe(id, options),
    });
  }

  stack(request: StackRequest | BlinkRequest, options?: GetOptions): Promise<Product> {
    return this.#stacks.get(request, options);
  }

  async get(request: ProductRequest, options: GetOptions = {}): Promise<Product> {
    const { signal, step = untimed } = options;
    const record = await step("catalog", () => this.#catalog.findImage(request.id));
    if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
    const { format } = request;
    if (format === "label") {
      const name = downloadFilename(fileNameOf(record.imageUrl ?? named(record.labelUrl)), request);
      const label = await this.#archived(named(record.labelUrl), "label", null, name, signal);
      return { ...label, mediaType: "text/xml" };
    }
    const url = named(record.imageUrl);
    if (format === "fits" && !showsPart(request))
      return this.#archived(url, "image", record.labelUrl, undefined, signal);
    try {
      return await this.#image(record, url, request, options);
    } catch (error) {
      if (isSisError(error, "SOURCE_CHANGED")) this.#maker.forget(url, request);
      throw error;
    }
  }

  async describe(id: string, { signal, background }: GetOptions = {}): Promise<FrameDescription> {
    const record = await this.#catalog.findImage(id);
    if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
    const request: ProductRequest = { id, format: "fits", align: false, cutout: ANYWHERE };
    const origin = await this.#origins.originOf(named(record.imageUrl), record.labelUrl, request, signal);
    return await origin.describe(signal ?? new AbortController().signal, background);
  }

  async tagOf(request: ProductRequest, { signal }: GetOptions = {}): Promise<string> {
    const record = await this.#catalog.findImage(request.id);
    if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
    return keyTag((await this.#identified(record, named(record.imageUrl), request, signal)).key);
  }

  load() {
    const { cutouts, jobs, tiles, frames, remote } = this.#pools;
    const store = this.#store?.counts;
    return {
      ...{ cutouts: cutouts.load, jobs: jobs.load, tiles: tiles.load },
      ...{ frames: frames.load, remote: remote.load },
      ...(store !== undefined && { store }),
    };
  }

  async close(): Promise<void> {
    await this.#store?.close();
    await Promise.all([closePools(this.#pools), this.#sources.close(), this.#keeper.close()]);
  }

  /** A file as archived, under its own name unless `name` is given, or its copy in the cache. */
  async #archived(
    url: string,
    kind: SourceKind,
    labelUrl: string | null,
    name: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Product> {
    const describe = (own: string) => ({ mediaType: mediaTypeOf(own), downloadFilename: name ?? own });
    if (!isRemote(url)) {
      const file = await this.#origins.localFile(url, labelUrl);
      const etag = entityTag(file.size, file.mtimeMs);
      const { mtimeMs: lastModifiedMs } = file;
      return { ...file, ...describe(basename(file.path)), lastModifiedMs, etag, origin: "archive" };
    }
    const described = describe(basename(fileNameOf(url)));
    try {
      const copy = await this.#copies.get(url, kind, signal);
      const { path, size, mtimeMs, key, fetched, origin: source } = copy;
      const origin = fetched ? "made" : "cache";
      const lastModifiedMs = source.identity.mtimeMs;
      return { ...described, path, size, mtimeMs, lastModifiedMs, etag: keyTag(key), origin };
    } catch (error) {
      if (!isSisError(error, "CACHE_UNAVAILABLE")) throw error;
      const state = await this.#copies.stateOf(url, kind, signal);
      await this.#sources.verifyKind(url, kind, signal === undefined ? {} : { signal });
      return {
        ...described,
        path: described.downloadFilename,
        content: streamArchive(this.#sources, state),
        size: state.identity.size,
        mtimeMs: state.identity.mtimeMs ?? Math.floor(Date.now() / 1000) * 1000,
        lastModifiedMs: state.identity.mtimeMs,
        etag: keyTag(wholeFileKey(state)),
        origin: "archive",
      };
    }
  }

  /** What decides the bytes of a cutout or a picture. */
  async #identified(
    record: ImageRecord,
    url: string,
    request: ProductRequest,
    signal: AbortSignal | undefined,
  ) {
    const origin = await this.#origins.originOf(url, record.labelUrl, request, signal);
    const isPicture = pictureFormat(request.format) !== undefined;
    const facts = isPicture ? await this.#facts(record, url, request) : {};
    const others = await this.#otherOrigins(request, signal);
    const files = others.map(({ file }) => file);
    return { key: productKey(origin.file, request, this.#version, facts, files), origin, others, facts };
  }

  /** A cutout or a picture, from the cache or newly made. */
  async #image(
    record: ImageRecord,
    url: string,
    request: ProductRequest,
    { signal, client, background, step = untimed }: GetOptions,
  ): Promise<Product> {
    const { key, origin, others, facts } = await step("locate", () =>
      this.#identified(record, url, request, signal),
    );
    const path = cachedPath(this.#cache, key, productExtension(request.format));
    const product = ({ size, mtimeMs, bytes }: CachedFile, made: boolean): Product => ({
      path,
      size,
      mtimeMs,
      ...(bytes !== undefined && { content: bytes }),
      lastModifiedMs: origin.file.identity.mtimeMs,
      etag: keyTag(key),
      mediaType: mediaTypeOf(path),
      downloadFilename: downloadFilename(sourceName(origin.file), request),
      origin: made ? "made" : "cache",
    });
    const { file, made } = await step("make", () =>
      this.#made.get(
        {
          key,
          path,
          kind: `${request.format} ${showsPart(request) ? "part" : "whole"} ${hostOf(url)}`,
          admit: () => this.#maker.refuseWhenFull(origin.file.location, request, { client, background }),
          make: (pathFor, all) =>
            this.#fileOf(url, [origin, ...others], request, facts, pathFor, {
              signal: all,
              client,
              background,
              step,
            }),
        },
        signal,
      ),
    );
    return product(file, made);
  }

  async #fileOf(
    url: string,
    origins: readonly [Origin, ...Origin[]],
    request: ProductRequest,
    facts: AvmFacts,
    pathFor: (bytes: number) => string,
    making: MakeOptions,
  ): Promise<CachedFile> {
    const [origin] = origins;
    const { format, cutout, colour } = request;
    if (format === "header" && !showsPart(request))
      return this.#header(url, origin, request, pathFor(HEADER_BYTES), making);
    const { signal, background, step = untimed } = making;
    const frames = await step("describe", () =>
      Promise.all(origins.map(({ describe }) => describe(signal, background))),
    );
    if (colour !== undefined && cutout !== undefined)
      return this.#maker.makeColor(frames, { ...request, colour, cutout }, facts, pathFor, making);
    return this.#maker.make(frames[0]!, origin.file, request, facts, pathFor, making);
  }

  /** The images of a color picture after the first. Errors: IMAGE_NOT_FOUND, naming it. */
  #otherOrigins(request: ProductRequest, signal: AbortSignal | undefined): Promise<readonly Origin[]> {
    const ids = request.colour?.ids.slice(1) ?? [];
    return Promise.all(
      ids.map(async (id) => {
        const record = await this.#catalog.findImage(id);
        if (record === undefined)
          throw new SisError("IMAGE_NOT_FOUND", `Image ID not found in database: ${id}`);
        return this.#origins.originOf(named(record.imageUrl), record.labelUrl, { ...request, id }, signal);
      }),
    );
  }

  /** The header of a whole image: of a file on an archive, only that part is read if possible. */
  async #header(url: string, origin: Origin, request: ProductRequest, path: string, making: MakeOptions) {
    try {
      return await this.#maker.makeHeader(origin.readable, request, path, making);
    } catch (error) {
      if (!isSisError(error, "SOURCE_NO_RANGES")) throw error;
      const { readable } = await this.#origins.copyOrigin(url, request, making.signal);
      return this.#maker.makeHeader(readable, request, path, making);
    }
  }

  async #facts(record: ImageRecord, url: string, request: ProductRequest): Promise<AvmFacts> {
    return pictureFacts({
      record,
      detail: await this.#catalog.findDetail(request.id),
      service: `SBN Survey Image Service ${this.#version}`,
      labelUrl: `${publicBase(this.#settings)}/images/${encodeURIComponent(request.id)}?format=label`,
      fileName: downloadFilename(fileNameOf(url), request),
    });
  }
}

/** The host of an archive; "" for files of this machine. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "");

/** A URL of the catalog. Errors: SOURCE_MISSING when the record has none. */
function named(url: string | null): string {
  if (url === null) throw new SisError("SOURCE_MISSING", "the catalog has no file name for this image");
  return url;
}
