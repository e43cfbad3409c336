import type { ColorStretch, PictureOptions } from "@sbnsis/imaging";
import type { SkyShape } from "@sbnsis/wcs/internal";
import type { PictureFormatName } from "./encode/formats/registry.ts";
import type { FrameDescription } from "./frame-description.ts";
import type { BlinkRequest, StackRequest } from "./stack/stack-request.ts";
import type { FrameStatistics } from "./tiles/tile-plan.ts";

/** The formats of GET /images/{id}. */
export type ProductFormat = "fits" | PictureFormatName | "label" | "header";

/** Width or height of a cutout, in whole pixels of the image or in arcseconds. */
export interface CutoutSide {
  readonly unit: "pixel" | "arcsec";
  readonly length: number;
}

/**
 * The size of a cutout: a square on the sky, or width and height. Exactly one of `arcsec` and
 * `sides` is set.
 */
export interface CutoutSize {
  /** As the client wrote it; part of the file name. */
  readonly text: string;
  /** Side of a square, arcseconds. */
  readonly arcsec?: number;
  /** Width and height: along x and y of the image. */
  readonly sides?: readonly [CutoutSide, CutoutSide];
}

/** A place on the sky: ICRS, degrees. */
export interface CutoutRequest {
  readonly ra: number;
  readonly dec: number;
  readonly size: CutoutSize;
}

/** A part of the sky whose pixels are wanted. */
export interface RegionRequest {
  /** Without a problem (`shapeProblem`). */
  readonly shape: SkyShape;
  /** As the client wrote it; a card of the product. */
  readonly text: string;
  /** Whether pixels outside have no value. */
  readonly mask?: true;
  /** Maximum number of pixels along a side; defaults to that of all cutouts. */
  readonly maximumPixels?: number;
}

/** Options of a picture other than its format and place. */
export interface PictureRequest {
  /** Positions of markers are ICRS. */
  readonly options: PictureOptions;
  /** Quality of JPEG, 1..100. */
  readonly quality?: number;
  /** A first look at a whole image, from some of its rows. */
  readonly quick?: true;
}

/** How the file of a FITS cutout is written, where it differs from the default. */
export interface FitsRequest {
  /** Compressed in tiles: integers losslessly, floats quantized. */
  readonly pack?: "rice";
  /** Only the cards that are needed to use the pixels. */
  readonly header?: "minimal";
}

/** A color picture of two or three images. */
export interface ColorRequest {
  /** Identifiers of red, green if it is an image of its own, and blue. */
  readonly ids: readonly string[];
  readonly stretch: ColorStretch;
  readonly interpolation: "nearest" | "bilinear";
}

/** A validated request, independent of HTTP. */
export interface ProductRequest {
  /** PDS4 logical identifier. */
  readonly id: string;
  readonly format: ProductFormat;
  readonly cutout?: CutoutRequest;
  /** Instead of `cutout`: the smallest box with all pixels of a region. */
  readonly region?: RegionRequest;
  /** North up, east to the left; pictures only. */
  readonly align: boolean;
  /** Pictures only. */
  readonly picture?: PictureRequest;
  /** FITS cutouts, and headers of cutouts, only. */
  readonly fits?: FitsRequest;
  /** Pictures around a position only; its first image is `id`. */
  readonly colour?: ColorRequest;
}

/** Products up to this size are sent from memory, in bytes; larger ones are streamed. */
export const SMALL_PRODUCT_BYTES = 2 ** 20;

/** Reads a part of a product, both ends included, at the speed of its consumer. */
export type ReadPart = (first: number, last: number) => AsyncIterable<Uint8Array>;

/** A finished product, ready to be sent: its `content`, or a file on disk. */
export interface Product {
  /** Absolute path of a file in the cache or of the archived file itself. */
  readonly path: string;
  /**
   * The product in memory when it was just made; if the cache could not store it, its only copy: in
   * memory or still on the archive.
   */
  readonly content?: Uint8Array | ReadPart;
  readonly size: number;
  /** Time of the file at `path`, which shows whether it was replaced meanwhile. */
  readonly mtimeMs: number;
  /**
   * Time of the source's last change, in milliseconds since 1970: the same for every service and
   * each time the product is made. Undefined if the archive does not report it.
   */
  readonly lastModifiedMs: number | undefined;
  /** Strong entity tag, quoted: the same for every service and each time the product is made. */
  readonly etag: string;
  readonly mediaType: string;
  readonly downloadFilename: string;
  /** Whether the product was in the cache, was made for this request, or is an archived file. */
  readonly origin: "cache" | "made" | "archive";
}

/** One tile of a whole image. */
export interface TileRequest {
  readonly id: string;
  /** The version of the description that the caller has; undefined for any. */
  readonly version: string | undefined;
  /** 0 for the pixels themselves; each further level has blocks twice as large. */
  readonly level: number;
  /** Column and row of the tile, from 0 at the lower left. */
  readonly column: number;
  readonly row: number;
  /** float32 where values would be rounded. */
  readonly exact: boolean;
}

/** The tiles of an image, and what is needed to show them. */
export interface TilesOfImage extends FrameStatistics {
  readonly id: string;
  /** Part of the addresses of tiles, which never change. */
  readonly version: string;
  readonly width: number;
  readonly height: number;
  /** Side of a tile, pixels. */
  readonly tile: number;
  readonly bitpix: number;
  /** Unit of the values, as the header writes it. */
  readonly unit: string | null;
  readonly levels: readonly {
    readonly level: number;
    readonly width: number;
    readonly height: number;
    /** Whether its values are those of the file, not rounded. */
    readonly exact: boolean;
  }[];
  readonly start: string | null;
  readonly stop: string | null;
  /** Seconds. */
  readonly exposure: number | null;
  readonly filter: string | null;
}

/** Tiles of whole images. */
export interface TileService {
  /**
   * Errors: IMAGE_NOT_FOUND, NO_IMAGE, SOURCE_*, FITS_*, WCS_*, OVERLOADED, CANCELLED.
   */
  describe(id: string, options?: GetOptions): Promise<TilesOfImage>;
  /** Errors: those of `describe`, TILE_VERSION, TILE_NOT_FOUND. */
  get(request: TileRequest, options?: GetOptions): Promise<Product>;
}

/** Load of the compute threads of this process. */
export interface ComputeLoad {
  /** Number of tasks waiting for a thread, and how many may wait. */
  readonly waiting: number;
  readonly limit: number;
  /** Number of tasks running in threads. */
  readonly running: number;
  /** Number of waiting and running tasks that are not in the background. */
  readonly foreground?: number;
  /** Number of finished tasks, and their total time in threads in seconds. */
  readonly tasks: number;
  readonly seconds: number;
  /**
   * Number of tasks that timed out, and of threads that were terminated because they did not stop.
   */
  readonly timeouts?: number;
  readonly endedThreads?: number;
}

/** Outcomes of lookups and writes of products in the shared store. */
export interface StoreCounts {
  readonly found: number;
  readonly missing: number;
  readonly stored: number;
  readonly failed: number;
}

/** How a product is requested. */
export interface GetOptions {
  /** Aborted when nobody is waiting for the product any more. */
  readonly signal?: AbortSignal;
  /** Identifies the client, so that each has its share of the queues. */
  readonly client?: string;
  /** Whether the work yields to single requests. */
  readonly background?: boolean;
  /** Called with each step of the work, to time it. */
  readonly step?: Step;
}

/** Runs one named step of a request and passes on its result. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** What routes need of the products module. */
export interface ProductService {
  /**
   * Finds or makes a product.
   * Errors: IMAGE_NOT_FOUND, OFF_IMAGE, REGION_OFF_IMAGE, CUTOUT_TOO_LARGE, FRAME_TOO_LARGE,
   * NO_CELESTIAL_WCS, PICTURE_FAILED, SOURCE_*, FITS_*, WCS_*, CANCELLED.
   */
  get(request: ProductRequest, options?: GetOptions): Promise<Product>;
  /**
   * Describes the frame of an image, so that a caller can place products on it without making them.
   * Missing in a service that only serves what exists.
   * Errors: IMAGE_NOT_FOUND, NO_IMAGE, SOURCE_*, FITS_*, WCS_*, CANCELLED.
   */
  describe?(id: string, options?: GetOptions): Promise<FrameDescription>;
  /**
   * The entity tag that `get` would return now for a cutout or a picture, without making it.
   * Missing in a service that only serves what exists. Errors: IMAGE_NOT_FOUND, SOURCE_*.
   */
  tagOf?(request: ProductRequest, options?: GetOptions): Promise<string>;
  /**
   * Finds or makes a stack or an animation of several images. A row that fails is left out.
   * Errors: STACK_INVALID, STACK_NOISE, and those of `get`.
   */
  stack(request: StackRequest | BlinkRequest, options?: GetOptions): Promise<Product>;
  /** Tiles of whole images; missing in a service that only serves what exists. */
  readonly tiles?: TileService;
  /** Load of the threads that make cutouts, and of those that make pictures of whole frames. */
  load(): {
    readonly cutouts: ComputeLoad;
    readonly frames: ComputeLoad;
    /** Load of the threads that make cutouts for jobs. */
    readonly jobs?: ComputeLoad;
    /** Load of the thread that makes bands of tiles. */
    readonly tiles?: ComputeLoad;
    /** Load of the threads that read from archives. */
    readonly remote?: ComputeLoad;
    /** Outcomes in the shared store. */
    readonly store?: StoreCounts;
  };
  close(): Promise<void>;
}

/** Whether a product shows a part of an image: the surroundings of a position, or a region. */
export function showsPart({ cutout, region }: Pick<ProductRequest, "cutout" | "region">): boolean {
  return cutout !== undefined || region !== undefined;
}
