// Times the tile codecs against cfitsio in the same run, on one thread: whole frames of each codec, and sections of RICE_1 frames.
//
//   npx tsx bench/codecs.ts [--side 4096] [--sections 60]      (Node 24 runs it without tsx)
//
// The frames are normal noise of sigma 40 (masks for PLIO_1), packed by fpack into a temporary folder and kept there for the next run.
// cfitsio runs in bench/cfitsio-section.c, which is compiled when a C compiler and the library are found; without fpack, a compiler or
// the library it says so and ends. Both sides take the best of several runs, with the file in the page cache.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { unzipSync } from "node:zlib";
import type { Inflate } from "../src/fits/codecs/inflate.ts";
import { tileCodec } from "../src/fits/codecs/registry.ts";
import type { TileParameters } from "../src/fits/codecs/tile-codec.ts";
import { dequantize } from "../src/fits/dequantize.ts";
import type { QuantizeMethod } from "../src/fits/quantize.ts";
import { type CompressedFrame, compressedFrame } from "./compressed-frame.ts";

const { values: options } = parseArgs({
  options: { side: { type: "string", default: "4096" }, sections: { type: "string", default: "60" } },
});
const side = Number(options.side);
const boxSide = 161;
const folder = join(tmpdir(), "sbnsis-bench");

const frames = [
  { name: "RICE_1 uint16", pixels: "noise16", flags: ["-r"] },
  { name: "RICE_1 float32, q 4, dithered", pixels: "noise32", flags: ["-r", "-q", "4"] },
  { name: "GZIP_1 uint16", pixels: "noise16", flags: ["-g1"] },
  { name: "GZIP_2 uint16", pixels: "noise16", flags: ["-g2"] },
  { name: "HCOMPRESS_1 uint16", pixels: "noise16", flags: ["-h"] },
  { name: "HCOMPRESS_1 float32, q 4, dithered", pixels: "noise32", flags: ["-h", "-q", "4"] },
  { name: "PLIO_1 mask", pixels: "mask", flags: ["-p"] },
] as const;

/** Node's own zlib, as the service's threads use it. */
const inflate: Inflate = (bytes, maxLength) => unzipSync(bytes, { maxOutputLength: maxLength });

/** A generator with the same sequence here and in cfitsio-section.c. */
function places(seed: number, most: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.trunc((state / 4_294_967_296) * most);
  };
}

/** Writes a plain FITS image, row by row, and packs it. */
function makeFrame(pixels: string, flags: readonly string[]): string {
  const packed = join(folder, `${pixels}-${side}${flags.join("")}.fits.fz`);
  if (existsSync(packed)) return packed;
  mkdirSync(folder, { recursive: true });
  const plain = join(folder, "new.fits");
  const bitpix = pixels === "noise32" ? -32 : 16;
  const cards = [
    "SIMPLE  =                    T",
    `BITPIX  = ${String(bitpix).padStart(20)}`,
    "NAXIS   =                    2",
  ];
  for (const k of [1, 2]) cards.push(`NAXIS${k}  = ${String(side).padStart(20)}`);
  if (pixels === "noise16") cards.push("BSCALE  =                    1", "BZERO   =                32768");
  const header = [...cards, "END"].map((card) => card.padEnd(80)).join("");
  const file = openSync(plain, "w");
  writeSync(file, header.padEnd(2880));
  const random = places(7, 2 ** 24);
  const row = Buffer.alloc(side * (bitpix === 16 ? 2 : 4));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (pixels === "mask") row.writeInt16BE(x % 977 < 200 && y % 500 < 90 ? 4 : 0, 2 * x);
      else {
        const radius = 40 * Math.sqrt(-2 * Math.log((random() + 1) / 2 ** 24));
        const value = 1000 + radius * Math.cos((2 * Math.PI * random()) / 2 ** 24);
        if (bitpix === 16) row.writeInt16BE(Math.round(value) - 32_768, 2 * x);
        else row.writeFloatBE(value, 4 * x);
      }
    }
    writeSync(file, row);
  }
  writeSync(file, Buffer.alloc(2880 - ((side * row.length) % 2880 || 2880)));
  closeSync(file);
  execFileSync("fpack", ["-D", "-Y", ...flags, plain]);
  renameSync(`${plain}.fz`, packed);
  return packed;
}

/** Compiles the program of cfitsio, or says why there is none. */
function cfitsioProgram(): string {
  const program = join(folder, "cfitsio-section");
  const source = fileURLToPath(new URL("cfitsio-section.c", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const made = spawnSync("cc", ["-O2", "-o", program, source, "-lcfitsio"], { encoding: "utf8" });
  if (made.status === 0 && spawnSync("fpack", ["-V"]).error === undefined) return program;
  console.log(`No comparison: this needs fpack, a C compiler and cfitsio's headers. ${made.stderr ?? ""}`);
  process.exit(0);
}

/** Milliseconds of each run of cfitsio, and the sum of its last pixels. */
function runCfitsio(program: string, ...args: readonly string[]): { times: number[]; sum: number } {
  const lines = execFileSync(program, args, { encoding: "utf8" }).trim().split("\n");
  return { times: lines.slice(0, -1).map(Number), sum: Number(lines.at(-1)!.split(" ")[1]) };
}

function sumOf(pixels: Int16Array | Float32Array): number {
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

/** Decodes every tile of a frame whose tiles have its width. */
function decodeFrame(frame: CompressedFrame, out: Int16Array | Float32Array): void {
  const codec = tileCodec(frame.codec);
  if (codec.decodeRows && frame.tileHeight === 1) {
    const rows = Array.from(frame.offsets, (_, row) => row);
    decodeColumns(frame, rows, frame.bytes, 0, 0, frame.width, out);
    return;
  }
  const tilePixels = frame.tileWidth * frame.tileHeight;
  const ints = new Int32Array(out instanceof Float32Array ? tilePixels : 0);
  for (let i = 0; i < frame.offsets.length; i++) {
    const place = out.subarray(i * tilePixels, (i + 1) * tilePixels);
    const bytes = frame.bytes.subarray(frame.offsets[i]!, frame.offsets[i]! + frame.lengths[i]!);
    const tile: TileParameters = {
      tileLength: place.length,
      count: place.length,
      inflate,
      ...frame.parameters,
    };
    if (place instanceof Float32Array) {
      codec.decode(bytes, ints, tile);
      dequantize(ints, place, place.length, quantizationOf(frame, i));
    } else codec.decode(bytes, place, tile);
  }
}

/** Where sections are read to: used again, as the service's threads do. */
let buffer = new Uint8Array(0);

/** One section from the file, read and decoded: what a cutout costs below the service, the tile table being known. */
function readSection(
  file: number,
  frame: CompressedFrame,
  x: number,
  y: number,
  out: Int16Array | Float32Array,
): void {
  const rows = Array.from({ length: boxSide }, (_, i) => y + i);
  const start = frame.offsets[y]!;
  const length = frame.offsets[y + boxSide - 1]! + frame.lengths[y + boxSide - 1]! - start;
  if (buffer.length < length) buffer = new Uint8Array(2 * length);
  const bytes = buffer.subarray(0, length);
  readSync(file, bytes, 0, length, start);
  decodeColumns(frame, rows, bytes, start, x, x + boxSide, out);
}

/** Rows of a frame whose tiles are rows, from `bytes`, which begin at `start` in the file. */
function decodeColumns(
  frame: CompressedFrame,
  rows: readonly number[],
  bytes: Uint8Array,
  start: number,
  first: number,
  end: number,
  out: Int16Array | Float32Array,
): void {
  const tiles = rows.map((row) => quantizationOf(frame, row));
  const quantization = {
    scale: Float64Array.from(tiles, (t) => t.scale),
    zero: Float64Array.from(tiles, (t) => t.zero),
    method: frame.method as QuantizeMethod,
    tileRow: tiles.map((t) => t.tileRow),
  };
  tileCodec(frame.codec).decodeRows!({
    bytes,
    offsets: rows.map((row) => frame.offsets[row]! - start),
    lengths: rows.map((row) => frame.lengths[row]!),
    tileLength: frame.width,
    first,
    end,
    ...frame.parameters,
    out,
    outOffset: 0,
    outStride: end - first,
    ...(out instanceof Float32Array ? { quantization } : {}),
  });
}

function timed(runs: number, work: () => void): number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

const program = cfitsioProgram();
console.log(`${process.version}, frames of ${side} x ${side}, one thread\n`);
console.log("| work | cfitsio | ours | ratio | pixels |\n|---|---|---|---|---|");
for (const { name, pixels, flags } of frames) {
  const path = makeFrame(pixels, flags);
  const frame = compressedFrame(path);
  const out = frame.bitpix < 0 ? new Float32Array(side * side) : new Int16Array(side * side);
  const theirs = runCfitsio(program, path, "frame", "4");
  const ours = Math.min(...timed(5, () => decodeFrame(frame, out)));
  report(`${name}, whole`, Math.min(...theirs.times), ours, side * side, sumOf(out) === theirs.sum);
  if (frame.codec !== "RICE_1" || side <= boxSide) continue;
  const box = out.subarray(0, boxSide * boxSide);
  const sections = runCfitsio(program, path, "section", String(boxSide), options.sections, "5");
  const next = places(5, side - boxSide);
  const file = openSync(path, "r");
  const own = timed(Number(options.sections), () => {
    const x = next();
    readSection(file, frame, x, next(), box);
  });
  closeSync(file);
  report(
    `${name}, section of ${boxSide} x ${boxSide}`,
    median(sections.times),
    median(own),
    0,
    sumOf(box) === sections.sum,
  );
}

function report(work: string, theirs: number, ours: number, pixels: number, same: boolean): void {
  const speed = (ms: number) =>
    `${ms.toFixed(2)} ms${pixels > 0 ? ` (${(pixels / ms / 1e3).toFixed(0)} Mpx/s)` : ""}`;
  console.log(
    `| ${work} | ${speed(theirs)} | ${speed(ours)} | ${(theirs / ours).toFixed(1)} | ${same ? "same" : "DIFFERENT"} |`,
  );
}
