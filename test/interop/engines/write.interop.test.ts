import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Bitpix } from "../../../packages/fits/src/file/hdu.ts";
import { valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { QuantizeMethod } from "../../../packages/fits/src/quantize/quantize.ts";
import { type StoredArray, storedArray } from "../../../packages/fits/src/read/physical-values.ts";
import type { WrittenCodec } from "../../../packages/fits/src/write/encode-tile.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { pixelsIn, tiledFile } from "../../support/inputs/made-fits.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ready = oraclePython() !== undefined && hasProgram("funpack") && hasProgram("fitsverify");

interface Written {
  readonly name: string;
  readonly hdu: number;
  readonly naxis: readonly number[];
  readonly pixels: StoredArray;
  /**
   * Whether cfitsio reads it: it packs no 64-bit integers, and supports NOCOMPRESS only in its own
   * column.
   */
  readonly cfitsio: boolean;
  /** Pixels that this library reads back. */
  readonly expected: StoredArray;
}

function madePixels(bitpix: Bitpix, count: number): StoredArray {
  const pixels = storedArray(bitpix, count);
  for (let i = 0; i < count; i++) {
    const wave = Math.sin(i * i) * (i % 90 < 12 ? 1e4 : 40);
    if (pixels instanceof BigInt64Array) pixels[i] = BigInt(Math.trunc(wave)) * 10_000_000_000n;
    else if (pixels instanceof Uint8Array) pixels[i] = Math.abs(Math.trunc(wave)) & 255;
    else pixels[i] = bitpix < 0 ? wave : Math.trunc(wave) * (bitpix === 32 ? 10_000 : 1);
  }
  return pixels;
}

async function writeAll(): Promise<Written[]> {
  const written: Written[] = [];
  const keep = async (
    name: string,
    hdu: number,
    naxis: readonly number[],
    pixels: StoredArray,
    bytes: Uint8Array,
  ) => {
    writeFileSync(join(folder, name), bytes);
    const cfitsio = hdu === 0 || !(pixels instanceof BigInt64Array || name.startsWith("NOCOMPRESS"));
    written.push({ name, hdu, naxis, pixels, cfitsio, expected: await pixelsIn(bytes, hdu) });
  };
  const cards = [valueCard("OBJECT", "65P/Gunn"), valueCard("EXPTIME", 30)];
  const naxis = [45, 23];
  const tiles = [
    [45, 1],
    [45, 5],
    [16, 16],
    [7, 23],
    [45, 23],
    [1, 1],
  ];
  for (const bitpix of [8, 16, 32, 64, -32, -64] as const) {
    const pixels = madePixels(bitpix, 45 * 23);
    await keep(`plain${bitpix}.fits`, 0, naxis, pixels, imageHdu({ naxis, pixels, cards }));
    for (const codec of ["RICE_1", "GZIP_1", "GZIP_2", "NOCOMPRESS"] as const) {
      if (codec === "RICE_1" && (bitpix < 0 || bitpix === 64)) continue;
      for (const tile of tiles) {
        const bytes = await tiledFile({ naxis, bitpix, codec, tile, cards }, pixels);
        await keep(`${codec}_${bitpix}_${tile.join("x")}.fits.fz`, 1, naxis, pixels, bytes);
      }
    }
  }
  await keep3d(keep);
  await keepQuantised(keep);
  return written;
}

type Keep = (
  name: string,
  hdu: number,
  naxis: readonly number[],
  pixels: StoredArray,
  bytes: Uint8Array,
) => Promise<void>;

async function keep3d(keep: Keep): Promise<void> {
  const naxis = [11, 9, 8];
  const pixels = madePixels(16, 11 * 9 * 8);
  for (const descriptors of ["P", "Q"] as const) {
    const image = {
      naxis,
      bitpix: 16,
      codec: "RICE_1",
      tile: [5, 4, 3],
      descriptors,
      blocksize: 16,
    } as const;
    await keep(`cube${descriptors}.fits.fz`, 1, naxis, pixels, await tiledFile(image, pixels));
    const extension = { ...image, tile: [11, 9, 2], kind: "extension" } as const;
    await keep(`extension${descriptors}.fits.fz`, 1, naxis, pixels, await tiledFile(extension, pixels));
  }
}

async function keepQuantised(keep: Keep): Promise<void> {
  const naxis = [100, 30];
  for (const bitpix of [-32, -64] as const) {
    const pixels = madePixels(bitpix, 3000) as Float32Array | Float64Array;
    // Rows without noise, which are kept losslessly, and pixels without a value.
    pixels.fill(7.25, 0, 200);
    pixels[888] = 0;
    for (const codec of ["RICE_1", "GZIP_1", "GZIP_2"] as const satisfies WrittenCodec[]) {
      for (const method of [
        "NO_DITHER",
        "SUBTRACTIVE_DITHER_1",
        "SUBTRACTIVE_DITHER_2",
      ] as QuantizeMethod[]) {
        for (const tile of [
          [100, 1],
          [33, 7],
        ]) {
          const quantization = { level: 4, method, zdither0: 9997 };
          // funpack 4 zeroes tiles that are not rows and hold NaN, also those that fpack wrote.
          pixels[777] = tile[1] === 1 ? Number.NaN : 5;
          const bytes = await tiledFile({ naxis, bitpix, codec, tile, quantization }, pixels);
          await keep(`q${codec}_${bitpix}_${method}_${tile.join("x")}.fits.fz`, 1, naxis, pixels, bytes);
        }
      }
    }
  }
}

const READ = `
import sys, json, hashlib, warnings
import numpy as np
from astropy.io import fits
warnings.simplefilter("error")
answers = {}
for line in json.load(open(sys.argv[1])):
    with fits.open(line["path"], checksum=True, do_not_scale_image_data=False) as h:
        d = h[line["hdu"]].data
        d = d.astype(d.dtype.newbyteorder("<"))
        if d.dtype.kind == "f":
            d[np.isnan(d)] = np.nan  # NaN has many bit patterns
        answers[line["path"]] = hashlib.sha256(d.tobytes()).hexdigest()
print(json.dumps(answers))
`;

/**
 * Pixels of files as astropy reads them, its checksums compared, as a digest of their little-endian
 * bytes.
 */
function byAstropy(
  files: readonly { readonly path: string; readonly hdu: number }[],
): Record<string, string> {
  const list = join(folder, "list.json");
  writeFileSync(list, JSON.stringify(files));
  return askPython(READ, list) as Record<string, string>;
}

function digest(pixels: StoredArray): string {
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

describe.skipIf(!ready)("images that this library writes", () => {
  test("written images have the same pixels in astropy and, unpacked, by funpack of cfitsio; fitsverify finds nothing", async () => {
    const files = await writeAll();
    const direct = byAstropy(files.map(({ name, hdu }) => ({ path: join(folder, name), hdu })));
    for (const { name, expected } of files) {
      expect(direct[join(folder, name)], `${name} by astropy`).toBe(digest(expected));
    }
    const packed = files.filter(({ hdu, cfitsio }) => hdu === 1 && cfitsio);
    const unpacked = packed.map((file) => ({ ...file, path: join(folder, `${file.name}.unpacked`) }));
    for (const { name, path } of unpacked) execFileSync("funpack", ["-O", path, join(folder, name)]);
    const kind = (name: string) => (name.startsWith("extension") ? 1 : 0);
    const again = byAstropy(unpacked.map(({ path, name }) => ({ path, hdu: kind(name) })));
    for (const { path, expected, name } of unpacked) {
      expect(again[path], `${name} by funpack`).toBe(digest(expected));
    }
    const paths = files.map(({ name }) => join(folder, name));
    const { stdout } = spawnSync("fitsverify", ["-q", ...paths], { encoding: "utf8" });
    const verdicts = stdout.split("\n").filter((line) => line.startsWith("verification"));
    expect(verdicts).toHaveLength(files.length);
    expect(verdicts.filter((line) => !line.startsWith("verification OK"))).toEqual([]);
  }, 240_000);
});
