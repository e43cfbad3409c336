// Times each WebAssembly kernel against its plain TypeScript twin, on tiles of 10560 x 16 pixels of
// noise.
//
// npx tsx bench/engines/kernels.ts [--repeat 15]      (Node 24 runs it without tsx)
//
// Medians of the processor time of this process, so that other load on the machine counts little.
import { parseArgs } from "node:util";
import { decodeHcompress } from "../../packages/fits/src/codecs/hcompress/hcompress.ts";
import { decodeRiceRows } from "../../packages/fits/src/codecs/rice/rice.ts";
import { encodeRice } from "../../packages/fits/src/codecs/rice/rice-encode.ts";
import { StoredRows } from "../../packages/fits/src/codecs/tile/stored-rows.ts";
import { packPixels, unpackPixels } from "../../packages/fits/src/codecs/tile/tile-bytes.ts";
import { type Kernel, sharedKernel } from "../../packages/fits/src/kernel/kernel.ts";
import { quantize } from "../../packages/fits/src/quantize/quantize.ts";
import {
  addToBlocks,
  addToBlocksPlain,
  integerLevelsByKernel,
  linearLevelsByKernel,
} from "../../packages/imaging/src/kernel/picture-kernel.ts";
import { linearLevelsPlain } from "../../packages/imaging/src/stretch/stretch.ts";
import { makeFrame, places } from "./codec-frames.ts";
import { compressedFrame } from "./compressed-frame.ts";

const { values: options } = parseArgs({ options: { repeat: { type: "string", default: "15" } } });
const WIDTH = 10560;
const ROWS = 16;

const random = places(7);
const noise = Float32Array.from({ length: WIDTH * ROWS }, () => {
  const radius = 40 * Math.sqrt(-2 * Math.log((random(2 ** 24) + 1) / 2 ** 24));
  return 1000 + radius * Math.cos((2 * Math.PI * random(2 ** 24)) / 2 ** 24);
});
const int16 = Int16Array.from(noise, Math.round);

/** Row tiles encoded from arrays of rows. */
function riceRows(rows: readonly (Int16Array | Int32Array)[]) {
  const tiles = rows.map((row) => encodeRice(row, 32));
  const lengths = tiles.map((tile) => tile.length);
  const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
  const place = { tileLength: WIDTH, first: 0, end: WIDTH };
  return { bytes: new Uint8Array(Buffer.concat(tiles)), offsets, lengths, ...place };
}

function rowOf<A extends Int16Array | Float32Array>(pixels: A, y: number): A {
  return pixels.subarray(y * WIDTH, (y + 1) * WIDTH) as A;
}

const indices = Array.from({ length: ROWS }, (_, y) => y);
const rice16 = riceRows(indices.map((y) => rowOf(int16, y)));
const quantised = indices.map((y) => {
  const ints = new Int32Array(WIDTH);
  const choice = { level: 4, method: "SUBTRACTIVE_DITHER_1", tileRow: y, rowLength: WIDTH } as const;
  return { ints, scaling: quantize(rowOf(noise, y), ints, choice)! };
});
const rice32 = riceRows(quantised.map((row) => row.ints));
const quantization = {
  scale: Float64Array.from(quantised, (row) => row.scaling.scale),
  zero: Float64Array.from(quantised, (row) => row.scaling.zero),
  method: "SUBTRACTIVE_DITHER_1",
  tileRow: indices,
} as const;
const floats = new Float32Array(WIDTH * ROWS);
const integers = new Int16Array(WIDTH * ROWS);
const shuffled = packPixels(int16, int16.length, 1);
const frame = compressedFrame(makeFrame("noise16", ["-h"], WIDTH, 2112));
const hcompressed = frame.bytes.subarray(frame.offsets[3]!, frame.offsets[3]! + frame.lengths[3]!);

const works: readonly (readonly [string, (kernel: Kernel | undefined) => void])[] = [
  [
    "RICE_1 int16",
    (kernel) => decodeRiceRows({ ...rice16, bytepix: 2 }, new StoredRows(integers, 0, WIDTH), kernel),
  ],
  [
    "RICE_1 float32, dithered",
    (kernel) =>
      decodeRiceRows({ ...rice32, bytepix: 4, quantization }, new StoredRows(floats, 0, WIDTH), kernel),
  ],
  [
    "HCOMPRESS_1 int16",
    (kernel) =>
      decodeHcompress(hcompressed, integers, { tileLength: integers.length, count: integers.length }, kernel),
  ],
  [
    "bytes of GZIP_2, int16",
    (kernel) =>
      unpackPixels(
        shuffled,
        integers,
        { count: integers.length, width: 2, byteStep: integers.length, pixelStep: 1 },
        kernel,
      ),
  ],
];

const grey = new Uint8Array(WIDTH * ROWS);
const levels = { vmin: 950.2, vmax: 1120.7 };
/** Kernels outside the codecs. */
const pictures: readonly (readonly [string, kernel: () => void, twin: () => void])[] = [
  [
    "levels of float32",
    () => void linearLevelsByKernel(noise, levels, grey),
    () => void linearLevelsPlain(noise, levels, grey),
  ],
  [
    "levels of int16",
    () => void integerLevelsByKernel(int16, 0, levels, grey),
    () => void linearLevelsPlain(int16, levels, grey),
  ],
  [
    "sums of 10 x 10 pixels",
    () => addToBlocks(grey, WIDTH, 10, new Float64Array(WIDTH / 10)),
    () => addToBlocksPlain(grey, WIDTH, 10, new Float64Array(WIDTH / 10)),
  ],
];

function megapixelsPerSecond(work: () => void): number {
  const times = Array.from({ length: Number(options.repeat) }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < 5; i++) work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 5;
  });
  return integers.length / times.sort((a, b) => a - b)[times.length >> 1]!;
}

console.log(`${process.version}\n\n| work | kernel | twin | ratio |\n|---|---|---|---|`);
function tell(name: string, kernel: number, twin: number): void {
  console.log(
    `| ${name} | ${kernel.toFixed(0)} Mpx/s | ${twin.toFixed(0)} Mpx/s | ${(kernel / twin).toFixed(1)} |`,
  );
}
for (const [name, work] of works) {
  const [kernel, twin] = [sharedKernel(), undefined].map((by) => megapixelsPerSecond(() => work(by)));
  tell(name, kernel!, twin!);
}
for (const [name, kernel, twin] of pictures)
  tell(name, megapixelsPerSecond(kernel), megapixelsPerSecond(twin));
