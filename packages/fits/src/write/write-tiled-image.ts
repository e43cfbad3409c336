import { FitsError } from "../errors.ts";
import { dataSum, withChecksums } from "../file/checksum.ts";
import type { Bitpix } from "../file/hdu.ts";
import type { Card } from "../header/card.ts";
import { BLOCK_LENGTH } from "../header/header.ts";
import { type StoredArray, storedArray } from "../read/stored-pixels.ts";
import { encodeTile, type TileEncoder } from "./encode-tile.ts";
import { TileTableWriter } from "./tile-table-writer.ts";
import { bitpixOf } from "./write-image.ts";

/** Bytes of the heap that are held back before they are written. */
const PIECE = 2 ** 20;
/** Descriptors of 32 bits reach this far. */
const NARROW = 2 ** 31 - 1;
/** More tiles than any reader takes. */
const MOST_TILES = 2 ** 27;

/** Where the bytes of an HDU go. */
export interface ByteSink {
  /** Writes `bytes` at byte `at` of the HDU; they may be changed when the promise is fulfilled. */
  write(bytes: Uint8Array, at: number): Promise<void>;
}

/** An image to be written compressed in tiles. */
export interface TiledImageToWrite extends TileEncoder {
  /** Pixels along each axis, NAXIS1 first. */
  readonly naxis: readonly number[];
  readonly bitpix: Bitpix;
  /**
   * Stored values of `count` planes along the last axis from `first` (from 0) on: of a two-dimensional image, rows. Called in order, a layer of tiles
   * at a time; the array is read before the next call.
   */
  readonly planes: (first: number, count: number) => StoredArray | Promise<StoredArray>;
  /** Pixels of a tile along each axis; default: single rows. */
  readonly tile?: readonly number[];
  /** The rest of the header of the image. Cards of structure, compression and checksums among them are left out. */
  readonly cards?: readonly Card[];
  /** What the image is when it is unpacked: `primary` (the default) or an IMAGE extension. */
  readonly kind?: "primary" | "extension";
  /** Descriptors of 32 (P) or 64 bits (Q); default: by the size of the image. */
  readonly descriptors?: "P" | "Q";
}

/**
 * Writes an image as a tile-compressed binary table (FITS 4.0, 10.1) with CHECKSUM and DATASUM, and gives its length. Header and table are written
 * last, before the heap that has gone out meanwhile: memory holds one layer of tiles, the table, and a piece of the heap.
 * Errors: FITS_WRITE for axes, tiles or planes that do not fit together; those of encodeTile; of the sink; the signal's reason.
 */
export async function writeTiledImage(
  image: TiledImageToWrite,
  sink: ByteSink,
  options: { readonly signal?: AbortSignal; readonly date?: string } = {},
): Promise<number> {
  const { naxis, bitpix, cards = [], kind = "primary", quantization } = image;
  const grid = tileGrid(naxis, image.tile ?? naxis.map((length, i) => (i === 0 ? length : 1)));
  if (bitpix < 0 && image.codec === "RICE_1" && quantization === undefined) {
    throw new FitsError("FITS_WRITE", "RICE_1 holds floats only when they are quantised");
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
  /** Pixels of a tile, not longer than the image. */
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
  if (count > MOST_TILES) throw new FitsError("FITS_WRITE", `${count} tiles are more than ${MOST_TILES}`);
  return { tile: kept, count };
}

/** Whether the heap might outgrow 32 bits: no codec makes a tile larger by more than an eighth and a hundred bytes. */
function isWide({ naxis, bitpix, descriptors }: TiledImageToWrite, tiles: number): boolean {
  if (descriptors !== undefined) return descriptors === "Q";
  const bytes = naxis.reduce((product, length) => product * length, Math.max(4, Math.abs(bitpix) / 8));
  return bytes * 1.125 + 100 * tiles > NARROW;
}

/** The tiles of one layer in their order, the first axis fastest. Whole planes are not copied. */
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
    // Both arrays are of the same type.
    (tile as Uint8Array).set((planes as Uint8Array).subarray(from, from + width), row * width);
  }
  return tile;
}

/** Sends tiles on in pieces of whole words, which it sums. */
class HeapWriter {
  readonly #sink: ByteSink;
  readonly #start: number;
  readonly #piece = new Uint8Array(PIECE);
  #held = 0;
  #length = 0;
  #sum = 0;

  /** `start`: byte of the HDU at which the heap begins. */
  constructor(sink: ByteSink, start: number) {
    this.#sink = sink;
    this.#start = start;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const count = Math.min(bytes.length - from, PIECE - this.#held);
      this.#piece.set(bytes.subarray(from, from + count), this.#held);
      this.#held += count;
      from += count;
      if (this.#held === PIECE) await this.#flush();
    }
  }

  /** Pads the data, of which `before` bytes lie before the heap, to a whole block. Gives the length of the heap with its padding, and its sum. */
  async finish(before: number): Promise<{ readonly length: number; readonly sum: number }> {
    const data = before + this.#length + this.#held;
    await this.add(new Uint8Array(Math.ceil(data / BLOCK_LENGTH) * BLOCK_LENGTH - data));
    if (this.#held > 0) await this.#flush();
    return { length: this.#length, sum: this.#sum };
  }

  async #flush(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#held);
    this.#sum = dataSum(piece, this.#sum);
    await this.#sink.write(piece, this.#start + this.#length);
    this.#length += this.#held;
    this.#held = 0;
  }
}
