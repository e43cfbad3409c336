import { parseCards } from "@sbnsis/fits/internal";
import type { Catalog, ImageDetail, ImageRecord } from "../../catalog/catalog.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { type CachedFile, cachedPath, type ProductCache } from "../cache/product-cache.ts";
import type { FrameDescription } from "../frame-description.ts";
import type { MadeProducts } from "../make/made-products.ts";
import type { ProductMaker } from "../make/product-maker.ts";
import type { Origin, Origins } from "../origins.ts";
import type { GetOptions, Product, ProductRequest, TileRequest, TilesOfImage } from "../product.ts";
import { tileKey } from "../request/product-key.ts";
import { readTile, readTileFacts } from "./tile-file.ts";
import {
  coarsestLevel,
  firstOverviewLevel,
  levelSize,
  TILE_FORMAT,
  TILE_SIDE,
  tileCounts,
} from "./tile-grid.ts";
import type { FrameStatistics, TilePlan } from "./tile-plan.ts";

/** What tiles are made with. */
export interface TileProductsParts {
  readonly cache: ProductCache;
  readonly made: MadeProducts;
  readonly maker: ProductMaker;
  readonly origins: Origins;
  readonly catalog: Catalog;
}

/** Extension of files of tiles in the cache. */
const EXTENSION = ".tiles";

/** Approximate bytes of a pixel in a tile. */
const PIXEL_BYTES = 2;

/** An image whose tiles are requested. */
interface Found {
  readonly record: ImageRecord;
  readonly origin: Origin;
  /** 16 hexadecimal digits that identify the state of the image and the format of its tiles. */
  readonly version: string;
}

/** Tiles of whole images, made by bands and kept in the cache. */
export class TileProducts {
  readonly #parts: TileProductsParts;

  constructor(parts: TileProductsParts) {
    this.#parts = parts;
  }

  /**
   * Describes the tiles of an image; its overview is made with it. Errors: IMAGE_NOT_FOUND,
   * NO_IMAGE, SOURCE_*, FITS_*, WCS_*, OVERLOADED, CANCELLED.
   */
  describe(id: string, options: GetOptions = {}): Promise<TilesOfImage> {
    return this.#withImage(id, options, async (found, frame) => {
      const { naxis, image } = frame;
      const file = await this.#overview(found, frame, options);
      const { cuts, histogram, blank } = await readTileFacts<FrameStatistics>(file);
      const detail: ImageDetail | undefined = await this.#parts.catalog.findDetail(id);
      const levels = Array.from({ length: coarsestLevel(naxis) + 1 }, (_, level) => {
        const [width, height] = levelSize(naxis, level);
        return { level, width, height, exact: level === 0 && isExact(frame) };
      });
      return {
        id,
        version: found.version,
        width: naxis[0],
        height: naxis[1],
        tile: TILE_SIDE,
        bitpix: image.bitpix,
        unit: unitOf(frame),
        blank,
        levels,
        cuts,
        histogram,
        start: detail?.startTime ?? null,
        stop: detail?.stopTime ?? null,
        exposure: detail?.exposure ?? null,
        filter: detail?.filter ?? null,
      };
    });
  }

  /**
   * A tile, made with its band or its overview. Errors: those of `describe`, TILE_VERSION when the
   * image has changed, TILE_NOT_FOUND.
   */
  get(request: TileRequest, options: GetOptions = {}): Promise<Product> {
    const { id, version, level, column, row } = request;
    return this.#withImage(id, options, async (found, frame) => {
      if (version !== undefined && version !== found.version) {
        const message = "The image has changed since its tiles were described: read the description again.";
        throw new SisError("TILE_VERSION", message, { details: { version: found.version } });
      }
      const { naxis } = frame;
      const [columns, rows] = level <= coarsestLevel(naxis) ? tileCounts(naxis, level) : [0, 0];
      if (column >= columns || row >= rows) {
        throw new SisError("TILE_NOT_FOUND", "The image has no such tile.", { details: { columns, rows } });
      }
      const isOverview = level >= firstOverviewLevel(naxis);
      const exact = request.exact && !(level === 0 && isExact(frame));
      const inBand = !isOverview || exact;
      const key = inBand ? this.#bandKey(found, request, exact) : this.#overviewKey(found);
      const file = inBand
        ? await this.#band(found, frame, key, { level, row, exact }, options)
        : await this.#overview(found, frame, options);
      const index = inBand ? column : overviewIndex(naxis, request);
      const content = await readTile(file, index);
      return {
        path: file.path,
        content,
        size: content.length,
        mtimeMs: file.mtimeMs,
        lastModifiedMs: found.origin.file.identity.mtimeMs,
        etag: `"${key.slice(0, 24)}-${index}"`,
        mediaType: "application/octet-stream",
        downloadFilename: `tile-${level}-${column}-${row}.sit`,
        origin: "cache",
      };
    });
  }

  /** Runs `work` with an image; once more when the image was replaced meanwhile. */
  async #withImage<T>(
    id: string,
    { signal }: GetOptions,
    work: (found: Found, frame: FrameDescription) => Promise<T>,
  ): Promise<T> {
    const { catalog, origins, maker } = this.#parts;
    const record = await catalog.findImage(id);
    if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
    const { imageUrl } = record;
    if (imageUrl === null)
      throw new SisError("SOURCE_MISSING", "the catalog has no file name for this image");
    // all pixels are needed, as for a picture of the whole image
    const request: ProductRequest = { id, format: "jpeg", align: false };
    const once = async () => {
      const origin = await origins.originOf(imageUrl, record.labelUrl, request, signal);
      const frame = await origin.describe(signal ?? new AbortController().signal);
      const version = tileKey(origin.file, { format: TILE_FORMAT }).slice(0, 16);
      return work({ record, origin, version }, frame);
    };
    return once().catch((error: unknown) => {
      if (!isSisError(error, "SOURCE_CHANGED")) throw error;
      maker.forget(imageUrl, request);
      return once();
    });
  }

  #overviewKey({ origin }: Found): string {
    return tileKey(origin.file, { format: TILE_FORMAT, part: "overview" });
  }

  #bandKey({ origin }: Found, { level, row }: TileRequest, exact: boolean): string {
    return tileKey(origin.file, { format: TILE_FORMAT, level, row, exact });
  }

  #overview(found: Found, frame: FrameDescription, options: GetOptions): Promise<CachedFile> {
    const { source, image, naxis } = frame;
    const [width, height] = levelSize(naxis, firstOverviewLevel(naxis));
    const bytes = PIXEL_BYTES * 1.4 * width * height;
    return this.#file(this.#overviewKey(found), { kind: "overview", source, image }, bytes, options);
  }

  #band(
    _found: Found,
    { source, image, naxis }: FrameDescription,
    key: string,
    { level, row, exact }: { readonly level: number; readonly row: number; readonly exact: boolean },
    options: GetOptions,
  ): Promise<CachedFile> {
    const [width] = levelSize(naxis, level);
    const bytes = (exact ? 4 : PIXEL_BYTES) * width * TILE_SIDE;
    return this.#file(key, { kind: "band", source, image, level, row, exact }, bytes, options);
  }

  /** Finds or makes a file of tiles. */
  async #file(
    key: string,
    plan: TilePlan,
    expectedBytes: number,
    { signal, client }: GetOptions,
  ): Promise<CachedFile> {
    const { cache, made, maker } = this.#parts;
    const path = cachedPath(cache, key, EXTENSION);
    const bytes = Math.ceil(expectedBytes);
    const { file } = await made.get(
      {
        key,
        path,
        make: (pathFor, all) => maker.makeTiles(plan, pathFor(bytes), { signal: all, client }),
      },
      signal,
    );
    return file;
  }
}

/** Whether tiles of level 0 have the values of the file: integers of up to 32 bits. */
function isExact({ image: { bitpix } }: FrameDescription): boolean {
  return bitpix > 0 && bitpix < 64;
}

/** Index of a tile in the overview: levels from the finest, rows from the lowest. */
function overviewIndex(naxis: FrameDescription["naxis"], { level, column, row }: TileRequest): number {
  let index = 0;
  for (let k = firstOverviewLevel(naxis); k < level; k++) {
    const [columns, rows] = tileCounts(naxis, k);
    index += columns * rows;
  }
  return index + row * tileCounts(naxis, level)[0] + column;
}

/** BUNIT of the image; null if missing. */
function unitOf({ header }: FrameDescription): string | null {
  const value = parseCards(header.bytes).find(({ keyword }) => keyword === "BUNIT")?.value;
  return (typeof value === "string" && value.trim()) || null;
}
