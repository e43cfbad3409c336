import { FitsError } from "../../errors.ts";
import { type Kernel, sharedKernel } from "../../kernel/kernel.ts";
import { quantizationOfTile } from "../../quantize/quantize.ts";
import type { RowSink } from "../tile/row-sink.ts";
import { StoredRows } from "../tile/stored-rows.ts";
import { convertIntegers } from "../tile/tile-bytes.ts";
import { allocateTile, type RowTiles, type TileCodec, type TilePixels } from "../tile/tile-codec.ts";
import { encodeRice } from "./rice-encode.ts";
import { decodeRiceByKernel, endsEarly } from "./rice-kernel.ts";
import { decodeRicePlain, RICE_LAYOUT, type RicePixels } from "./rice-plain.ts";

/**
 * RICE_1 (FITS 4.0, 10.4.1), using the WebAssembly kernel where available, or its plain TypeScript
 * twin.
 */
export const rice1: TileCodec = {
  name: "RICE_1",
  decode(input, out, { count, tileLength, bytepix, blocksize }) {
    const rows: RowTiles = {
      bytes: input,
      offsets: [0],
      lengths: [input.length],
      tileLength,
      first: 0,
      end: count,
      ...(bytepix === undefined ? {} : { bytepix }),
      ...(blocksize === undefined ? {} : { blocksize }),
    };
    decodeRiceRows(rows, new StoredRows(out, 0, 0), sharedKernel());
  },
  decodeRows: (rows, sink) => decodeRiceRows(rows, sink, sharedKernel()),
  encode: (pixels, { bytepix, blocksize = 32 }) => {
    const width = riceBytepix(bytepix ?? Math.min(4, pixels.BYTES_PER_ELEMENT));
    return encodeRice(integersOf(pixels, width), riceBlocksize(blocksize));
  },
};

/**
 * Decodes row tiles with `kernel`, or with the plain twin when that is undefined; the pixels are
 * the same. See {@link TileCodec.decodeRows}.
 */
export function decodeRiceRows(rows: RowTiles, sink: RowSink, kernel: Kernel | undefined): boolean {
  const bytepix = riceBytepix(rows.bytepix ?? 4);
  const blocksize = riceBlocksize(rows.blocksize ?? 32);
  checkRows(rows);
  checkLengths(rows, bytepix, blocksize);
  const isDone = kernel && decodeRiceByKernel(kernel, rows, bytepix, blocksize, sink);
  return isDone ?? decodeRowsPlain(rows, bytepix, blocksize, sink);
}

function decodeRowsPlain(rows: RowTiles, bytepix: 1 | 2 | 4, blocksize: number, sink: RowSink): boolean {
  const { bytes, offsets, lengths, first, end, quantization } = rows;
  const row = riceArray(bytepix, end);
  for (let index = 0; index < offsets.length; index++) {
    const input = bytes.subarray(offsets[index]!, offsets[index]! + lengths[index]!);
    if (!decodeRicePlain(input, row, end, blocksize)) throw endsEarly(rows, index);
    const isTaken = sink.take({
      index,
      pixels: row.subarray(first, end),
      first,
      quantization: quantization && quantizationOfTile(quantization, index),
      inKernel: undefined,
    });
    if (!isTaken) return false;
  }
  return true;
}

/** Checks all bounds once, for all tiles. */
function checkRows({ bytes, offsets, lengths, tileLength, first, end }: RowTiles): void {
  const isInside = first >= 0 && first <= end && end <= tileLength && lengths.length === offsets.length;
  if (!isInside) throw new FitsError("FITS_SECTION", "the requested columns do not fit the tiles");
  for (let i = 0; i < offsets.length; i++) {
    if (!(offsets[i]! >= 0 && lengths[i]! >= 0 && offsets[i]! + lengths[i]! <= bytes.length)) {
      throw new FitsError("FITS_TILE_CORRUPT", `tile ${i} is outside the bytes read`, {
        details: { row: i },
      });
    }
  }
}

/**
 * Every block takes at least the bits of its FS: a tile that promises more pixels than its bytes
 * can hold is refused before any memory is allocated.
 */
function checkLengths(rows: RowTiles, bytepix: 1 | 2 | 4, blocksize: number): void {
  const least = 8 * bytepix + Math.ceil(rows.end / blocksize) * RICE_LAYOUT[bytepix].fsBits;
  for (let i = 0; i < rows.lengths.length; i++) {
    if (8 * rows.lengths[i]! < least) throw endsEarly(rows, i);
  }
}

function riceArray(bytepix: 1 | 2 | 4, length: number): RicePixels {
  const kind = bytepix === 1 ? Uint8Array : bytepix === 2 ? Int16Array : Int32Array;
  return allocateTile<RicePixels>(length, kind);
}

function integersOf(pixels: TilePixels, bytepix: 1 | 2 | 4): RicePixels {
  if (pixels instanceof Float32Array || pixels instanceof Float64Array || pixels instanceof BigInt64Array) {
    throw new FitsError("FITS_UNSUPPORTED", `RICE_1 does not hold pixels of ${pixels.constructor.name}`);
  }
  if (pixels.BYTES_PER_ELEMENT === bytepix) return pixels;
  const converted = riceArray(bytepix, pixels.length);
  convertIntegers(pixels, converted, pixels.length);
  return converted;
}

function riceBytepix(bytepix: number): 1 | 2 | 4 {
  if (bytepix === 1 || bytepix === 2 || bytepix === 4) return bytepix;
  throw new FitsError("FITS_UNSUPPORTED", `BYTEPIX of RICE_1 is ${bytepix}; known are 1, 2, 4`);
}

function riceBlocksize(blocksize: number): number {
  if (Number.isInteger(blocksize) && blocksize >= 1 && blocksize <= 0x3fffffff) return blocksize;
  throw new FitsError(
    "FITS_UNSUPPORTED",
    `BLOCKSIZE of RICE_1 is ${blocksize}; it must be a positive integer`,
  );
}
