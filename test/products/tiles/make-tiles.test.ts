import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeImage } from "../../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../../packages/fits/src/read/physical-values.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { valuesAtRanks } from "../../../packages/imaging/src/interval/values-at-ranks.ts";
import { makeTiles } from "../../../src/products/tiles/make-tiles.ts";
import { readTile, readTileFacts } from "../../../src/products/tiles/tile-file.ts";
import { coarsestLevel, firstOverviewLevel, tileCounts } from "../../../src/products/tiles/tile-grid.ts";
import type { FrameStatistics } from "../../../src/products/tiles/tile-plan.ts";
import { decodeTile } from "../../support/decode-tile.ts";
import { bytesSource } from "../../support/inputs/made-fits.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sbnsis-tiles-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Normal noise from a seed (Box and Muller; mulberry32). */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const SIGMA = 40;
const [WIDTH, HEIGHT] = [1100, 300];
const random = noise(7);
const sky = Float64Array.from({ length: WIDTH * HEIGHT }, () => 3000 + SIGMA * random());

/** A frame as a FITS file, and the values that a reader of FITS finds in it. */
interface Frame {
  readonly name: string;
  readonly pixels: StoredArray;
  readonly cards: readonly Card[];
  /** Value of the pixel with an index, NaN for none. */
  readonly value: (i: number) => number;
  readonly bits: number;
}

const unsigned = Int16Array.from(sky, (v) => Math.round(v) - 32_768);
unsigned[5] = -32_768;
const withBlank = Int16Array.from(sky, (v) => Math.round(v));
for (let i = 0; i < 300; i++) withBlank[i * 7] = -999;
const clash = withBlank.slice();
clash[1] = -32_768;
const floats = Float32Array.from(sky, (v) => v / 7);
for (let i = 2000; i < 2600; i++) floats[i] = Number.NaN;
floats[3000] = Number.POSITIVE_INFINITY;
const wide = Int32Array.from(sky, (v) => Math.round(v) * 1000);

const FRAMES: readonly Frame[] = [
  {
    name: "unsigned 16-bit integers (BZERO 32768)",
    pixels: unsigned,
    cards: [realCard("BZERO", 32_768)],
    value: (i) => unsigned[i]! + 32_768,
    bits: 16,
  },
  {
    name: "16-bit integers with BLANK and BSCALE",
    pixels: withBlank,
    cards: [valueCard("BLANK", -999), realCard("BSCALE", 0.5), realCard("BZERO", 10)],
    value: (i) => (withBlank[i] === -999 ? Number.NaN : 10 + 0.5 * withBlank[i]!),
    bits: 16,
  },
  {
    name: "16-bit integers with BLANK and the sign of pixels without a value as a value",
    pixels: clash,
    cards: [valueCard("BLANK", -999)],
    value: (i) => (clash[i] === -999 ? Number.NaN : clash[i]!),
    bits: 16,
  },
  {
    name: "8-bit integers",
    pixels: Uint8Array.from(sky, (v) => Math.min(255, Math.max(0, v - 2900))),
    cards: [],
    value: (i) => Math.floor(Math.min(255, Math.max(0, sky[i]! - 2900))),
    bits: 8,
  },
  { name: "32-bit integers", pixels: wide, cards: [], value: (i) => wide[i]!, bits: 32 },
  {
    name: "float32 with NaN and infinite pixels",
    pixels: floats,
    cards: [],
    value: (i) => (Number.isFinite(floats[i]!) ? floats[i]! : Number.NaN),
    bits: -32,
  },
];

let made = 0;

async function imageOf({ pixels, cards }: Frame) {
  const source = bytesSource(imageHdu({ naxis: [WIDTH, HEIGHT], pixels, cards }));
  const file = await openFits(source);
  return { source, image: (await describeImage(source, file.hdus[0]!))! };
}

async function bandOf(frame: Frame, level: number, row: number, exact = false) {
  const { source, image } = await imageOf(frame);
  const path = join(folder, `${++made}.tiles`);
  const plan = { kind: "band", source: { location: "", identity: { size: 0 } }, image, level, row, exact };
  return makeTiles(source, plan as Parameters<typeof makeTiles>[1], path, () => undefined);
}

/** Means of blocks by their definition, and how many pixels each has: the oracle. */
function meansOf({ value }: Frame, level: number) {
  const side = 2 ** level;
  const [width, height] = [Math.ceil(WIDTH / side), Math.ceil(HEIGHT / side)];
  return {
    width,
    height,
    at: (x: number, y: number) => {
      let [sum, count] = [0, 0];
      for (let j = y * side; j < Math.min(HEIGHT, (y + 1) * side); j++) {
        for (let i = x * side; i < Math.min(WIDTH, (x + 1) * side); i++) {
          const pixel = value(j * WIDTH + i);
          if (Number.isNaN(pixel)) continue;
          sum += pixel;
          count++;
        }
      }
      return sum / count;
    },
  };
}

it.each(FRAMES.filter(({ bits }) => bits > 0).map((frame) => [frame.name, frame] as const))(
  "tiles of level 0 have every value of the file: %s (oracle: the array itself)",
  async (_, frame) => {
    for (let row = 0; row < 2; row++) {
      const file = await bandOf(frame, 0, row);
      for (let column = 0; column < 5; column++) {
        const tile = decodeTile(await readTile(file, column));
        expect([tile.width, tile.height, tile.rounded]).toEqual([
          column < 4 ? 256 : WIDTH - 1024,
          row < 1 ? 256 : HEIGHT - 256,
          false,
        ]);
        const expected = tile.values.map((_value, i) =>
          frame.value((row * 256 + Math.floor(i / tile.width)) * WIDTH + column * 256 + (i % tile.width)),
        );
        expect(tile.values.every((value, i) => Object.is(value, expected[i]))).toBe(true);
      }
    }
  },
);

it.each(FRAMES.map((frame) => [frame.name, frame] as const))(
  "coarser levels are means of the pixels that have a value, within a sixteenth of their noise: %s (oracle: sums over blocks)",
  async (_, frame) => {
    for (const [level, row] of [[1, 0], [2, 0], ...(frame.bits < 0 ? [[0, 1]] : [])] as const) {
      const means = meansOf(frame, level!);
      const file = await bandOf(frame, level!, row!);
      const exactFile = await bandOf(frame, level!, row!, true);
      const unit =
        frame.bits === -32 ? 1 / 7 : frame.bits === 32 ? 1000 : frame.name.includes("BSCALE") ? 0.5 : 1;
      const sigma = (SIGMA * unit) / 2 ** level!;
      for (let column = 0; column < Math.ceil(means.width / 256); column++) {
        const tile = decodeTile(await readTile(file, column));
        const exact = decodeTile(await readTile(exactFile, column));
        expect(exact.coding).toBe(3);
        // 5 % for the estimate of the noise itself
        if (tile.rounded) expect(tile.scale).toBeLessThan((sigma / 8) * 1.05);
        let [worst, worstExact, misplaced] = [0, 0, 0];
        for (let i = 0; i < tile.values.length; i++) {
          const [x, y] = [column * 256 + (i % tile.width), row! * 256 + Math.floor(i / tile.width)];
          const mean = means.at(x, y);
          if (Number.isNaN(tile.values[i]!) !== Number.isNaN(mean)) misplaced++;
          if (Number.isNaN(mean)) continue;
          worst = Math.max(worst, Math.abs(tile.values[i]! - mean) / (tile.rounded ? tile.scale : 1e-3));
          worstExact = Math.max(worstExact, Math.abs(exact.values[i]! / mean - 1));
        }
        expect(misplaced).toBe(0);
        expect(worst).toBeLessThanOrEqual(0.5 + 1e-6);
        // rounded to float32
        expect(worstExact).toBeLessThan(2 ** -24 * 1.01);
      }
    }
  },
);

it.each([FRAMES[0]!, FRAMES[1]!, FRAMES[5]!].map((frame) => [frame.name, frame] as const))(
  "an overview has the coarsest levels and the statistics of the whole image: %s (oracle: sorting all values)",
  async (_, frame) => {
    const { source, image } = await imageOf(frame);
    const path = join(folder, `${++made}.tiles`);
    const plan = { kind: "overview", source: { location: "", identity: { size: 0 } }, image } as const;
    const file = await makeTiles(source, plan, path, () => undefined);
    const facts = await readTileFacts<FrameStatistics>(file);
    const values = Float64Array.from(sky, (_value, i) => frame.value(i));
    const all = values.filter((value) => !Number.isNaN(value)).sort();
    const { cuts, histogram, blank } = facts;
    expect(blank).toBe(all.length < values.length);
    expect(cuts!.minmax).toEqual([all[0], all.at(-1)]);
    const at = (percent: number) => {
      const place = (percent / 100) * (all.length - 1);
      const below = all[Math.floor(place)]!;
      return below + (all[Math.ceil(place)]! - below) * (place % 1);
    };
    // fewer than 2^20 values: all of them are the sample
    expect(cuts!.percentile[0]).toBeCloseTo(at(0.5), 6);
    expect(cuts!.percentile[1]).toBeCloseTo(at(99.5), 6);
    expect(cuts!.median).toBeCloseTo(at(50), 6);
    const deviations = all.map((value) => Math.abs(value - at(50))).sort();
    expect(cuts!.sigma).toBeCloseTo(1.4826 * deviations[Math.floor((all.length - 1) / 2)]!, 1);
    const { from, to, counts } = histogram!;
    expect(counts.length).toBe(256);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
      all.filter((value) => value >= from && value < to).length,
    );
    const level = firstOverviewLevel([WIDTH, HEIGHT]);
    expect([level, coarsestLevel([WIDTH, HEIGHT])]).toEqual([3, 3]);
    expect(tileCounts([WIDTH, HEIGHT], 3)).toEqual([1, 1]);
    const tile = decodeTile(await readTile(file, 0));
    const means = meansOf(frame, 3);
    expect([tile.width, tile.height]).toEqual([means.width, means.height]);
    const step = tile.rounded ? tile.scale : 1e-3;
    const errors = tile.values.map(
      (value, i) => Math.abs(value - means.at(i % tile.width, Math.floor(i / tile.width))) / step,
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.5 + 1e-6);
  },
);

it("a frame of one level and one tile, of one value, or without any value has its tiles (oracle: the array itself)", async () => {
  for (const [value, expected] of [
    [7, 7],
    [-999, Number.NaN],
  ] as const) {
    const pixels = new Int16Array(100 * 50).fill(value);
    const source = bytesSource(imageHdu({ naxis: [100, 50], pixels, cards: [valueCard("BLANK", -999)] }));
    const file = await openFits(source);
    const image = (await describeImage(source, file.hdus[0]!))!;
    const path = join(folder, `${++made}.tiles`);
    const plan = { kind: "overview", source: { location: "", identity: { size: 0 } }, image } as const;
    const overview = await makeTiles(source, plan, path, () => undefined);
    const tile = decodeTile(await readTile(overview, 0));
    expect([tile.width, tile.height, tile.coding]).toEqual([100, 50, 0]);
    expect(tile.values.every((found) => Object.is(found, expected))).toBe(true);
    const facts = await readTileFacts<FrameStatistics>(overview);
    if (Number.isNaN(expected)) expect(facts).toEqual({ cuts: null, histogram: null, blank: true });
    else expect(facts.cuts).toMatchObject({ minmax: [7, 7], median: 7, sigma: 0 });
    // the file of the cache is what was returned
    expect(readFileSync(path).length).toBe(overview.size);
  }
});

it("values selected by rank are those of the sorted values (oracle: sort)", () => {
  const count = 40_000;
  const random = noise(11);
  const kinds: readonly (() => number)[] = [
    () => 3000 + SIGMA * random(),
    () => Math.round(SIGMA * random()),
    () => (Math.abs(random()) > 2.5 ? 1e12 * random() : 5),
    () => random() ** 9,
    () => 4,
  ];
  const ranks = [0, 1, 40, 200, 201, 19_999, 20_000, 39_800, 39_960, count - 2, count - 1];
  for (const kind of kinds) {
    for (const length of [count, 11]) {
      const values = Float64Array.from({ length }, kind);
      const wanted = ranks.map((rank) => Math.min(rank, length - 1));
      const sorted = values.slice().sort();
      expect(valuesAtRanks(values, wanted)).toEqual(wanted.map((rank) => sorted[rank]));
    }
  }
});
