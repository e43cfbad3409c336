import { KERNEL_SLACK, KERNEL_WORK, type Kernel } from "../../kernel/kernel.ts";
import type { HcompressHeader } from "./hcompress-header.ts";

/** Bit positions in a stream must stay below 2^31. */
const MAX_TILE_BYTES = 2 ** 27;

/**
 * Decodes a tile with the kernel; the results of `wide` arithmetic are truncated to 32 bits as in
 * cfitsio. The returned array is the kernel's own memory, valid until its next use. Undefined,
 * without side effects, when there is not enough memory for the tile.
 */
export function decodeHcompressByKernel(
  kernel: Kernel,
  input: Uint8Array,
  { rows, columns, scale, planes }: HcompressHeader,
  smooth: boolean,
  wide: boolean,
): Int32Array | "damaged" | undefined {
  if (input.length > MAX_TILE_BYTES) return undefined;
  const width = wide ? 8 : 4;
  const count = rows * columns;
  const quarter = ((rows + 1) >> 1) * ((columns + 1) >> 1);
  const end = KERNEL_WORK + KERNEL_SLACK + round16(input.length);
  const at = round16(end) + 16;
  const array = at + round16(input.length) + 16;
  const large = array + round16(count * width);
  const small = large + round16(count * width);
  const nibbles = small + round16(quarter * width);
  const total = nibbles + quarter + 16;
  const room = kernel.withMemory(total);
  if (room === undefined) return undefined;
  new Uint8Array(room.memory).set(input, at);
  const counts = planes[0] | (planes[1] << 8) | (planes[2] << 16);
  const good = room.exports.hcompress(
    at,
    input.length,
    end,
    rows,
    columns,
    scale,
    smooth ? 1 : 0,
    counts,
    wide ? 1 : 0,
    array,
    large,
    small,
    nibbles,
  );
  if (!good) return "damaged";
  return new Int32Array(room.memory, large, count);
}

function round16(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}
