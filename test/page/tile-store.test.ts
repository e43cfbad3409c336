import { expect, test } from "vitest";
import type { PixelImage } from "../../page/drawing/pixels/pixels.ts";
import { TileStore } from "../../page/drawing/tiles/tile-store.ts";

const IMAGE: PixelImage = {
  ...{ width: 1, height: 1, zero: 0, scale: 1, blank: undefined, isExact: true },
  stored: new Int16Array(1),
};

const tiles = (count: number) => Array.from({ length: count }, (_, column) => ({ level: 0, column, row: 0 }));
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("twelve tiles are requested at once, and the next ones while those that arrived are being decoded, none twice", async () => {
  const requested: number[] = [];
  const arrive: (() => void)[] = [];
  const decode: (() => void)[] = [];
  const store = new TileStore(
    ({ column }) => {
      requested.push(column);
      return new Promise((resolve) => arrive.push(() => resolve(new ArrayBuffer(0))));
    },
    () => new Promise((resolve) => decode.push(() => resolve(IMAGE))),
  );
  store.want(tiles(14));
  expect(requested).toEqual([...Array(12).keys()]);
  arrive[0]!();
  arrive[1]!();
  await settled();
  expect(requested).toEqual([...Array(14).keys()]);
  expect(decode).toHaveLength(2);
  store.want(tiles(14));
  for (const done of decode) done();
  await settled();
  expect(store.missing).toBe(12);
  for (const done of arrive) done();
  await settled();
  for (const done of decode) done();
  await settled();
  expect(store.missing).toBe(0);
  expect(requested).toHaveLength(14);
});
