import { FitsError } from "../../errors.ts";
import { KERNEL_SLACK, KERNEL_WORK, type Kernel } from "../../kernel/kernel.ts";
import { quantizationOfTile } from "../../quantize/quantize.ts";
import type { RowSink } from "../tile/row-sink.ts";
import type { RowTiles } from "../tile/tile-codec.ts";

/** Bytes decoded between two copies, sized to fit in a processor's cache. */
const BATCH_BYTES = 262_144;
/** Bit positions in a stream must stay below 2^31. */
const MAX_TILE_BYTES = 2 ** 27;

/** Positions of a batch in the kernel's memory, in bytes. */
interface Layout {
  /** Ends of the spaces for two reversed tiles. */
  readonly reversedEnd: number;
  readonly secondEnd: number;
  readonly table: number;
  readonly rows: number;
  readonly stride: number;
  readonly work: number;
  readonly input: number;
  readonly tiles: number;
  readonly total: number;
}

/**
 * Decodes row tiles of RICE_1 with the WebAssembly kernel, batch by batch, and gives each row to
 * the sink in the kernel's memory; the integers are those of the plain decoder.
 * Returns whether the sink took all of them; undefined, without side effects, when there is not
 * enough memory for a tile. Errors: FITS_TILE_CORRUPT, naming the tile that ends too early.
 */
export function decodeRiceByKernel(
  kernel: Kernel,
  rows: RowTiles,
  bytepix: 1 | 2 | 4,
  blocksize: number,
  sink: RowSink,
): boolean | undefined {
  const layout = layOut(rows, bytepix, sink.workPerPixel);
  const room = layout && kernel.withMemory(layout.total);
  if (layout === undefined || room === undefined) return undefined;
  const pixelArray = bytepix === 1 ? Uint8Array : bytepix === 2 ? Int16Array : Int32Array;
  const { first, quantization } = rows;
  const inKernel = { kernel: room, work: layout.work };
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
    for (let index = begin; index < end; index++) {
      const at = layout.rows + (index - begin) * layout.stride + first * bytepix;
      const isTaken = sink.take({
        index,
        pixels: new pixelArray(memory, at, rows.end - first),
        first,
        quantization: quantization && quantizationOfTile(quantization, index),
        inKernel,
      });
      if (!isTaken) return false;
    }
    begin = end;
  }
  return true;
}

/** The error that both decoders throw for a tile whose stream ends before its last pixel. */
export function endsEarly(rows: RowTiles, row: number): FitsError {
  return new FitsError(
    "FITS_TILE_CORRUPT",
    `a RICE_1 tile of ${rows.lengths[row]} bytes ends before the ${rows.end} pixels wanted`,
    { details: { row } },
  );
}

function layOut(rows: RowTiles, bytepix: number, workPerPixel: number): Layout | undefined {
  let longest = 0;
  for (let i = 0; i < rows.lengths.length; i++) longest = Math.max(longest, rows.lengths[i]!);
  const stride = round16(rows.end * bytepix + 32);
  const workBytes = round16((rows.end - rows.first) * workPerPixel + 16);
  if (longest > MAX_TILE_BYTES) return undefined;
  const tiles = Math.max(
    1,
    Math.min(rows.offsets.length, Math.floor(BATCH_BYTES / Math.max(stride, longest))),
  );
  const reversedEnd = KERNEL_WORK + KERNEL_SLACK + round16(longest);
  const secondEnd = reversedEnd + KERNEL_SLACK + round16(longest);
  const table = secondEnd;
  const firstRow = round16(table + 8 * tiles) + 16;
  const work = firstRow + stride * tiles;
  const input = work + workBytes;
  const total = input + (longest + 16) * tiles + 16;
  return { reversedEnd, secondEnd, table, rows: firstRow, stride, work, input, tiles, total };
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

function round16(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}
