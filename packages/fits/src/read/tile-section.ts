import type { ImageDescription } from "../describe/image-description.ts";
import { TILE_ENCODING, type TiledStorage } from "../describe/tile-table.ts";
import { type ErrorDetails, FitsError } from "../errors.ts";
import type { QuantizeMethod } from "../quantize/quantize.ts";
import type { SectionBox, WantedRanges } from "./section-box.ts";

/** A tile with up to this many pixels is accepted regardless of its number of bytes. */
const SMALL_TILE = 2 ** 22;
/** Most pixels per byte of a compressed tile in the densest of the codecs. */
const PIXELS_PER_BYTE = 8192;

/** Scaling of the quantized floats of the tiles of a section. */
export interface SectionQuantization {
  readonly method: QuantizeMethod;
  /** ZSCALE * BSCALE, and ZZERO * BSCALE + BZERO. */
  readonly scale: Float64Array;
  readonly zero: Float64Array;
  readonly zblank: Int32Array | number | undefined;
  /** Number of each tile, plus ZDITHER0 - 1. */
  readonly tileRow: Float64Array;
  /**
   * Those of {@link Quantization}: for tiles that could not be quantized, and for the exact zeros
   * of SUBTRACTIVE_DITHER_2.
   */
  readonly bscale: number;
  readonly bzero: number;
}

/** Masks of undefined pixels of the tiles of a section. */
interface SectionMasks {
  readonly codec: string;
  /** Start of each tile's mask in the bytes read, and its length: 0 for a tile without a mask. */
  readonly positions: Float64Array;
  readonly lengths: Float64Array;
  /** The value of an undefined pixel in an image of integers: BLANK. */
  readonly blank: number | bigint | undefined;
}

/**
 * The tiles touched by a section: entry i of the arrays belongs to the i-th of them, the first axis
 * of the grid fastest.
 */
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
  /** Number of each tile in the image, from 0, for error messages. */
  readonly numbers: Float64Array;
  /** Byte of the file at which each tile begins, for error messages. */
  readonly offsets: Float64Array;
  /** Start and length of each tile in the bytes read, and its TILE_ENCODING. */
  readonly positions: Float64Array;
  readonly lengths: Float64Array;
  readonly encodings: Uint8Array;
  readonly quantization: SectionQuantization | undefined;
  readonly masks: SectionMasks | undefined;
}

/**
 * The byte ranges wanted for a section, and a function that makes the section from their positions
 * in the bytes read.
 */
export interface PlannedTiles {
  readonly wanted: WantedRanges;
  readonly placed: (positions: Float64Array) => TileSection;
}

/** The tiles touched by a box. Errors: FITS_TILE_CORRUPT, FITS_TRUNCATED. */
export function planTiles(
  image: ImageDescription,
  storage: TiledStorage,
  { start, shape }: SectionBox,
): PlannedTiles {
  const { tile, grid } = storage;
  const first = start.map((pixel, axis) => Math.floor(pixel / tile[axis]!));
  const count = start.map(
    (pixel, axis) => Math.floor((pixel + shape[axis]! - 1) / tile[axis]!) - first[axis]! + 1,
  );
  const numbers = tileNumbers(grid, first, count);
  const offsets = new Float64Array(numbers.length);
  const lengths = new Float64Array(numbers.length);
  const encodings = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    offsets[i] = storage.offsets[number]!;
    lengths[i] = storage.lengths[number]!;
    encodings[i] = storage.encodings[number]!;
  }
  checkTiles(image, storage, numbers, offsets, lengths, encodings);
  const { masks } = storage;
  const maskLengths = masks && numbers.map((number) => masks.lengths[number]!);
  // A missing mask counts as empty and at the position of its tile, so that it adds no range.
  const maskOffsets =
    masks && numbers.map((number, i) => (maskLengths![i] === 0 ? offsets[i]! : masks.offsets[number]!));
  if (maskOffsets && maskLengths) checkMasks(image, numbers, maskOffsets, maskLengths);
  return {
    wanted: { offsets: chain(offsets, maskOffsets), lengths: chain(lengths, maskLengths) },
    placed: (positions) => ({
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
      offsets,
      positions: positions.slice(0, numbers.length),
      lengths,
      encodings,
      quantization: sectionQuantization(storage, numbers),
      masks: masks && {
        codec: masks.codec,
        positions: positions.slice(numbers.length),
        lengths: maskLengths!,
        blank: image.blank,
      },
    }),
  };
}

function chain(first: Float64Array, second: Float64Array | undefined): Float64Array {
  if (second === undefined) return first;
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
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
    const none = encodings[i] === TILE_ENCODING.none;
    const end = offsets[i]! + lengths[i]!;
    const dense = tileLength > Math.max(SMALL_TILE, lengths[i]! * PIXELS_PER_BYTE);
    if (!none && end <= fileSize && !dense) continue;
    const what = `HDU ${hdu}: tile ${numbers[i]}`;
    const details = { hdu, tile: numbers[i]!, offset: offsets[i]! };
    if (none) throw new FitsError("FITS_TILE_CORRUPT", `${what} has no bytes`, { details });
    if (end > fileSize) throw truncated(what, end, fileSize, details);
    throw new FitsError("FITS_TILE_CORRUPT", `${what} declares ${tileLength} pixels in ${lengths[i]} bytes`, {
      details,
    });
  }
}

function checkMasks(
  { hdu, fileSize }: ImageDescription,
  numbers: Float64Array,
  offsets: Float64Array,
  lengths: Float64Array,
): void {
  for (let i = 0; i < numbers.length; i++) {
    const end = offsets[i]! + lengths[i]!;
    if (end <= fileSize) continue;
    const details = { hdu, tile: numbers[i]!, offset: offsets[i]! };
    throw truncated(`HDU ${hdu}: the null mask of tile ${numbers[i]}`, end, fileSize, details);
  }
}

function truncated(what: string, end: number, fileSize: number, details: ErrorDetails): FitsError {
  return new FitsError(
    "FITS_TRUNCATED",
    `${what} ends at byte ${end}, but the file ends at byte ${fileSize}`,
    {
      details,
    },
  );
}

function sectionQuantization(
  { quantization }: TiledStorage,
  numbers: Float64Array,
): SectionQuantization | undefined {
  if (quantization === undefined) return undefined;
  const { method, zdither0, zscale, zzero, zblank, bscale, bzero } = quantization;
  const each = (values: Float64Array | number, zero: number) =>
    numbers.map((number) => (typeof values === "number" ? values : values[number]!) * bscale + zero);
  return {
    method,
    scale: each(zscale, 0),
    zero: each(zzero, bzero),
    zblank: typeof zblank === "object" ? Int32Array.from(numbers, (number) => zblank[number]!) : zblank,
    tileRow: numbers.map((number) => number + zdither0 - 1),
    bscale,
    bzero,
  };
}
