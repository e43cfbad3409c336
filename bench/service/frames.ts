import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { addTestData } from "../../src/test-data/add-test-data.ts";

// Full-size frames of a survey to load a service with: tsx bench/service/frames.ts SURVEY FRAMES
// DIRECTORY [SEED]. Also writes `frames.csv`, with a line `ID,ra,dec,r` for each frame: positions
// within r degrees of ra and dec are on it.

/**
 * Maximum distance of positions from the center of a frame in each direction, as a fraction of half
 * its side.
 */
const INSIDE = 0.8;

const [survey, frames, directory, seed = "1"] = process.argv.slice(2);
if (survey === undefined || directory === undefined || !/^\d+$/.test(frames ?? "") || !/^\d+$/.test(seed)) {
  process.stderr.write("usage: tsx bench/service/frames.ts SURVEY FRAMES DIRECTORY [SEED]\n");
  process.exit(2);
}
const begin = performance.now();
const made = await addTestData({
  directory: resolve(directory),
  survey,
  frames: Number(frames),
  fullSize: true,
  seed: Number(seed),
  onProgress: ({ made, total }) => process.stderr.write(`${survey}: ${made} of ${total}\n`),
});
const lines = made.map(
  ({ lid, ra, dec, halfSide }) =>
    `${lid},${ra.toFixed(6)},${dec.toFixed(6)},${(INSIDE * halfSide).toFixed(4)}`,
);
await writeFile(join(directory, "frames.csv"), `${lines.join("\n")}\n`);
const seconds = (performance.now() - begin) / 1000;
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(
  `${made.length} frames and frames.csv in ${directory}: ${seconds.toFixed(1)} s, at most ${megabytes} MB of memory\n`,
);
