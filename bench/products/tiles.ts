// Times overviews and bands of tiles of one image, in processor time of this thread, and what they
// weigh.
//
// npx tsx bench/products/tiles.ts FILE [--runs 5]
//
// FILE is a FITS image, such as a frame of `sbnsis test-data --survey atlas --full-size`.
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ByteSource, describeImage, type ImageDescription, openFits } from "@sbnsis/fits";
import { makeTiles } from "../../src/products/tiles/make-tiles.ts";
import { firstOverviewLevel, levelSize, tileCounts } from "../../src/products/tiles/tile-grid.ts";

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "5" } },
  allowPositionals: true,
});
const [path] = positionals;
if (path === undefined) throw new Error("bench/products/tiles.ts FILE [--runs N]");
const runs = Number(values.runs);

const file = await open(path, "r");
const source: ByteSource = {
  size: async () => (await file.stat()).size,
  read: async (ranges, { into } = {}) => {
    let at = 0;
    const parts: Uint8Array[] = [];
    for (const { offset, length } of ranges) {
      const bytes = into === undefined ? new Uint8Array(length) : into.subarray(at, at + length);
      await file.read(bytes, 0, length, offset);
      parts.push(bytes);
      at += length;
    }
    return parts;
  },
};

async function firstImage(): Promise<ImageDescription> {
  const { hdus } = await openFits(source);
  for (const hdu of hdus) {
    const image = await describeImage(source, hdu);
    if (image !== undefined && image.naxis.length === 2) return image;
  }
  throw new Error(`${path} has no image`);
}

const image = await firstImage();
const size = [image.naxis[0]!, image.naxis[1]!] as const;
const folder = mkdtempSync(join(tmpdir(), "sbnsis-bench-tiles-"));
const source0 = { location: path, identity: { size: 0 } };

/** Least processor and elapsed time of several runs, milliseconds, and the bytes made. */
async function measure(plan: Parameters<typeof makeTiles>[1]) {
  let [cpu, wall, bytes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let run = 0; run < runs; run++) {
    const [from, began] = [process.cpuUsage(), performance.now()];
    const made = await makeTiles(source, plan, join(folder, `${run}.tiles`), () => undefined);
    const { user, system } = process.cpuUsage(from);
    cpu = Math.min(cpu, (user + system) / 1000);
    wall = Math.min(wall, performance.now() - began);
    bytes = made.size;
  }
  return { cpu, wall, bytes };
}

const show = (name: string, { cpu, wall, bytes }: Awaited<ReturnType<typeof measure>>, tiles: number) =>
  console.log(
    `${name.padEnd(22)} ${cpu.toFixed(1).padStart(8)} ms CPU ${wall.toFixed(1).padStart(8)} ms ${(bytes / 1e6).toFixed(2).padStart(7)} MB ${String(tiles).padStart(4)} tiles ${(cpu / tiles).toFixed(2).padStart(7)} ms and ${(bytes / tiles / 1000).toFixed(1).padStart(6)} kB each`,
  );

console.log(`${size.join(" x ")}, BITPIX ${image.bitpix}, best of ${runs} runs`);
const first = firstOverviewLevel(size);
for (let level = 0; level < first; level++) {
  const [columns, rows] = tileCounts(size, level);
  const row = Math.floor(rows / 2);
  const band = { kind: "band", source: source0, image, level, row, exact: false } as const;
  show(`level ${level}, one band`, await measure(band), columns);
}
const overview = await measure({ kind: "overview", source: source0, image });
const [width, height] = levelSize(size, first);
show(
  `overview ${width} x ${height}`,
  overview,
  tileCounts(size, first).reduce((a, b) => a * b),
);
await file.close();
rmSync(folder, { recursive: true });
