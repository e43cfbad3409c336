import { FitsError } from "../../errors.ts";
import { KERNEL_SLACK, KERNEL_WORK, type Kernel } from "../../kernel/kernel.ts";
import { dequantizeInKernel, type LevelScale } from "../../quantize/dequantize.ts";
import { quantizationOfTile } from "../../quantize/quantize.ts";
import { convertIntegers } from "../tile/tile-bytes.ts";
import type { RowTiles } from "../tile/tile-codec.ts";
import type { RicePixels } from "./rice-plain.ts";

/** Bytes decoded between two copies, sized to fit in a processor's cache. */
const BATCH_BYTES = 262_144;
/** Bit positions in a stream must stay below 2^31. */
const MOST_TILE_BYTES = 2 ** 27;

type RiceArray = Uint8ArrayConstructor | Int16ArrayConstructor | Int32ArrayConstructor;

/** Positions of a batch in the kernel's memory, in bytes. */
interface Layout {
  /** Ends of the spaces for two reversed tiles. */
  readonly reversedEnd: number;
  readonly secondEnd: number;
  readonly table: number;
  readonly rows: number;
  readonly stride: number;
  readonly floats: number;
  readonly input: number;
  readonly tiles: number;
  readonly total: number;
}

/**
 * Decodes row tiles of RICE_1 with the WebAssembly kernel; the result is that of the plain decoder.
 * False, without side effects, when there is no memory for so large a tile.
 * Errors: FITS_TILE_CORRUPT, naming the tile that ends too early.
 */
export function decodeRiceByKernel(
  kernel: Kernel,
  rows: RowTiles,
  bytepix: 1 | 2 | 4,
  blocksize: number,
): boolean {
  const pixelArray: RiceArray = bytepix === 1 ? Uint8Array : bytepix === 2 ? Int16Array : Int32Array;
  let pixels: RicePixels | undefined;
  return eachRow(kernel, rows, bytepix, blocksize, (room, row, at, work) => {
    if (rows.quantization !== undefined) storeFloats(room, rows, row, room.memory, at, work);
    else {
      pixels ??= new pixelArray(room.memory);
      storeIntegers(rows, row, pixels, at / bytepix);
    }
    return true;
  });
}

/**
 * Decodes row tiles of quantized floats into `rows.out` as the grey levels of their values. False
 * when this is impossible: a value is missing, float32 cannot separate the levels, or there is no
 * memory. The content of `out` is then undefined.
 */
export function decodeRiceLevelsByKernel(
  kernel: Kernel,
  rows: RowTiles,
  blocksize: number,
  scale: LevelScale,
): boolean {
  const { out, outOffset, outStride, first, end, quantization } = rows;
  if (quantization === undefined) return false;
  return eachRow(kernel, rows, 4, blocksize, (room, row, at, work) => {
    if (dequantizeInKernel(room, at, work, first, end, scale, quantizationOfTile(quantization, row)))
      return false;
    (out as Uint8Array).set(new Uint8Array(room.memory, work, end - first), outOffset + row * outStride);
    return true;
  });
}

/**
 * Decodes row tiles batch by batch and calls `store` for each: `at` is where its integers are in
 * the kernel's memory, and `work` has room for as many floats.
 * False when there is no memory, or as soon as `store` returns false.
 */
function eachRow(
  kernel: Kernel,
  rows: RowTiles,
  bytepix: 1 | 2 | 4,
  blocksize: number,
  store: (room: Kernel, row: number, at: number, work: number) => boolean,
): boolean {
  const layout = layOut(rows, bytepix);
  const room = layout === undefined ? undefined : kernel.withMemory(layout.total);
  if (layout === undefined || room === undefined) return false;
  const { memory } = room;
  const bytes = new Uint8Array(memory);
  const table = new Uint32Array(memory);
  for (let begin = 0; begin < rows.offsets.length; ) {
    const end = load(rows, layout, begin, bytes, table);
    const bad = room.exports.decode(
      bytepix,
      layout.table,
      end - begin,
      rows.end,
      blocksize,
      layout.reversedEnd,
      layout.rows,
      layout.stride,
      layout.secondEnd,
    );
    if (bad >= 0) throw endsEarly(rows, begin + bad);
    for (let row = begin; row < end; row++) {
      const at = layout.rows + (row - begin) * layout.stride;
      if (!store(room, row, at, layout.floats)) return false;
    }
    begin = end;
  }
  return true;
}

/** The error of both decoders for a tile whose stream ends before its pixels. */
export function endsEarly(rows: RowTiles, row: number): FitsError {
  return new FitsError(
    "FITS_TILE_CORRUPT",
    `a RICE_1 tile of ${rows.lengths[row]} bytes ends before the ${rows.end} pixels wanted`,
    { details: { row } },
  );
}

function layOut(rows: RowTiles, bytepix: number): Layout | undefined {
  let longest = 0;
  for (let i = 0; i < rows.lengths.length; i++) longest = Math.max(longest, rows.lengths[i]!);
  const stride = round16(rows.end * bytepix + 32);
  const floatBytes = rows.quantization === undefined ? 0 : round16((rows.end - rows.first) * 8 + 16);
  if (longest > MOST_TILE_BYTES) return undefined;
  const tiles = Math.max(
    1,
    Math.min(rows.offsets.length, Math.floor(BATCH_BYTES / Math.max(stride, longest))),
  );
  const reversedEnd = KERNEL_WORK + KERNEL_SLACK + round16(longest);
  const secondEnd = reversedEnd + KERNEL_SLACK + round16(longest);
  const table = secondEnd;
  const firstRow = round16(table + 8 * tiles) + 16;
  const floats = firstRow + stride * tiles;
  const input = floats + floatBytes;
  const total = input + (longest + 16) * tiles + 16;
  return { reversedEnd, secondEnd, table, rows: firstRow, stride, floats, input, tiles, total };
}

/**
 * Copies the tiles from `begin` on into the kernel's memory and lists them in its table. Returns
 * the index after the last tile loaded.
 */
function load(rows: RowTiles, layout: Layout, begin: number, bytes: Uint8Array, table: Uint32Array): number {
  const end = Math.min(begin + layout.tiles, rows.offsets.length);
  let to = layout.input;
  let entry = layout.table >> 2;
  for (let i = begin; i < end; i++) {
    const length = rows.lengths[i]!;
    bytes.set(rows.bytes.subarray(rows.offsets[i]!, rows.offsets[i]! + length), to);
    table[entry++] = to;
    table[entry++] = length;
    to += length;
  }
  return end;
}

function storeIntegers(rows: RowTiles, row: number, pixels: RicePixels, at: number): void {
  const { out, first, end } = rows;
  const to = rows.outOffset + row * rows.outStride;
  const from = pixels.subarray(at + first, at + end);
  if (out.constructor === pixels.constructor) (out as RicePixels).set(from, to);
  else convertIntegers(from, out.subarray(to, to + end - first), end - first);
}

function storeFloats(
  kernel: Kernel,
  { out, outOffset, outStride, first, end, quantization }: RowTiles,
  row: number,
  memory: ArrayBuffer,
  ints: number,
  floats: number,
): void {
  const wide = out instanceof Float64Array;
  dequantizeInKernel(kernel, ints, floats, first, end, wide ? 8 : 4, quantizationOfTile(quantization!, row));
  const to = outOffset + row * outStride;
  if (wide) out.set(new Float64Array(memory, floats, end - first), to);
  else (out as Float32Array).set(new Float32Array(memory, floats, end - first), to);
}

function round16(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}
