import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where frames and the compiled program are cached between runs. */
const folder = join(tmpdir(), "sbnsis-bench");

/** What to time: normal noise of sigma 40 around 1000, or a mask, and the options for fpack. */
export const frames = [
  { name: "RICE_1 uint16", pixels: "noise16", flags: ["-r"] },
  { name: "RICE_1 float32, q 4, dithered", pixels: "noise32", flags: ["-r", "-q", "4"] },
  { name: "GZIP_1 uint16", pixels: "noise16", flags: ["-g1"] },
  { name: "GZIP_2 uint16", pixels: "noise16", flags: ["-g2"] },
  { name: "GZIP_2 float32, lossless", pixels: "noise32", flags: ["-g2", "-q", "0"] },
  { name: "HCOMPRESS_1 uint16", pixels: "noise16", flags: ["-h"] },
  { name: "HCOMPRESS_1 float32, q 4, dithered", pixels: "noise32", flags: ["-h", "-q", "4"] },
  { name: "PLIO_1 mask", pixels: "mask", flags: ["-p"] },
] as const;

/** Numbers from 0 to `most` - 1, the same sequence as in cfitsio-section.c. */
export function places(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.trunc((state / 4_294_967_296) * most);
  };
}

/**
 * Writes a plain FITS image of `width` x `height`, row by row, and packs it, unless a previous run
 * did. Returns the path of the packed file.
 */
export function makeFrame(pixels: string, flags: readonly string[], width: number, height: number): string {
  const packed = join(folder, `${pixels}-${width}x${height}${flags.join("")}.fits.fz`);
  if (existsSync(packed)) return packed;
  const plain = join(folder, `${pixels}-${width}x${height}.fits`);
  if (!existsSync(plain)) writePlain(plain, pixels, width, height);
  rmSync(`${plain}.fz`, { force: true });
  execFileSync("fpack", ["-Y", ...flags, plain]);
  renameSync(`${plain}.fz`, packed);
  return packed;
}

function writePlain(path: string, pixels: string, width: number, height: number): void {
  mkdirSync(folder, { recursive: true });
  const bitpix = pixels === "noise32" ? -32 : 16;
  const cards = ["SIMPLE  =                    T", `BITPIX  = ${String(bitpix).padStart(20)}`];
  cards.push("NAXIS   =                    2");
  cards.push(`NAXIS1  = ${String(width).padStart(20)}`, `NAXIS2  = ${String(height).padStart(20)}`);
  if (pixels === "noise16") cards.push("BSCALE  =                    1", "BZERO   =                32768");
  const header = [...cards, "END"].map((card) => card.padEnd(80)).join("");
  const file = openSync(path, "w");
  writeSync(file, header.padEnd(2880));
  const random = places(7);
  const row = Buffer.alloc(width * (bitpix === 16 ? 2 : 4));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels === "mask") row.writeInt16BE(x % 977 < 200 && y % 500 < 90 ? 4 : 0, 2 * x);
      else {
        const radius = 40 * Math.sqrt(-2 * Math.log((random(2 ** 24) + 1) / 2 ** 24));
        const value = 1000 + radius * Math.cos((2 * Math.PI * random(2 ** 24)) / 2 ** 24);
        if (bitpix === 16) row.writeInt16BE(Math.round(value) - 32_768, 2 * x);
        else row.writeFloatBE(value, 4 * x);
      }
    }
    writeSync(file, row);
  }
  writeSync(file, Buffer.alloc(2880 - ((height * row.length) % 2880 || 2880)));
  closeSync(file);
}

/**
 * Compiles the cfitsio program; undefined, with a line explaining why, if fpack, a compiler or the
 * library is missing.
 */
export function cfitsioProgram(): string | undefined {
  const program = join(folder, "cfitsio-section");
  const source = fileURLToPath(new URL("cfitsio-section.c", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const made = spawnSync("cc", ["-O2", "-o", program, source, "-lcfitsio"], { encoding: "utf8" });
  if (made.status === 0 && spawnSync("fpack", ["-V"]).error === undefined) return program;
  console.log(`No comparison: this needs fpack, a C compiler and cfitsio's headers. ${made.stderr ?? ""}`);
  return undefined;
}
