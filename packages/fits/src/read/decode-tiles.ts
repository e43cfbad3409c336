import { gzip1 } from "../codecs/deflate/gzip.ts";
import type { Inflate } from "../codecs/deflate/inflate.ts";
import { nocompress } from "../codecs/tile/nocompress.ts";
import { tileCodec } from "../codecs/tile/registry.ts";
import type { RowSink } from "../codecs/tile/row-sink.ts";
import { StoredRows } from "../codecs/tile/stored-rows.ts";
import type { TileCodec, TileParameters } from "../codecs/tile/tile-codec.ts";
import { TILE_ENCODING } from "../describe/tile-table.ts";
import { FitsError, isFitsError } from "../errors.ts";
import { dequantize } from "../quantize/dequantize.ts";
import { quantizationOfTile } from "../quantize/quantize.ts";
import type { StoredArray } from "./physical-values.ts";
import { copyBox, type SectionBox } from "./section-box.ts";
import type { SectionQuantization, TileSection } from "./tile-section.ts";

/** A plan for a section of tiles. */
interface TiledPlan {
  readonly hdu: number;
  readonly box: SectionBox;
  readonly content: TileSection;
}

interface DecodeOptions {
  readonly inflate: Inflate | undefined;
  /** Called before each tile; an exception ends the work. */
  readonly checkpoint?: (() => void) | undefined;
}

/**
 * Decodes the tiles of a section into `out`, the pixels of its box. `bytes` has the tiles at the
 * section's positions. Errors: FITS_TILE_CORRUPT, FITS_UNSUPPORTED.
 */
export function decodeTiles(
  { hdu, box, content: section }: TiledPlan,
  bytes: Uint8Array,
  out: StoredArray,
  { inflate, checkpoint }: DecodeOptions,
): void {
  const codec = tileCodec(section.codec);
  if (codec.decodeRows !== undefined && areEncodedRows(section)) {
    decodeRows(hdu, box, section, bytes, new StoredRows(out, 0, box.shape[0]!));
    if (section.quantization !== undefined)
      restoreZeros(out as Float32Array | Float64Array, section.quantization);
    return;
  }
  const work = new TileWork(hdu, box, section, codec, out, inflate);
  for (let i = 0; i < section.numbers.length; i++) {
    checkpoint?.();
    work.decode(i, bytes);
  }
}

/**
 * Whether, according to its table, a section consists of rows of quantized floats whose values
 * depend on nothing else: {@link decodeRows} can then decode it.
 */
export function areQuantizedRows(section: TileSection): boolean {
  const { quantization, codec } = section;
  if (quantization === undefined || tileCodec(codec).decodeRows === undefined) return false;
  const { method, bzero } = quantization;
  // exact zeros would have to become BZERO
  return areEncodedRows(section) && (method !== "SUBTRACTIVE_DITHER_2" || bzero === 0);
}

/**
 * Whether every tile is a row of the image, encoded by the codec and without a mask: tile i is then
 * row i of the box.
 */
function areEncodedRows({ tile, naxis, masks, encodings }: TileSection): boolean {
  return (
    tile.every((side, axis) => side === (axis === 0 ? naxis[0] : 1)) &&
    masks === undefined &&
    encodings.every((each) => each === TILE_ENCODING.codec)
  );
}

/**
 * Passes the rows of a section to a sink; false as soon as the sink returns false. `bytes` holds
 * the tiles at the section's positions. Errors: those of the codec and the sink, naming the tile.
 */
export function decodeRows(
  hdu: number,
  { start, shape }: SectionBox,
  section: TileSection,
  bytes: Uint8Array,
  sink: RowSink,
): boolean {
  const { positions, lengths, naxis, bytepix, blocksize, quantization } = section;
  const rows = {
    bytes,
    offsets: positions,
    lengths,
    tileLength: naxis[0]!,
    first: start[0]!,
    end: start[0]! + shape[0]!,
    bytepix,
    blocksize,
    ...(quantization !== undefined && { quantization }),
  };
  try {
    return tileCodec(section.codec).decodeRows!(rows, sink);
  } catch (error) {
    const row = isFitsError(error) && typeof error.details.row === "number" ? error.details.row : undefined;
    throw inTile(error, hdu, section, row);
  }
}

/**
 * Decodes tiles of any shape one by one, into a reused array, and copies the part of each that is
 * in the box.
 */
class TileWork {
  readonly #hdu: number;
  readonly #box: SectionBox;
  readonly #section: TileSection;
  readonly #codec: TileCodec;
  readonly #out: StoredArray;
  readonly #inflate: Inflate | undefined;
  #pixels: StoredArray | undefined;
  #integers: Int32Array | undefined;

  constructor(
    hdu: number,
    box: SectionBox,
    section: TileSection,
    codec: TileCodec,
    out: StoredArray,
    inflate: Inflate | undefined,
  ) {
    this.#hdu = hdu;
    this.#box = box;
    this.#section = section;
    this.#codec = codec;
    this.#out = out;
    this.#inflate = inflate;
  }

  decode(i: number, bytes: Uint8Array): void {
    const { tile, naxis, first, count, positions, lengths } = this.#section;
    // Position of the tile in the grid, and its part within the box: pixels of the tile from `low`
    // to `high`.
    let rest = i;
    const origin = tile.map((side, axis) => {
      const place = first[axis]! + (rest % count[axis]!);
      rest = Math.floor(rest / count[axis]!);
      return place * side;
    });
    const shape = tile.map((side, axis) => Math.min(side, naxis[axis]! - origin[axis]!));
    const low = origin.map((at, axis) => Math.max(0, this.#box.start[axis]! - at));
    const high = origin.map((at, axis) =>
      Math.min(shape[axis]!, this.#box.start[axis]! + this.#box.shape[axis]! - at),
    );
    const tileLength = shape.reduce((product, side) => product * side, 1);
    let last = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) last = last * shape[axis]! + high[axis]! - 1;
    const input = bytes.subarray(positions[i]!, positions[i]! + lengths[i]!);
    try {
      const parameters = { ...this.#parameters(), tileLength, count: last + 1 };
      const pixels = this.#decodePixels(i, input, parameters);
      this.#maskPixels(i, bytes, pixels, parameters);
      copyBox(pixels, { origin, shape, low, high }, this.#out, this.#box);
    } catch (error) {
      throw inTile(error, this.#hdu, this.#section, i);
    }
  }

  #parameters(): Omit<TileParameters, "tileLength" | "count"> {
    const { bytepix, blocksize, smooth } = this.#section;
    return { bytepix, blocksize, smooth, ...(this.#inflate !== undefined && { inflate: this.#inflate }) };
  }

  #decodePixels(i: number, input: Uint8Array, tile: TileParameters): StoredArray {
    const { encodings, quantization } = this.#section;
    const pixels = this.#room(tile.count);
    const encoding = encodings[i];
    if (encoding === TILE_ENCODING.codec && quantization !== undefined) {
      if (!isFloats(pixels)) throw new FitsError("FITS_CORRUPT", "integers are not quantized");
      const integers = this.#integerRoom(tile.count);
      this.#codec.decode(input, integers, tile);
      dequantize(integers, pixels, tile.count, quantizationOfTile(quantization, i));
      restoreZeros(pixels, quantization);
      return pixels;
    }
    if (encoding === TILE_ENCODING.gzip) gzip1.decode(input, pixels, tile);
    else if (encoding === TILE_ENCODING.uncompressed) nocompress.decode(input, pixels, tile);
    else this.#codec.decode(input, pixels, tile);
    if (quantization !== undefined && isFloats(pixels)) scale(pixels, quantization);
    return pixels;
  }

  /**
   * Marks pixels as undefined where the tile's mask is not 0 (FITS 4.0, 10.1.3, NULL_PIXEL_MASK).
   * The standard defines no parameters for masks; RICE_1 masks are single bytes in blocks of 32, as
   * written by nom.tam.fits.
   */
  #maskPixels(i: number, bytes: Uint8Array, pixels: StoredArray, tile: TileParameters): void {
    const { masks } = this.#section;
    if (masks === undefined || masks.lengths[i] === 0) return;
    const from = masks.positions[i]!;
    const mask = new Uint8Array(tile.count);
    const parameters = { ...tile, bytepix: 1, blocksize: 32, smooth: false };
    tileCodec(masks.codec).decode(bytes.subarray(from, from + masks.lengths[i]!), mask, parameters);
    setUndefined(pixels, mask, masks.blank);
  }

  #room(length: number): StoredArray {
    if (this.#pixels === undefined || this.#pixels.length < length)
      this.#pixels = sameKind(this.#out, length);
    return this.#pixels.subarray(0, length) as StoredArray;
  }

  #integerRoom(length: number): Int32Array {
    if (this.#integers === undefined || this.#integers.length < length)
      this.#integers = new Int32Array(length);
    return this.#integers.subarray(0, length);
  }
}

function sameKind(array: StoredArray, length: number): StoredArray {
  const Kind = array.constructor as new (length: number) => StoredArray;
  return new Kind(length);
}

function isFloats(pixels: StoredArray): pixels is Float32Array | Float64Array {
  return pixels instanceof Float32Array || pixels instanceof Float64Array;
}

/**
 * Applies BSCALE and BZERO to pixels that were not quantized, in an image with others that were:
 * theirs are part of ZSCALE and ZZERO.
 */
function scale(pixels: Float32Array | Float64Array, { bscale, bzero }: SectionQuantization): void {
  if (bscale === 1 && bzero === 0) return;
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i]! * bscale + bzero;
}

/** SUBTRACTIVE_DITHER_2 stores values that were exactly 0 before BZERO as 0. */
function restoreZeros(pixels: Float32Array | Float64Array, { method, bzero }: SectionQuantization): void {
  if (method !== "SUBTRACTIVE_DITHER_2" || bzero === 0) return;
  for (let i = 0; i < pixels.length; i++) if (pixels[i] === 0) pixels[i] = bzero;
}

function setUndefined(pixels: StoredArray, mask: Uint8Array, blank: number | bigint | undefined): void {
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    if (isFloats(pixels)) pixels[i] = Number.NaN;
    else if (blank === undefined)
      throw new FitsError("FITS_CORRUPT", "a mask marks undefined pixels, but there is no BLANK for them");
    else if (pixels instanceof BigInt64Array) pixels[i] = BigInt(blank);
    else pixels[i] = Number(blank);
  }
}

/** Adds the tile to an error: its number in the image and its first byte in the file. */
function inTile(error: unknown, hdu: number, section: TileSection, i: number | undefined): unknown {
  if (!isFitsError(error) || i === undefined) return error;
  const tile = section.numbers[i]!;
  const offset = section.offsets[i]!;
  return new FitsError(error.code, `HDU ${hdu}, tile ${tile} at byte ${offset}: ${error.message}`, {
    details: { ...error.details, hdu, tile, offset },
    cause: error,
  });
}
