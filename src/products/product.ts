import type { PictureOptions } from "@sbnsis/imaging";

/** The formats of GET /images/{id}. */
const PRODUCT_FORMATS = ["fits", "jpeg", "png", "label"] as const;
export type ProductFormat = (typeof PRODUCT_FORMATS)[number];

/** Width or height of a cutout, in whole pixels of the image or in arcseconds. */
export interface CutoutSide {
  readonly unit: "pixel" | "arcsec";
  readonly length: number;
}

/** The size of a cutout: a square on the sky, or width and height. One of `arcsec` and `sides` is given. */
export interface CutoutSize {
  /** As the client wrote it; it goes into the file name. */
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

/** How a picture shall be, beside its format and place. */
export interface PictureRequest {
  /** Positions of marks are ICRS. */
  readonly options: PictureOptions;
  /** Quality of JPEG, 1..100. */
  readonly quality?: number;
}

/** A validated request, independent of HTTP. */
export interface ProductRequest {
  /** PDS4 logical identifier. */
  readonly id: string;
  readonly format: ProductFormat;
  readonly cutout?: CutoutRequest;
  /** North up, east to the left; pictures only. */
  readonly align: boolean;
  /** Pictures only. */
  readonly picture?: PictureRequest;
}

/** Products up to this size are kept in memory on their way to the client, in bytes; larger ones are streamed. */
export const SMALL_PRODUCT_BYTES = 2 ** 20;

/** Reads a part of a product, both ends included, as fast as it is wanted. */
export type ReadPart = (first: number, last: number) => AsyncIterable<Uint8Array>;

/** A finished product, ready to be sent: its `content`, or a file on disk. */
export interface Product {
  /** Absolute path: of a file in the cache, or of the archived file itself. */
  readonly path: string;
  /** The product in memory, when it was just made; or, when the cache could not take it, where it is: in memory or still on the archive. */
  readonly content?: Uint8Array | ReadPart;
  readonly size: number;
  /** Time of the file at `path`, which tells whether it was replaced meanwhile. */
  readonly mtimeMs: number;
  /**
   * Time of the source's last change, the same for every service and every making of the product;
   * milliseconds since 1970. Undefined if the archive does not state it.
   */
  readonly lastModifiedMs: number | undefined;
  /** Strong entity tag, quoted; the same for every service and every making of the product. */
  readonly etag: string;
  readonly mediaType: string;
  readonly downloadFilename: string;
  /** Whether the product was in the cache, was made for this request, or is an archived file. */
  readonly origin: "cache" | "made" | "archive";
}

/** Work of the compute threads of this process. */
export interface ComputeLoad {
  /** Tasks that wait for a thread, and how many may. */
  readonly waiting: number;
  readonly limit: number;
  /** Tasks in threads. */
  readonly running: number;
  /** Tasks done, and the seconds they took in threads. */
  readonly tasks: number;
  readonly seconds: number;
  /** Tasks that took too long, and threads that were ended because they did not stop. */
  readonly timeouts?: number;
  readonly endedThreads?: number;
}

/** What a product is asked for with. */
export interface GetOptions {
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal;
  /** Names the client, so that each has its share of the queues. */
  readonly client?: string;
}

/** What routes need of the products room. */
export interface ProductService {
  /**
   * Finds or makes a product.
   * Errors: IMAGE_NOT_FOUND, OFF_IMAGE, CUTOUT_TOO_LARGE, FRAME_TOO_LARGE, NO_CELESTIAL_WCS, PICTURE_FAILED, SOURCE_*, FITS_*, WCS_*, CANCELLED.
   */
  get(request: ProductRequest, options?: GetOptions): Promise<Product>;
  /** Work of the threads that make cutouts, and of those that make whole frames. */
  load(): {
    readonly cutouts: ComputeLoad;
    readonly frames: ComputeLoad;
    /** Of all that is read from archives. */
    readonly remote?: ComputeLoad;
  };
  close(): Promise<void>;
}
