import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compressedFrame } from "../../../bench/engines/compressed-frame.ts";
import { tileCodec } from "../../../packages/fits/src/codecs/tile/registry.ts";
import { dequantize } from "../../../packages/fits/src/quantize/dequantize.ts";
import type { QuantizeMethod } from "../../../packages/fits/src/quantize/quantize.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

/**
 * Makes an image of each kind, packs it with each set of options, reads it back through cfitsio.
 */
const MAKE = `
import sys, json, hashlib, subprocess, numpy as np, fitsio
from astropy.io import fits
folder = sys.argv[1]
rng = np.random.default_rng(11)
width, height = 301, 70
noise = rng.normal(1000, 40, (height, width))
noise[30:33, 100:140] += 20000
images = {
  'u8': np.clip(noise / 10, 10, 240).astype('u1'), 'i16': noise.astype('i2'), 'i32': (noise * 3e4).astype('i4'),
  'f32': noise.astype('f4'), 'f64': noise.astype('f8'), 'mask': (rng.random((height, width)) < 0.1).astype('i2') * 5,
}
images['f32'][5, 7:20] = np.nan
images['f64'][50:52, ::3] = 0
integers = [['-r'], ['-r', '-t', '301,7'], ['-g1'], ['-g2'], ['-h'], ['-h', '-t', '301,64'], ['-h', '-s', '2']]
floats = [['-r', '-q', '4'], ['-r', '-q0', '8'], ['-r', '-qz', '4'], ['-h', '-q', '4'], ['-g2', '-q', '4'], ['-r', '-q', '-3', '-t', '301,5']]
jobs = [(k, o) for k in ('u8', 'i16', 'i32') for o in integers] + [(k, o) for k in ('f32', 'f64') for o in floats] + [('mask', ['-p'])]
found = []
for n, (kind, options) in enumerate(jobs):
    path = f'{folder}/{n}.fits'
    fits.PrimaryHDU(images[kind]).writeto(path)
    subprocess.run(['fpack', '-D', '-Y', *options, path], check=True, stdout=subprocess.DEVNULL)
    pixels = fitsio.read(path + '.fz', ext=1)
    little = pixels.astype(pixels.dtype.newbyteorder('<'))
    found.append({'name': kind + ' ' + ' '.join(options), 'path': path + '.fz', 'shape': pixels.shape,
                  'sha256': hashlib.sha256(np.where(little != little, 0, little).astype(little.dtype).tobytes()).hexdigest()})
print(json.dumps(found))
`;

interface Packed {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

const ready = oraclePython() !== undefined && hasProgram("fpack");
const folder = mkdtempSync(join(tmpdir(), "codecs-interop-"));
afterAll(() => rmSync(folder, { recursive: true }));
const packed = ready ? (askPython(MAKE, folder) as readonly Packed[]) : [];

/** The whole image of a file whose tiles are as wide as it, NaN as 0. */
function decode(path: string): Uint8Array {
  const frame = compressedFrame(path);
  const { width, height, bitpix } = frame;
  const pixels =
    bitpix === -64
      ? new Float64Array(width * height)
      : bitpix === -32
        ? new Float32Array(width * height)
        : bitpix === 8
          ? new Uint8Array(width * height)
          : bitpix === 16
            ? new Int16Array(width * height)
            : new Int32Array(width * height);
  const tilePixels = width * frame.tileHeight;
  for (let i = 0; i < frame.offsets.length; i++) {
    const place = pixels.subarray(i * tilePixels, (i + 1) * tilePixels);
    const bytes = frame.bytes.subarray(frame.offsets[i]!, frame.offsets[i]! + frame.lengths[i]!);
    const tile = { tileLength: place.length, count: place.length, ...frame.parameters };
    if (place instanceof Float32Array || place instanceof Float64Array) {
      const ints = new Int32Array(place.length);
      tileCodec(frame.codec).decode(bytes, ints, tile);
      const [scale, zero, method] = [frame.scale[i]!, frame.zero[i]!, frame.method as QuantizeMethod];
      const quantization = { scale, zero, method, zblank: frame.zblank, tileRow: i + frame.ditherZero - 1 };
      dequantize(ints, place, place.length, quantization);
      for (let k = 0; k < place.length; k++) if (Number.isNaN(place[k])) place[k] = 0;
    } else tileCodec(frame.codec).decode(bytes, place, tile);
  }
  return new Uint8Array(pixels.buffer);
}

describe("files packed by fpack", () => {
  it.runIf(ready).each(packed)(
    "files packed by fpack decode to the pixels that cfitsio reads: $name",
    ({ path, sha256 }) => {
      expect(createHash("sha256").update(decode(path)).digest("hex")).toBe(sha256);
    },
  );

  it.skipIf(ready)("no files are packed by fpack: the oracles' Python or fpack is not installed", () => {
    expect(packed).toEqual([]);
  });
});
