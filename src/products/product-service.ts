import type { Catalog, ImageRecord } from "../catalog/catalog.ts";
import { publicBase } from "../config/public-base.ts";
import type { Settings } from "../config/settings.ts";
import { SisError } from "../errors/sis-error.ts";
import type { AvmFacts } from "../imaging/avm.ts";
import { surveyProfile } from "../pds4/surveys/registry.ts";
import { findLocalFile, type LocalFile } from "../storage/local-file.ts";
import { ComputePool } from "./compute-pool.ts";
import { FrameCache } from "./frame-cache.ts";
import type { FrameDescription } from "./frame-description.ts";
import { pictureFacts } from "./picture-facts.ts";
import { planCutout } from "./plan-cutout.ts";
import { planPicture } from "./plan-picture.ts";
import type { CutoutRequest, Product, ProductRequest, ProductService } from "./product.ts";
import {
  type CachedFile,
  cachedPath,
  findCached,
  type ProductCache,
  prepareFolder,
  productCache,
} from "./product-cache.ts";
import { productKey } from "./product-key.ts";
import { archivedFilename, downloadFilename, mediaTypeOf, productExtension } from "./product-name.ts";
import { SingleFlight } from "./single-flight.ts";

/** What the products room is made of. It closes the catalogue not. */
export interface ProductServiceParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** Version of the service: it stands in products and in their keys. */
  readonly version: string;
  /** The program of the compute threads; that of this installation without. */
  readonly threadProgram?: string;
}

/** The products of the images in a catalogue. */
export function createProductService({
  settings,
  catalog,
  version,
  threadProgram,
}: ProductServiceParts): ProductService {
  return new LocalProducts(settings, catalog, version, threadProgram);
}

/** Pictures of whole frames that may wait in a worker: each takes a second or two. */
const FRAME_QUEUE = 16;

class LocalProducts implements ProductService {
  readonly #settings: Settings;
  readonly #catalog: Catalog;
  readonly #version: string;
  readonly #cache: ProductCache;
  readonly #pool: ComputePool;
  readonly #framePool: ComputePool;
  readonly #frames = new FrameCache();
  readonly #making = new SingleFlight<CachedFile>();

  constructor(settings: Settings, catalog: Catalog, version: string, threadProgram: string | undefined) {
    this.#settings = settings;
    this.#catalog = catalog;
    this.#version = version;
    this.#cache = productCache(settings.SBNSIS_CUTOUT_CACHE);
    this.#pool = new ComputePool({
      threads: settings.SBNSIS_COMPUTE_THREADS,
      maximumQueue: settings.SBNSIS_QUEUE_LENGTH,
      ...(threadProgram !== undefined && { program: threadProgram }),
    });
    this.#framePool = new ComputePool({
      threads: 1,
      idleThreads: 0,
      maximumQueue: FRAME_QUEUE,
      ...(threadProgram !== undefined && { program: threadProgram }),
    });
  }

  async get(request: ProductRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Product> {
    const record = await this.#catalog.findImage(request.id);
    if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
    if (request.format === "label") return labelProduct(record, request);
    const source = await findLocalFile(named(record.imageUrl));
    const { cutout } = request;
    const isPicture = request.format !== "fits";
    if (!isPicture && cutout === undefined) return archived(source);
    const facts = isPicture ? await this.#facts(record, request) : {};
    const key = productKey(source, request, this.#version, facts);
    const path = cachedPath(this.#cache, key, productExtension(request.format));
    const make = (all: AbortSignal) =>
      isPicture || cutout === undefined
        ? this.#makePicture(source, request, facts, path, all)
        : this.#makeCutout(source, request, cutout, path, all);
    const cached = await findCached(path);
    const file = cached ?? (await this.#making.run(key, make, signal));
    return {
      ...file,
      etag: `"${key.slice(0, 32)}-${Math.round(file.mtimeMs * 1000).toString(36)}"`,
      mediaType: mediaTypeOf(path),
      downloadFilename: downloadFilename(source.path, request),
      origin: cached === undefined ? "made" : "cache",
    };
  }

  load() {
    return { cutouts: this.#pool.load, frames: this.#framePool.load };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#framePool.close()]);
  }

  async #makeCutout(
    source: LocalFile,
    request: ProductRequest,
    cutout: CutoutRequest,
    path: string,
    signal: AbortSignal,
  ): Promise<CachedFile> {
    const frame = await this.#describe(source, request, signal);
    const plan = planCutout(
      frame,
      cutout,
      { maximumCutoutSize: this.#settings.MAXIMUM_CUTOUT_SIZE },
      {
        id: request.id,
        ra: cutout.ra,
        dec: cutout.dec,
        size: cutout.size.text,
        version: this.#version,
        date: new Date().toISOString().slice(0, 19),
      },
    );
    await prepareFolder(path);
    return this.#pool.run({ kind: "cutout", plan, path }, signal);
  }

  async #makePicture(
    source: LocalFile,
    request: ProductRequest,
    facts: AvmFacts,
    path: string,
    signal: AbortSignal,
  ): Promise<CachedFile> {
    const frame = await this.#describe(source, request, signal);
    const { MAXIMUM_CUTOUT_SIZE: maximumCutoutSize } = this.#settings;
    const plan = planPicture(frame, request, { maximumCutoutSize }, facts);
    await prepareFolder(path);
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    signal.addEventListener("abort", () => Atomics.store(cancelled, 0, 1), { once: true });
    // cutouts never wait for whole frames, of which one is made at a time
    const pool = request.cutout === undefined ? this.#framePool : this.#pool;
    return pool.run({ kind: "picture", plan, path, cancelled }, signal);
  }

  #describe(source: LocalFile, { id }: ProductRequest, signal: AbortSignal): Promise<FrameDescription> {
    const preferredHdu = surveyProfile(id).imageHdu;
    return this.#frames.get(
      source,
      preferredHdu,
      (all) => this.#pool.run({ kind: "describe", source, preferredHdu }, all),
      signal,
    );
  }

  async #facts(record: ImageRecord, request: ProductRequest): Promise<AvmFacts> {
    return pictureFacts({
      record,
      detail: await this.#catalog.findDetail(request.id),
      service: `SBN Survey Image Service ${this.#version}`,
      labelUrl: `${publicBase(this.#settings)}/images/${encodeURIComponent(request.id)}?format=label`,
      fileName: downloadFilename(fileNameOf(named(record.imageUrl)), request),
    });
  }
}

/** A URL of the catalogue. Errors: SOURCE_MISSING when the record has none. */
function named(url: string | null): string {
  if (url === null) throw new SisError("SOURCE_MISSING", "the catalogue names no file for this image");
  return url;
}

async function labelProduct(record: ImageRecord, request: ProductRequest): Promise<Product> {
  const label = await findLocalFile(named(record.labelUrl));
  const dataFile = record.imageUrl ?? named(record.labelUrl);
  return {
    ...archived(label),
    mediaType: "text/xml",
    downloadFilename: downloadFilename(fileNameOf(dataFile), request),
  };
}

/** Last part of a URL's path, decoded where it can be. */
function fileNameOf(url: string): string {
  const written = url.slice(url.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function archived(file: LocalFile): Product {
  return {
    ...file,
    etag: `"${file.size.toString(36)}-${Math.round(file.mtimeMs * 1000).toString(36)}"`,
    mediaType: mediaTypeOf(file.path),
    downloadFilename: archivedFilename(file),
    origin: "archive",
  };
}
