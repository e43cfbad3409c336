import { closeSync, openSync, writeSync } from "node:fs";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { valueCard } from "../../../packages/fits/src/header/write-card.ts";
import { writeTiledImage } from "../../../packages/fits/src/write/write-tiled-image.ts";

/** Pixels along a side. */
export const FRAME_SIDE = 10_560;
const CARD = 80;
const BLOCK = 2880;

/**
 * The pixel of `frame` at x, y, from 0: noise of about ten bits, like that of a full-size frame of
 * ATLAS.
 */
export function framePixel(x: number, y: number): number {
  let state = Math.imul(y * FRAME_SIDE + x + 1, 0x9e3779b1);
  state = Math.imul(state ^ (state >>> 15), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  state ^= state >>> 16;
  return (state & 511) + ((state >>> 9) & 511) - 512;
}

/**
 * Writes a frame as large as one of ATLAS: an empty primary HDU, 425 cards, int16 in RICE_1, one
 * tile a row. `more` cards follow. Returns its length.
 */
export async function writeAtlasFrame(path: string, more: readonly Card[] = []): Promise<number> {
  const fd = openSync(path, "w");
  try {
    const primary = [
      "SIMPLE  =                    T",
      "BITPIX  =                    8",
      "NAXIS   =                    0",
      "EXTEND  =                    T",
      "END",
    ];
    const start = writeSync(
      fd,
      primary
        .map((card) => card.padEnd(CARD))
        .join("")
        .padEnd(BLOCK),
      0,
      "latin1",
    );
    const cards = [...Array.from({ length: 400 }, (_, i) => valueCard(`KEY${i}`, i)), ...more];
    const length = await writeTiledImage(
      {
        naxis: [FRAME_SIDE, FRAME_SIDE],
        bitpix: 16,
        codec: "RICE_1",
        cards,
        planes: frameRows,
      },
      {
        write: async (bytes, at) => {
          writeSync(fd, bytes, 0, bytes.length, start + at);
        },
      },
    );
    return start + length;
  } finally {
    closeSync(fd);
  }
}

/** `count` rows from row `first` on. */
function frameRows(first: number, count: number): Int16Array {
  const rows = new Int16Array(FRAME_SIDE * count);
  let i = 0;
  for (let y = first; y < first + count; y++) {
    for (let x = 0; x < FRAME_SIDE; x++) rows[i++] = framePixel(x, y);
  }
  return rows;
}
