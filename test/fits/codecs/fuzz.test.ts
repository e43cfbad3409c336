import { describe, it } from "vitest";
import { isSisError } from "../../../src/errors/sis-error.ts";
import { gzip1, gzip2 } from "../../../src/fits/codecs/gzip.ts";
import { decodeHcompress } from "../../../src/fits/codecs/hcompress.ts";
import { type Kernel, sharedKernel } from "../../../src/fits/codecs/kernel.ts";
import { nocompress } from "../../../src/fits/codecs/nocompress.ts";
import { plio1 } from "../../../src/fits/codecs/plio.ts";
import { decodeRiceRows } from "../../../src/fits/codecs/rice.ts";
import type { TileParameters, TilePixels } from "../../../src/fits/codecs/tile-codec.ts";
import { bytesOf, newPixels, type TileFixture, tilesOf } from "./tile-fixtures.ts";

/** Inputs for each codec; a long run sets FUZZ_RUNS. */
const runs = Number(process.env.FUZZ_RUNS ?? 3000);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const GUARD = 16;

type Decode = (input: Uint8Array, out: TilePixels, tile: TileParameters) => void;

const riceBy =
  (kernel: Kernel | undefined): Decode =>
  (input, out, { count, tileLength, bytepix, blocksize }) => {
    const place = { first: 0, end: count, tileLength, out, outOffset: 0, outStride: 0 };
    const parameters = { bytepix: bytepix ?? 4, blocksize: blocksize ?? 32 };
    decodeRiceRows({ bytes: input, offsets: [0], lengths: [input.length], ...parameters, ...place }, kernel);
  };
const hcompressBy =
  (kernel: Kernel | undefined): Decode =>
  (input, out, tile) =>
    decodeHcompress(input, out, tile, kernel);

const decoders: readonly (readonly [string, string, Decode])[] = [
  ["RICE_1 by the kernel", "RICE_1", riceBy(sharedKernel())],
  ["RICE_1 by the twin", "RICE_1", riceBy(undefined)],
  ["HCOMPRESS_1 by the kernel", "HCOMPRESS_1", hcompressBy(sharedKernel())],
  ["HCOMPRESS_1 by the twin", "HCOMPRESS_1", hcompressBy(undefined)],
  ["PLIO_1", "PLIO_1", plio1.decode],
  ["GZIP_1", "GZIP_1", gzip1.decode],
  ["GZIP_2", "GZIP_2", gzip2.decode],
  ["NOCOMPRESS", "NOCOMPRESS", nocompress.decode],
];

/** Numbers from 0 to `most` - 1, the same in every run with one seed. */
function generator(start: number): (most: number) => number {
  let state = start | 1;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}

/** Flips bits, sets bytes, copies, cuts, and lengthens. */
function mutate(input: Uint8Array, random: (most: number) => number): Uint8Array {
  let bytes: Uint8Array = input.slice();
  for (let k = random(5); k >= 0; k--) {
    if (bytes.length === 0) break;
    const at = random(bytes.length);
    switch (random(7)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(random(at + 1))]);
        break;
      case 2:
        bytes.copyWithin(at, random(bytes.length), random(bytes.length));
        break;
      case 3:
        bytes.fill(random(2) * 255, at, at + random(40));
        break;
      case 4:
        bytes[at]! ^= 1 << random(8);
        break;
      default:
        bytes[random(Math.min(bytes.length, 30))] = random(256);
    }
  }
  return bytes;
}

describe("damaged tiles", () => {
  it.each(decoders)(`end in pixels or a typed error: %s, ${runs} inputs`, (_, name, decode) => {
    const random = generator(seed * 7919);
    const seeds = tilesOf(name).map((tile): readonly [TileFixture, Uint8Array] => [tile, bytesOf(tile.data)]);
    for (let run = 0; run < runs; run++) {
      const [tile, data] = seeds[random(seeds.length)]!;
      const input = mutate(data, random);
      const count = random(4) === 0 ? random(tile.count + 1) : tile.count;
      const room = newPixels(tile.type, tile.count + GUARD);
      try {
        decode(input, room.subarray(0, tile.count), { ...parametersOf(tile, random), count });
      } catch (error) {
        if (!isSisError(error, "FITS_TILE_CORRUPT", "FITS_UNSUPPORTED")) throw error;
      }
      const untouched = room.subarray(tile.count);
      for (let i = 0; i < GUARD; i++)
        if (Number(untouched[i]) !== 0) throw new Error("wrote behind the tile");
    }
  });
});

/** The tile's own parameters, now and then others. */
function parametersOf(tile: TileFixture, random: (most: number) => number): TileParameters {
  const { bytepix, blocksize, smooth } = tile;
  return {
    tileLength: tile.count,
    count: tile.count,
    ...(bytepix === undefined ? {} : { bytepix }),
    ...(blocksize === undefined ? {} : { blocksize: random(5) === 0 ? 1 + random(70) : blocksize }),
    smooth: random(5) === 0 ? true : (smooth ?? false),
  };
}
