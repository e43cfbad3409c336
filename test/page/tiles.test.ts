import { describe, expect, test } from "vitest";
import { encodeRice } from "../../packages/fits/src/codecs/rice/rice-encode.ts";
import { valueAt, valuesOf } from "../../page/drawing/pixels/pixels.ts";
import { readTile } from "../../page/drawing/pixels/sit1.ts";
import {
  drawOrder,
  levelFor,
  tileBox,
  tileKey,
  tileOfPixel,
  tilesUnder,
} from "../../page/drawing/tiles/tile-plan.ts";

const PYRAMID = {
  width: 1000,
  height: 600,
  tile: 256,
  levels: [
    { level: 0, width: 1000, height: 600 },
    { level: 1, width: 500, height: 300 },
    { level: 2, width: 250, height: 150 },
  ],
};

/** A tile as the design of the format describes it, byte by byte. */
function tile(
  coding: number,
  flags: number,
  [width, height]: [number, number],
  code: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(32 + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x53, 0x49, 0x54, 0x31, coding, flags]);
  view.setUint16(6, width, true);
  view.setUint16(8, height, true);
  view.setFloat64(16, 32768, true);
  view.setFloat64(24, 0.5, true);
  bytes.set(code, 32);
  return bytes;
}

describe("tiles of a frame", () => {
  test("tiles of 16- and 32-bit RICE, constants and shuffled floats are read, with blanks as missing values, by hand", () => {
    const stored = Int16Array.from({ length: 70 }, (_, i) => (i === 5 ? -32768 : 100 * i - 3000));
    const small = readTile(tile(1, 1, [10, 7], encodeRice(stored, 32)));
    expect(small).toMatchObject({ width: 10, height: 7, zero: 32768, scale: 0.5, isExact: true });
    expect(valueAt(small, 4, 0)).toBe(32768 + 0.5 * (400 - 3000));
    expect(valueAt(small, 5, 0)).toBeNaN();
    expect(valueAt(small, 10, 0)).toBeNaN();
    const wide = readTile(
      tile(
        2,
        2,
        [10, 7],
        encodeRice(
          Int32Array.from(stored, (v) => v * 100_000),
          32,
        ),
      ),
    );
    expect(wide.isExact).toBe(false);
    expect(valueAt(wide, 4, 0)).toBe(32768 + 0.5 * -260_000_000);
    expect([...valuesOf(readTile(tile(0, 0, [2, 1], new Uint8Array())))]).toEqual([32768, 32768]);
    expect([...valuesOf(readTile(tile(0, 1, [2, 1], new Uint8Array())))]).toEqual([Number.NaN, Number.NaN]);
    // 1.0 is 3f800000, -2.5 is c0200000: the lowest bytes first
    const floats = Uint8Array.of(0, 0, 0, 0, 0x80, 0x20, 0x3f, 0xc0);
    expect([...readTile(tile(3, 0, [2, 1], floats)).stored]).toEqual([1, -2.5]);
  });

  test("a tile that is damaged is an error that names it", () => {
    expect(() => readTile(new Uint8Array(8))).toThrow(/SIT1/);
    expect(() => readTile(tile(9, 0, [2, 1], new Uint8Array()))).toThrow(/coding of the tile is 9/);
    expect(() => readTile(tile(1, 0, [0, 1], new Uint8Array()))).toThrow(/0 x 1/);
    expect(() => readTile(tile(3, 0, [2, 1], new Uint8Array(7)))).toThrow(/7 bytes/);
    expect(() => readTile(tile(1, 0, [10, 7], new Uint8Array(2)))).toThrow(/ends early|too few|tile/i);
  });

  test("the level drawn is the one whose pixels are closest in size to those of the screen", () => {
    expect([0.1, 1, 1.3, 1.5, 2, 3, 5, 50].map((scale) => levelFor(PYRAMID, scale))).toEqual([
      0, 0, 0, 1, 1, 2, 2, 2,
    ]);
  });

  test("every pixel of a box is in one of the tiles under it, and the middle tile comes first", () => {
    const box = { u0: 200, v0: 90, u1: 700, v1: 400 };
    const missing: string[] = [];
    for (const level of [0, 1, 2]) {
      const keys = new Set(tilesUnder(PYRAMID, level, box).map(tileKey));
      for (let x = 200; x <= 700; x += 7)
        for (let y = 90; y <= 400; y += 7) {
          const key = tileKey(tileOfPixel(PYRAMID, level, x, y).address);
          if (!keys.has(key)) missing.push(key);
        }
    }
    expect(missing).toEqual([]);
    const first = tilesUnder(PYRAMID, 0, box)[0]!;
    const { u0, u1, v0, v1 } = tileBox(PYRAMID, first);
    expect(u0 <= 450 && u1 >= 450 && v0 <= 245 && v1 >= 245).toBe(true);
    expect(tilesUnder(PYRAMID, 0, { u0: -900, v0: -900, u1: 9000, v1: 9000 })).toHaveLength(12);
  });

  test("a missing tile is replaced by the finest coarser one, drawn below the others", () => {
    const wanted = tilesUnder(PYRAMID, 0, { u0: 0, v0: 0, u1: 500, v1: 200 });
    const there = new Set(["0/0/0", "2/0/0"]);
    const order = drawOrder(PYRAMID, wanted, (address) => there.has(tileKey(address)));
    expect(order.map(tileKey)).toEqual(["2/0/0", "0/0/0"]);
  });
});
