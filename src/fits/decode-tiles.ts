import { isSisError, SisError } from "../errors/sis-error.ts";
import { gzip1 } from "./codecs/gzip.ts";
import type { Inflate } from "./codecs/inflate.ts";
import { nocompress } from "./codecs/nocompress.ts";
import { tileCodec } from "./codecs/registry.ts";
import type { TileCodec, TileParameters } from "./codecs/tile-codec.ts";
import { dequantize } from "./dequantize.ts";
import type { SectionBox } from "./section-plan.ts";
import type { StoredArray } from "./stored-pixels.ts";
import type { TileSection } from "./tile-section.ts";
import { TILE_ENCODING } from "./tile-table.ts";

/** Decodes the tiles of a section into `out`, the pixels of its box. `bytes` holds them where the section says. Errors: FITS_TILE_CORRUPT, FITS_UNSUPPORTED. */
export function decodeTiles(
  hdu: number,
  box: SectionBox,
  section: TileSection,
  bytes: Uint8Array,
  out: StoredArray,
  inflate: Inflate | undefined,
): void {
  const codec = tileCodec(section.codec);
  if (
    areRows(section) &&
    codec.decodeRows !== undefined &&
    section.encodings.every((each) => each === TILE_ENCODING.codec)
  ) {
    decodeRowTiles(hdu, box, section, codec, bytes, out);
    return;
  }
  const work = new TileWork(hdu, box, section, codec, out, inflate);
  for (let i = 0; i < section.numbers.length; i++) work.decode(i, bytes);
}

/** Whether every tile is a row of the image: then tile i is row i of the box. */
function areRows({ tile, naxis }: TileSection): boolean {
  return tile.every((side, axis) => side === (axis === 0 ? naxis[0] : 1));
}

function decodeRowTiles(
  hdu: number,
  { start, shape }: SectionBox,
  section: TileSection,
  codec: TileCodec,
  bytes: Uint8Array,
  out: StoredArray,
): void {
  const { positions, lengths, naxis, bytepix, blocksize, quantization } = section;
  try {
    codec.decodeRows!({
      bytes,
      offsets: positions,
      lengths,
      tileLength: naxis[0]!,
      first: start[0]!,
      end: start[0]! + shape[0]!,
      bytepix,
      blocksize,
      out,
      outOffset: 0,
      outStride: shape[0]!,
      ...(quantization !== undefined && { quantization }),
    });
  } catch (error) {
    const row = isSisError(error) && typeof error.details.row === "number" ? error.details.row : undefined;
    throw inTile(error, hdu, row === undefined ? undefined : section.numbers[row]);
  }
}

/** Decodes tiles of any shape one by one, into an array that is used again, and copies what the box has of each. */
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
    const { tile, naxis, first, count, positions, lengths, numbers } = this.#section;
    // Place of the tile in the grid, and what of it lies in the box: pixels of the tile from `low` to `high`.
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
      const pixels = this.#decodePixels(i, input, { ...this.#parameters(), tileLength, count: last + 1 });
      copyBox(pixels, shape, low, high, this.#out, this.#box, origin);
    } catch (error) {
      throw inTile(error, this.#hdu, numbers[i]);
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
    if (encoding === TILE_ENCODING.gzip) gzip1.decode(input, pixels, tile);
    else if (encoding === TILE_ENCODING.uncompressed) nocompress.decode(input, pixels, tile);
    else if (quantization === undefined) this.#codec.decode(input, pixels, tile);
    else {
      if (!(pixels instanceof Float32Array || pixels instanceof Float64Array))
        throw new SisError("FITS_CORRUPT", "integers are not quantised");
      const integers = this.#integerRoom(tile.count);
      this.#codec.decode(input, integers, tile);
      const { scale, zero, zblank, method, tileRow } = quantization;
      dequantize(integers, pixels, tile.count, {
        scale: scale[i]!,
        zero: zero[i]!,
        zblank: typeof zblank === "object" ? zblank[i]! : zblank,
        method,
        tileRow: tileRow[i]!,
      });
    }
    return pixels;
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

/** Copies pixels `low` to `high` of a tile of `shape`, whose first pixel is `origin` of the image, to where the box has them. */
function copyBox(
  pixels: StoredArray,
  shape: readonly number[],
  low: readonly number[],
  high: readonly number[],
  out: StoredArray,
  box: SectionBox,
  origin: readonly number[],
): void {
  const index = low.slice();
  const length = high[0]! - low[0]!;
  for (;;) {
    let from = 0;
    let to = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from = from * shape[axis]! + index[axis]!;
      to = to * box.shape[axis]! + origin[axis]! + index[axis]! - box.start[axis]!;
    }
    // Both are arrays of one kind; TypeScript does not know that of a union.
    (out as Float64Array).set(pixels.subarray(from, from + length) as Float64Array, to);
    let axis = 1;
    for (; axis < shape.length; axis++) {
      index[axis]!++;
      if (index[axis]! < high[axis]!) break;
      index[axis] = low[axis]!;
    }
    if (axis >= shape.length) return;
  }
}

function inTile(error: unknown, hdu: number, tile: number | undefined): unknown {
  if (!isSisError(error) || tile === undefined) return error;
  return new SisError(error.code, `HDU ${hdu}, tile ${tile}: ${error.message}`, {
    details: { ...error.details, hdu, tile },
    cause: error,
  });
}
