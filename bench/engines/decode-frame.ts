import { readSync } from "node:fs";
import { tileCodec } from "../../packages/fits/src/codecs/tile/registry.ts";
import { StoredRows } from "../../packages/fits/src/codecs/tile/stored-rows.ts";
import type { TileParameters } from "../../packages/fits/src/codecs/tile/tile-codec.ts";
import { dequantize } from "../../packages/fits/src/quantize/dequantize.ts";
import type { QuantizeMethod } from "../../packages/fits/src/quantize/quantize.ts";
import { nodeInflate } from "../../src/archive/node-inflate.ts";
import type { CompressedFrame } from "./compressed-frame.ts";

/** Pixels of the frames that are timed. */
export type FramePixels = Int16Array | Float32Array;

/** An array for that many tiles of a frame. */
export function newPixels(frame: CompressedFrame, tiles: number): FramePixels {
  const length = Math.min(tiles * frame.tileHeight, frame.height) * frame.width;
  return frame.bitpix < 0 ? new Float32Array(length) : new Int16Array(length);
}

export function sumOf(pixels: FramePixels): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
  return sum;
}

function quantizationOf(frame: CompressedFrame, tile: number) {
  return {
    scale: frame.scale[tile]!,
    zero: frame.zero[tile]!,
    method: frame.method as QuantizeMethod,
    tileRow: tile + frame.ditherZero - 1,
  };
}

/**
 * Decodes tiles `first` to `end` of a frame whose tiles have its width into `out`, which begins
 * with the first of them.
 */
export function decodeFrame(frame: CompressedFrame, out: FramePixels, first: number, end: number): void {
  const codec = tileCodec(frame.codec);
  if (codec.decodeRows && frame.tileHeight === 1) {
    const rows = Array.from({ length: end - first }, (_, i) => first + i);
    decodeColumns(frame, { rows, bytes: frame.bytes, start: 0 }, 0, frame.width, out);
    return;
  }
  const tilePixels = frame.tileWidth * frame.tileHeight;
  const isQuantised = out instanceof Float32Array && frame.quantised;
  const ints = new Int32Array(isQuantised ? tilePixels : 0);
  for (let i = first; i < end; i++) {
    const place = out.subarray((i - first) * tilePixels, (i - first + 1) * tilePixels);
    const bytes = frame.bytes.subarray(frame.offsets[i]!, frame.offsets[i]! + frame.lengths[i]!);
    const size = { tileLength: place.length, count: place.length };
    const tile: TileParameters = { ...size, inflate: nodeInflate, ...frame.parameters };
    if (isQuantised) {
      codec.decode(bytes, ints, tile);
      dequantize(ints, place as Float32Array, place.length, quantizationOf(frame, i));
    } else codec.decode(bytes, place, tile);
  }
}

/** Buffer for sections: reused, as in the service's threads. */
let buffer = new Uint8Array(0);

/**
 * Reads and decodes one section of `side` x `side` from the file: the cost of a cutout below the
 * service, with the tile table already known.
 */
export function readSection(
  file: number,
  frame: CompressedFrame,
  x: number,
  y: number,
  side: number,
  out: FramePixels,
): void {
  const rows = Array.from({ length: side }, (_, i) => y + i);
  const start = frame.offsets[y]!;
  const length = frame.offsets[y + side - 1]! + frame.lengths[y + side - 1]! - start;
  if (buffer.length < length) buffer = new Uint8Array(2 * length);
  const bytes = buffer.subarray(0, length);
  readSync(file, bytes, 0, length, start);
  decodeColumns(frame, { rows, bytes, start }, x, x + side, out);
}

/** Rows of a frame whose tiles are rows, in bytes that begin at `start` in the file. */
interface CompressedRows {
  readonly rows: readonly number[];
  readonly bytes: Uint8Array;
  readonly start: number;
}

/** Decodes columns first .. end-1 of rows. */
function decodeColumns(
  frame: CompressedFrame,
  { rows, bytes, start }: CompressedRows,
  first: number,
  end: number,
  out: FramePixels,
): void {
  const tiles = rows.map((row) => quantizationOf(frame, row));
  const quantization = {
    scale: Float64Array.from(tiles, (t) => t.scale),
    zero: Float64Array.from(tiles, (t) => t.zero),
    method: frame.method as QuantizeMethod,
    tileRow: tiles.map((t) => t.tileRow),
  };
  const rowTiles = {
    bytes,
    offsets: rows.map((row) => frame.offsets[row]! - start),
    lengths: rows.map((row) => frame.lengths[row]!),
    tileLength: frame.width,
    first,
    end,
    ...frame.parameters,
    ...(out instanceof Float32Array ? { quantization } : {}),
  };
  tileCodec(frame.codec).decodeRows!(rowTiles, new StoredRows(out, 0, end - first));
}
