import { FitsError } from "../errors.ts";
import { dataSum, withChecksums } from "../file/checksum.ts";
import type { Bitpix } from "../file/hdu.ts";
import type { Card } from "../header/card.ts";
import { paddedLength } from "../header/header.ts";
import { type StoredArray, storedArray } from "../read/physical-values.ts";
import { encodeTile, type TileEncoder } from "./encode-tile.ts";
import { TileTableWriter } from "./tile-table-writer.ts";
import { bitpixOf } from "./write-image.ts";

/** Bytes of the heap buffered before they are written. */
const PIECE = 2 ** 20;
/** Largest offset of a 32-bit descriptor. */
const NARROW = 2 ** 31 - 1;
/** More tiles than any reader accepts. */
const MAX_TILES = 2 ** 27;

/** Destination of the bytes of an HDU. */
export interface ByteSink {
  /** Writes `bytes` at byte `at` of the HDU; they may change once the promise is fulfilled. */
  write(bytes: Uint8Array, at: number): Promise<void>;
}

/** An image to write with tile compression. */
export interface TiledImageToWrite extends TileEncoder {
  /** Pixels along each axis, NAXIS1 first. */
  readonly naxis: readonly number[];
  readonly bitpix: Bitpix;
  /**
   * Returns the stored values of `count` planes along the last axis from `first` (from 0) on; for a
   * two-dimensional image these are rows. Called in order, one layer of tiles at a time; the array
   * is consumed before the next call.
   */
  readonly planes: (first: number, count: number) => StoredArray | Promise<StoredArray>;
  /** Pixels of a tile along each axis; defaults to single rows. */
  readonly tile?: readonly number[];
  /**
   * The rest of the image's header. Cards about structure, compression and checksums are left out.
   */
  readonly cards?: readonly Card[];
  /** HDU type of the image when unpacked: `primary` (the default) or an IMAGE extension. */
  readonly kind?: "primary" | "extension";
  /** Descriptors of 32 (P) or 64 bits (Q); chosen by the size of the image by default. */
  readonly descriptors?: "P" | "Q";
}

/**
 * Writes an image as a tile-compressed binary table (FITS 4.0, 10.1) with CHECKSUM and DATASUM, and
 * returns its length.
 * Header and table are written last, before the heap, which is already written by then: memory is
 * used for one layer of tiles, the table, and a piece of the heap.
 * Errors: FITS_WRITE for axes, tiles or planes that do not match; those of encodeTile; those of the
 * sink; the signal's reason.
 */
export async function writeTiledImage(
  image: TiledImageToWrite,
  sink: ByteSink,
  options: { readonly signal?: AbortSignal; readonly date?: string } = {},
): Promise<number> {
  const { naxis, bitpix, cards = [], kind = "primary", quantization } = image;
  const grid = tileGrid(naxis, image.tile ?? naxis.map((length, i) => (i === 0 ? length : 1)));
  if (bitpix < 0 && image.codec === "RICE_1" && quantization === undefined) {
    throw new FitsError("FITS_WRITE", "RICE_1 holds floats only if they are quantized");
  }
  const table = new TileTableWriter(grid.count, quantization !== undefined, isWide(image, grid.count));
  const header = { naxis, bitpix, tile: grid.tile, encoder: image, cards, kind };
  const dated = options.date === undefined ? {} : { date: options.date };
  const start = withChecksums(table.cards(header), 0, dated).length + table.bytes.length;
  const heap = new HeapWriter(sink, start);
  let number = 0;
  const depth = naxis.length - 1;
  for (let first = 0; first < naxis[depth]!; first += grid.tile[depth]!) {
    options.signal?.throwIfAborted();
    const count = Math.min(grid.tile[depth]!, naxis[depth]! - first);
    const planes = await image.planes(first, count);
    const shape = [...naxis.slice(0, depth), count];
    if (bitpixOf(planes) !== bitpix || planes.length !== shape.reduce((product, n) => product * n, 1)) {
      throw new FitsError(
        "FITS_WRITE",
        `planes ${first} to ${first + count} are not ${shape.join(" x ")} pixels`,
      );
    }
    for (const tile of tilesOfLayer(planes, shape, grid.tile)) {
      const encoded = encodeTile(tile.pixels, tile.width, number, image);
      table.add(number++, encoded);
      await heap.add(encoded.bytes);
    }
  }
  const { length, sum } = await heap.finish(table.bytes.length);
  const head = withChecksums(table.cards(header), dataSum(table.bytes, sum), dated);
  await sink.write(head, 0);
  await sink.write(table.bytes, head.length);
  return start + length;
}

interface TileGrid {
  /** Pixels of a tile, limited to the size of the image. */
  readonly tile: readonly number[];
  readonly count: number;
}

function tileGrid(naxis: readonly number[], tile: readonly number[]): TileGrid {
  const good = (lengths: readonly number[]) =>
    lengths.every((length) => Number.isSafeInteger(length) && length > 0);
  if (naxis.length === 0 || tile.length !== naxis.length || !good(naxis) || !good(tile)) {
    throw new FitsError(
      "FITS_WRITE",
      `an image of ${naxis.join(" x ")} pixels in tiles of ${tile.join(" x ")}`,
    );
  }
  const kept = tile.map((length, i) => Math.min(length, naxis[i]!));
  const count = kept.reduce((product, length, i) => product * Math.ceil(naxis[i]! / length), 1);
  if (count > MAX_TILES) throw new FitsError("FITS_WRITE", `${count} tiles are more than ${MAX_TILES}`);
  return { tile: kept, count };
}

/**
 * Whether the heap might exceed 32-bit offsets: no codec expands a tile by more than an eighth plus
 * a hundred bytes.
 */
function isWide({ naxis, bitpix, descriptors }: TiledImageToWrite, tiles: number): boolean {
  if (descriptors !== undefined) return descriptors === "Q";
  const bytes = naxis.reduce((product, length) => product * length, Math.max(4, Math.abs(bitpix) / 8));
  return bytes * 1.125 + 100 * tiles > NARROW;
}

/** The tiles of one layer in order, the first axis fastest. Whole planes are not copied. */
function* tilesOfLayer(
  planes: StoredArray,
  shape: readonly number[],
  tile: readonly number[],
): Generator<{ readonly pixels: StoredArray; readonly width: number }> {
  const last = shape.length - 1;
  if (shape.every((length, i) => i === last || tile[i] === length)) {
    yield { pixels: planes, width: last === 0 ? planes.length : shape[0]! };
    return;
  }
  const start = shape.map(() => 0);
  for (;;) {
    const size = shape.map((length, i) => Math.min(tile[i]!, length - start[i]!));
    yield { pixels: cutTile(planes, shape, start, size), width: size[0]! };
    let axis = 0;
    for (; axis < shape.length; axis++) {
      start[axis]! += tile[axis]!;
      if (start[axis]! < shape[axis]!) break;
      start[axis] = 0;
    }
    if (axis === shape.length) return;
  }
}

function cutTile(
  planes: StoredArray,
  shape: readonly number[],
  start: readonly number[],
  size: readonly number[],
): StoredArray {
  const width = size[0]!;
  const rows = size.slice(1).reduce((product, length) => product * length, 1);
  const tile = storedArray(bitpixOf(planes), width * rows);
  for (let row = 0; row < rows; row++) {
    let from = start[0]!;
    let stride = shape[0]!;
    let left = row;
    for (let axis = 1; axis < shape.length; axis++) {
      from += (start[axis]! + (left % size[axis]!)) * stride;
      left = Math.floor(left / size[axis]!);
      stride *= shape[axis]!;
    }
    // Both arrays have the same type.
    (tile as Uint8Array).set((planes as Uint8Array).subarray(from, from + width), row * width);
  }
  return tile;
}

/** Writes tiles in pieces of whole words, and sums them. */
class HeapWriter {
  readonly #sink: ByteSink;
  readonly #start: number;
  readonly #piece = new Uint8Array(PIECE);
  #buffered = 0;
  #length = 0;
  #sum = 0;

  /** `start`: byte of the HDU at which the heap begins. */
  constructor(sink: ByteSink, start: number) {
    this.#sink = sink;
    this.#start = start;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const count = Math.min(bytes.length - from, PIECE - this.#buffered);
      this.#piece.set(bytes.subarray(from, from + count), this.#buffered);
      this.#buffered += count;
      from += count;
      if (this.#buffered === PIECE) await this.#flush();
    }
  }

  /**
   * Pads the data, of which `before` bytes precede the heap, to a whole block. Returns the length
   * of the heap with its padding, and its sum.
   */
  async finish(before: number): Promise<{ readonly length: number; readonly sum: number }> {
    const data = before + this.#length + this.#buffered;
    await this.add(new Uint8Array(paddedLength(data) - data));
    if (this.#buffered > 0) await this.#flush();
    return { length: this.#length, sum: this.#sum };
  }

  async #flush(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#buffered);
    this.#sum = dataSum(piece, this.#sum);
    await this.#sink.write(piece, this.#start + this.#length);
    this.#length += this.#buffered;
    this.#buffered = 0;
  }
}
