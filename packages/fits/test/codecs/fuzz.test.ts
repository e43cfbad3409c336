import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeInflate } from "../../../../src/archive/node-inflate.ts";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import { generator, mutate } from "../../../../test/support/inputs/mutate.ts";
import { gzip1, gzip2 } from "../../src/codecs/deflate/gzip.ts";
import { decodeHcompress } from "../../src/codecs/hcompress/hcompress.ts";
import { nocompress } from "../../src/codecs/tile/nocompress.ts";
import { plio1 } from "../../src/codecs/tile/plio.ts";
import type { TileParameters, TilePixels } from "../../src/codecs/tile/tile-codec.ts";
import { KERNEL_WORK, type Kernel, sharedKernel } from "../../src/kernel/kernel.ts";
import { bytesOf, decodeRiceInto, newPixels, type TileFixture, tilesOf } from "./tile-fixtures.ts";

/**
 * Number of inputs for each decoder. FUZZ_RUNS sets it, and FUZZ_SEED the seed; a long run prints
 * its outcomes.
 */
const runs = Number(process.env.FUZZ_RUNS ?? draws(2000));
const seed = Number(process.env.FUZZ_SEED ?? 1);
const GUARD = 16;

type Decode = (input: Uint8Array, out: TilePixels, tile: TileParameters) => void;

const riceBy =
  (kernel: Kernel | undefined): Decode =>
  (input, out, { count, tileLength, bytepix, blocksize }) => {
    const place = { first: 0, end: count, tileLength, out, outOffset: 0, outStride: 0 };
    const parameters = { bytepix: bytepix ?? 4, blocksize: blocksize ?? 32 };
    decodeRiceInto({ bytes: input, offsets: [0], lengths: [input.length], ...parameters, ...place }, kernel);
  };
/**
 * Floats from a tile of 32-bit integers, with some columns repeated, so that streams are also
 * decoded in pairs.
 */
const riceFloatsBy =
  (kernel: Kernel | undefined): Decode =>
  (input, out, { count, tileLength, blocksize }) => {
    const first = count >> 3;
    const floats = new Float32Array(2 * (count - first));
    const place = { first, end: count, tileLength, out: floats, outOffset: 0, outStride: count - first };
    const quantization = {
      scale: Float64Array.of(0.5, 2),
      zero: Float64Array.of(-7, 1e9),
      zblank: 0,
      method: "SUBTRACTIVE_DITHER_2",
      tileRow: [count, 9999],
    } as const;
    const tiles = { bytes: input, offsets: [0, 0], lengths: [input.length, input.length] };
    decodeRiceInto({ ...tiles, bytepix: 4, blocksize: blocksize ?? 32, ...place, quantization }, kernel);
    for (let i = 0; i < count; i++) out[i] = floats[i] ?? 0;
  };
const hcompressBy =
  (kernel: Kernel | undefined): Decode =>
  (input, out, tile) =>
    decodeHcompress(input, out, tile, kernel);

const decoders: readonly (readonly [string, string, Decode])[] = [
  ["RICE_1 by the kernel", "RICE_1", riceBy(sharedKernel())],
  ["RICE_1 by the twin", "RICE_1", riceBy(undefined)],
  ["RICE_1 of quantized floats by the kernel", "RICE_1", riceFloatsBy(sharedKernel())],
  ["RICE_1 of quantized floats by the twin", "RICE_1", riceFloatsBy(undefined)],
  ["HCOMPRESS_1 by the kernel", "HCOMPRESS_1", hcompressBy(sharedKernel())],
  ["HCOMPRESS_1 by the twin", "HCOMPRESS_1", hcompressBy(undefined)],
  ["PLIO_1", "PLIO_1", plio1.decode],
  ["GZIP_1", "GZIP_1", gzip1.decode],
  ["GZIP_2", "GZIP_2", gzip2.decode],
  [
    "GZIP_2 by node:zlib",
    "GZIP_2",
    (input, out, tile) => gzip2.decode(input, out, { ...tile, inflate: nodeInflate }),
  ],
  ["NOCOMPRESS", "NOCOMPRESS", nocompress.decode],
];

/** Deflated bytes are damaged as often inside a valid wrapper with a good checksum as outside. */
function damaged(codec: string, data: Uint8Array, random: (most: number) => number): Uint8Array {
  const isGzip = codec.startsWith("GZIP") && data[0] === 0x1f;
  if (!isGzip || random(2) === 0) return mutate(data, random);
  return new Uint8Array(gzipSync(mutate(gunzipSync(data), random), { level: random(10) }));
}

/**
 * Decodes with guard bytes on all sides of input and output. Returns the pixels, or the code of the
 * typed error; rethrows all other errors.
 */
function outcomeOf(
  decode: Decode,
  input: Uint8Array,
  type: TileFixture["type"],
  tile: TileParameters,
  around: number,
): string {
  const guarded = new Uint8Array(input.length + 2 * GUARD).fill(around);
  guarded.set(input, GUARD);
  const room = newPixels(type, tile.tileLength + 2 * GUARD);
  const bytes = new Uint8Array(room.buffer).fill(around);
  const out = room.subarray(GUARD, GUARD + tile.tileLength);
  let outcome = "";
  try {
    decode(guarded.subarray(GUARD, GUARD + input.length), out, tile);
    outcome = Buffer.from(out.buffer, out.byteOffset, tile.count * out.BYTES_PER_ELEMENT).toString("latin1");
  } catch (error) {
    if (!isSisError(error, "FITS_TILE_CORRUPT", "FITS_UNSUPPORTED")) throw error;
    outcome = error.code;
  }
  const margin = GUARD * room.BYTES_PER_ELEMENT;
  const edges = [
    guarded.subarray(0, GUARD),
    guarded.subarray(GUARD + input.length),
    bytes.subarray(0, margin),
    bytes.subarray(bytes.length - margin),
  ];
  if (edges.some((edge) => edge.some((byte) => byte !== around)))
    throw new Error("wrote outside the tile's array");
  if (Buffer.compare(guarded.subarray(GUARD, GUARD + input.length), input) !== 0)
    throw new Error("changed its input");
  return outcome;
}

describe("damaged tiles", () => {
  it.each(decoders)(
    `damaged tiles give pixels or a typed error, with the surroundings untouched: %s, ${runs} inputs`,
    (name, codec, decode) => {
      const random = generator(seed);
      const seeds = tilesOf(codec).map((tile) => [tile, bytesOf(tile.data)] as const);
      const constants = Buffer.from(sharedKernel()!.memory.slice(0, KERNEL_WORK));
      const met = { decoded: 0, refused: 0 };
      let slowest = 0;
      for (let run = 0; run < runs; run++) {
        const [tile, data] = seeds[random(seeds.length)]!;
        const input = damaged(codec, data, random);
        const count = random(4) === 0 ? random(tile.count + 1) : tile.count;
        const parameters = { ...parametersOf(tile, random), count };
        const start = performance.now();
        const [a, b] = [0, 255].map((around) => outcomeOf(decode, input, tile.type, parameters, around));
        slowest = Math.max(slowest, (performance.now() - start) / 2);
        if (a !== b) throw new Error(`bytes outside the input of run ${run} were read`);
        met[a === "FITS_TILE_CORRUPT" || a === "FITS_UNSUPPORTED" ? "refused" : "decoded"]++;
      }
      expect(Buffer.compare(Buffer.from(sharedKernel()!.memory.slice(0, KERNEL_WORK)), constants)).toBe(0);
      expect(Math.min(met.decoded, met.refused)).toBeGreaterThan(0);
      if (process.env.FUZZ_RUNS !== undefined) {
        console.log(
          `${name}: ${met.decoded} decoded, ${met.refused} refused, slowest ${slowest.toFixed(1)} ms`,
        );
      }
    },
  );
});

/** The tile's own parameters, and sometimes others. */
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
