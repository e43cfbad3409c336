import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CompressedFrame, compressedFrame } from "../../../bench/engines/compressed-frame.ts";
import { tileCodec } from "../../../packages/fits/src/codecs/tile/registry.ts";
import type { TileEncoding, TilePixels } from "../../../packages/fits/src/codecs/tile/tile-codec.ts";
import { type QuantizeMethod, quantize } from "../../../packages/fits/src/quantize/quantize.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

/** Makes an image of each kind, and packs it with each set of options. */
const MAKE = `
import sys, json, subprocess, numpy as np
from astropy.io import fits
folder = sys.argv[1]
rng = np.random.default_rng(12)
width, height = 283, 60
noise = rng.normal(900, 30, (height, width))
noise[20:24, 50:90] += 15000
flat = noise.copy()
flat[40, :] = 7
images = {'u8': np.clip(flat / 8, 3, 250).astype('u1'), 'i16': flat.astype('i2'), 'i32': (flat * 2e4).astype('i4'),
          'f32': noise.astype('f4'), 'f64': noise.astype('f8')}
images['i16'][3, ::2] = 32767
images['i16'][3, 1::2] = -32768
images['f32'][5, 7:90] = np.nan
images['f64'][50:52, ::3] = 0
integers = [['-r'], ['-r', '-t', '283,7'], ['-g1'], ['-g2']]
floats = [['-r', '-q', '4'], ['-r', '-q0', '8'], ['-r', '-qz', '4'], ['-g1', '-q', '4'], ['-g2', '-q', '4'], ['-r', '-q', '-3', '-t', '283,5']]
jobs = [(k, o) for k in ('u8', 'i16', 'i32') for o in integers] + [(k, o) for k in ('f32', 'f64') for o in floats]
found = []
for n, (kind, options) in enumerate(jobs):
    path = f'{folder}/{n}.fits'
    fits.PrimaryHDU(images[kind]).writeto(path)
    subprocess.run(['fpack', '-Y', *options, path], check=True, stdout=subprocess.DEVNULL)
    found.append({'name': kind + ' ' + ' '.join(options), 'path': path, 'level': float(options[2]) if kind[0] == 'f' else 0})
print(json.dumps(found))
`;

interface Job {
  readonly name: string;
  /** The plain image; the packed one has the suffix .fz. */
  readonly path: string;
  /** The value of -q. */
  readonly level: number;
}

const ready = oraclePython() !== undefined && hasProgram("fpack") && hasProgram("funpack");
const folder = mkdtempSync(join(tmpdir(), "codecs-encode-interop-"));
afterAll(() => rmSync(folder, { recursive: true }));
const jobs = ready ? (askPython(MAKE, folder) as readonly Job[]) : [];

/** Pixels of a plain image whose header is one block. */
function plainPixels(path: string, { bitpix, width, height }: CompressedFrame): TilePixels {
  const bytes = new Uint8Array(readFileSync(path)).subarray(2880);
  const kinds = {
    8: Uint8Array,
    16: Int16Array,
    32: Int32Array,
    [-32]: Float32Array,
    [-64]: Float64Array,
  } as const;
  const out = new kinds[bitpix as keyof typeof kinds](width * height);
  const tile = { tileLength: out.length, count: out.length };
  tileCodec("NOCOMPRESS").decode(bytes.subarray(0, out.byteLength), out, tile);
  return out;
}

/**
 * The tiles of an image as integers, with the scaling chosen by quantization if they are floats.
 */
function tilesOf(pixels: TilePixels, frame: CompressedFrame, level: number) {
  const length = frame.width * frame.tileHeight;
  return Array.from(frame.offsets, (_, i) => {
    const tile = pixels.subarray(i * length, (i + 1) * length);
    if (!(tile instanceof Float32Array || tile instanceof Float64Array))
      return { pixels: tile, scaling: undefined };
    const ints = new Int32Array(tile.length);
    const scaling = quantize(tile, ints, {
      level,
      method: frame.method as QuantizeMethod,
      tileRow: i + frame.ditherZero - 1,
      rowLength: frame.width,
    });
    return { pixels: ints, scaling };
  });
}

/** The packed file with other tiles in its heap and other values in its cards. */
function repacked(
  frame: CompressedFrame,
  tiles: readonly Uint8Array[],
  cards: Readonly<Record<string, string>>,
) {
  const table = Buffer.from(frame.bytes.subarray(0, frame.heapAt));
  let length = 0;
  tiles.forEach((tile, i) => {
    const at = frame.descriptors[i]!;
    if (frame.wide) {
      table.writeBigInt64BE(BigInt(tile.length), at);
      table.writeBigInt64BE(BigInt(length), at + 8);
    } else {
      table.writeInt32BE(tile.length, at);
      table.writeInt32BE(length, at + 4);
    }
    length += tile.length;
  });
  for (const [keyword, value] of Object.entries({ ...cards, PCOUNT: String(length) })) {
    const at = table.indexOf(`${keyword.padEnd(8)}=`, frame.headerAt, "latin1");
    if (at >= 0) table.write(value.padStart(20).padEnd(70), at + 10, "latin1");
  }
  const padding = Buffer.alloc((2880 - ((table.length + length) % 2880)) % 2880);
  return Buffer.concat([table, ...tiles, padding]);
}

function funpacked(path: string): Buffer {
  rmSync(`${path}.out`, { force: true });
  execFileSync("funpack", ["-O", `${path}.out`, path]);
  return readFileSync(`${path}.out`).subarray(2880);
}

const encodings: readonly (readonly [string, TileEncoding, Readonly<Record<string, string>>])[] = [
  ["RICE_1", { blocksize: 32 }, { ZVAL1: "32" }],
  ["RICE_1", { blocksize: 16 }, { ZVAL1: "16" }],
  ["RICE_1", { blocksize: 3 }, { ZVAL1: "3" }],
  ["GZIP_1", { level: 1 }, {}],
  ["GZIP_1", { level: 9 }, {}],
  ["GZIP_2", { level: 6 }, {}],
];

describe("tiles encoded here", () => {
  it.runIf(ready).each(jobs.filter((job) => job.name.includes("-r")))(
    "encoded tiles and their scalings are those of fpack: $name",
    ({ path, level }) => {
      const frame = compressedFrame(`${path}.fz`);
      tilesOf(plainPixels(path, frame), frame, level).forEach(({ pixels, scaling }, i) => {
        if (scaling !== undefined) {
          expect([scaling.scale, scaling.zero]).toEqual([frame.scale[i], frame.zero[i]]);
        }
        const bytes = tileCodec("RICE_1").encode!(pixels, frame.parameters);
        const theirs = frame.bytes.subarray(frame.offsets[i]!, frame.offsets[i]! + frame.lengths[i]!);
        expect(Buffer.compare(bytes, theirs)).toBe(0);
      });
    },
  );

  it.runIf(ready).each(jobs)(
    "funpack reads the same pixels from encoded tiles as from those of fpack: $name",
    ({ path, level }) => {
      const frame = compressedFrame(`${path}.fz`);
      const expected = funpacked(`${path}.fz`);
      const tiles = tilesOf(plainPixels(path, frame), frame, level);
      for (const [codec, encoding, cards] of encodings) {
        // RICE_1 needs its parameters in the header, which other codecs' files do not have; others
        // may not have them.
        if ((codec === "RICE_1") !== frame.codec.startsWith("RICE")) continue;
        const bytes = tiles.map(({ pixels }) => tileCodec(codec).encode!(pixels, encoding));
        const file = `${path}.${codec}.fz`;
        writeFileSync(file, repacked(frame, bytes, { ...cards, ZCMPTYPE: `'${codec}'`.padEnd(20) }));
        expect(Buffer.compare(funpacked(file), expected), `${codec} ${JSON.stringify(encoding)}`).toBe(0);
      }
    },
  );

  it.runIf(ready)("astropy reads the encoded pixels of NOCOMPRESS tiles", () => {
    for (const { path } of jobs.filter((job) => job.name.startsWith("i") && job.name.endsWith("-g1"))) {
      const frame = compressedFrame(`${path}.fz`);
      const pixels = plainPixels(path, frame);
      const bytes = tilesOf(pixels, frame, 0).map((tile) => tileCodec("NOCOMPRESS").encode!(tile.pixels, {}));
      const file = `${path}.plain.fz`;
      writeFileSync(file, repacked(frame, bytes, { ZCMPTYPE: "'NOCOMPRESS'".padEnd(20) }));
      const ask =
        "import sys, json; from astropy.io import fits; print(json.dumps(fits.getdata(sys.argv[1]).ravel().tolist()))";
      expect(askPython(ask, file)).toEqual(Array.from(pixels as Int16Array));
    }
  });

  it.skipIf(ready)(
    "tiles are not compared with fpack: the oracles' Python, fpack or funpack is not installed",
    () => {
      expect(jobs).toEqual([]);
    },
  );
});
