import { SisError } from "../errors/sis-error.ts";
import type { ImageDescription } from "./image-description.ts";
import type { QuantizeMethod } from "./quantize.ts";
import type { SectionBox, WantedRanges } from "./section-plan.ts";
import { TILE_ENCODING, type TiledStorage } from "./tile-table.ts";

/** A tile of this many pixels may come from any number of bytes. */
const SMALL_TILE = 2 ** 22;
/** Most pixels that a byte of a compressed tile can stand for in the densest of the codecs. */
const PIXELS_PER_BYTE = 8192;

/** Scaling of the quantised floats of the tiles of a section. */
export interface SectionQuantization {
  readonly method: QuantizeMethod;
  readonly scale: Float64Array;
  readonly zero: Float64Array;
  readonly zblank: Int32Array | number | undefined;
  /** Number of each tile, plus ZDITHER0 - 1. */
  readonly tileRow: Float64Array;
}

/** Tiles that a section touches: entry i of the arrays is of the i-th of them, the first axis of the grid fastest. */
export interface TileSection {
  readonly kind: "tiles";
  readonly codec: string;
  readonly bytepix: number;
  readonly blocksize: number;
  readonly smooth: boolean;
  /** Pixels of the image and of a whole tile along each axis. */
  readonly naxis: readonly number[];
  readonly tile: readonly number[];
  /** First tile and number of tiles along each axis of the grid. */
  readonly first: readonly number[];
  readonly count: readonly number[];
  /** Number of each tile in the image, from 0, for messages. */
  readonly numbers: Float64Array;
  /** Where the bytes of each tile begin in the bytes read, how many they are, and their TILE_ENCODING. */
  readonly positions: Float64Array;
  readonly lengths: Float64Array;
  readonly encodings: Uint8Array;
  readonly quantization: SectionQuantization | undefined;
}

/** The tiles that a box touches. Errors: FITS_TILE_CORRUPT, FITS_TRUNCATED, FITS_UNSUPPORTED. */
export function planTiles(
  image: ImageDescription,
  storage: TiledStorage,
  { start, shape }: SectionBox,
): { readonly wanted: WantedRanges; readonly section: Omit<TileSection, "positions"> } {
  const { tile, grid } = storage;
  if (storage.masked)
    throw new SisError(
      "FITS_UNSUPPORTED",
      `HDU ${image.hdu}: null masks of tiles (NULL_PIXEL_MASK) are not read`,
    );
  const first = start.map((pixel, axis) => Math.floor(pixel / tile[axis]!));
  const count = start.map(
    (pixel, axis) => Math.floor((pixel + shape[axis]! - 1) / tile[axis]!) - first[axis]! + 1,
  );
  const numbers = tileNumbers(grid, first, count);
  const offsets = numbers.map((number) => storage.offsets[number]!);
  const lengths = numbers.map((number) => storage.lengths[number]!);
  const encodings = Uint8Array.from(numbers, (number) => storage.encodings[number]!);
  checkTiles(image, storage, numbers, offsets, lengths, encodings);
  return {
    wanted: { offsets, lengths },
    section: {
      kind: "tiles",
      codec: storage.codec,
      bytepix: storage.bytepix,
      blocksize: storage.blocksize,
      smooth: storage.smooth,
      naxis: image.naxis,
      tile,
      first,
      count,
      numbers,
      lengths,
      encodings,
      quantization: sectionQuantization(storage, numbers),
    },
  };
}

function tileNumbers(
  grid: readonly number[],
  first: readonly number[],
  count: readonly number[],
): Float64Array {
  const total = count.reduce((product, length) => product * length, 1);
  const numbers = new Float64Array(total);
  const index = first.slice();
  for (let i = 0; i < total; i++) {
    let number = 0;
    for (let axis = grid.length - 1; axis >= 0; axis--) number = number * grid[axis]! + index[axis]!;
    numbers[i] = number;
    for (let axis = 0; axis < index.length; axis++) {
      index[axis]!++;
      if (index[axis]! < first[axis]! + count[axis]!) break;
      index[axis] = first[axis]!;
    }
  }
  return numbers;
}

function checkTiles(
  { hdu, fileSize }: ImageDescription,
  { tile }: TiledStorage,
  numbers: Float64Array,
  offsets: Float64Array,
  lengths: Float64Array,
  encodings: Uint8Array,
): void {
  const tileLength = tile.reduce((product, side) => product * side, 1);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    const details = { hdu, tile: number };
    if (encodings[i] === TILE_ENCODING.none) {
      throw new SisError("FITS_TILE_CORRUPT", `HDU ${hdu}: tile ${number} has no bytes`, { details });
    }
    const end = offsets[i]! + lengths[i]!;
    if (!(end <= fileSize)) {
      throw new SisError(
        "FITS_TRUNCATED",
        `HDU ${hdu}: tile ${number} ends at byte ${end}, the file at byte ${fileSize}`,
        { details },
      );
    }
    if (tileLength > Math.max(SMALL_TILE, lengths[i]! * PIXELS_PER_BYTE)) {
      throw new SisError(
        "FITS_TILE_CORRUPT",
        `HDU ${hdu}: tile ${number} promises ${tileLength} pixels in ${lengths[i]} bytes`,
        { details },
      );
    }
  }
}

function sectionQuantization(
  { quantization }: TiledStorage,
  numbers: Float64Array,
): SectionQuantization | undefined {
  if (quantization === undefined) return undefined;
  const { method, zdither0, zscale, zzero, zblank } = quantization;
  const each = (values: Float64Array | number) =>
    numbers.map((number) => (typeof values === "number" ? values : values[number]!));
  return {
    method,
    scale: each(zscale),
    zero: each(zzero),
    zblank: typeof zblank === "object" ? Int32Array.from(numbers, (number) => zblank[number]!) : zblank,
    tileRow: numbers.map((number) => number + zdither0 - 1),
  };
}
