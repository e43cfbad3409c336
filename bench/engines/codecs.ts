// Times the tile codecs against cfitsio in the same run: whole frames of each codec on one thread,
// those of RICE_1 also on two, and sections of RICE_1 frames.
//
// npx tsx bench/engines/codecs.ts [--side 10560] [--height 2112] [--sections 60] [--repeat 5]
// [--only RICE] [--clock cpu]     (Node 24 runs it without tsx)
//
// The frames are normal noise of sigma 40 (masks for PLIO_1), packed by fpack into a temporary
// folder and kept there for the next run. cfitsio runs in bench/engines/cfitsio-section.c, which is
// compiled if a C compiler and the library are found; without fpack, a compiler or the library the
// program says so and ends. Prints medians and best times, with the file in the page cache:
// cfitsio's times for whole frames include reading, ours do not; for sections both read.
import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { cfitsioProgram, frames, makeFrame, places } from "./codec-frames.ts";
import type { CodecThreadData } from "./codec-thread.ts";
import { compressedFrame } from "./compressed-frame.ts";
import { decodeFrame, newPixels, readSection, sumOf } from "./decode-frame.ts";

const { values: options } = parseArgs({
  options: {
    side: { type: "string", default: "10560" },
    height: { type: "string" },
    sections: { type: "string", default: "60" },
    repeat: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    clock: { type: "string", default: "wall" },
  },
});
const side = Number(options.side);
const height = Number(options.height ?? side);
const repeat = Number(options.repeat);
const boxSide = 161;

/**
 * Milliseconds; with --clock cpu those of this process's threads alone, which is fair on a shared
 * machine.
 */
function now(): number {
  if (options.clock !== "cpu") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Milliseconds of each run of cfitsio, and the sum of its last pixels. */
function runCfitsio(program: string, ...args: readonly string[]): { times: number[]; sum: number } {
  const lines = execFileSync(program, [options.clock, ...args], { encoding: "utf8" })
    .trim()
    .split("\n");
  return { times: lines.slice(0, -1).map(Number), sum: Number(lines.at(-1)!.split(" ")[1]) };
}

function timed(runs: number, work: () => void): number[] {
  return Array.from({ length: runs }, () => {
    const start = now();
    work();
    return now() - start;
  });
}

/**
 * Milliseconds of each run on `parts` threads that already have the frame (with --clock cpu for one
 * of them), and the sum of the pixels.
 */
async function timedOnThreads(path: string, parts: number): Promise<{ times: number[]; sum: number }> {
  const url = JSON.stringify(new URL("codec-thread.ts", import.meta.url).href);
  // Node 20 needs tsx in its threads too.
  const register =
    "typescript" in process.features ? "0" : 'import("tsx/esm/api").then((tsx) => tsx.register())';
  const program = `Promise.resolve(${register}).then(() => import(${url}))`;
  const threads = Array.from({ length: parts }, (_, part) => {
    const workerData: CodecThreadData = { path, part, parts };
    return new Worker(program, { workerData, eval: true });
  });
  const answer = (thread: Worker) =>
    new Promise<number>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
    });
  const ask = (wanted: "pixels" | "sum") => {
    const answers = Promise.all(threads.map(answer));
    for (const thread of threads) thread.postMessage(wanted);
    return answers;
  };
  await Promise.all(threads.map(answer));
  const times: number[] = [];
  for (let run = 0; run <= repeat; run++) {
    const start = now();
    await ask("pixels");
    times.push((now() - start) / (options.clock === "cpu" ? parts : 1));
  }
  const sums = await ask("sum");
  for (const thread of threads) await thread.terminate();
  return { times: times.slice(1), sum: sums.reduce((a, b) => a + b, 0) };
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

/** A row of the table: medians, with the best times in parentheses. */
function report(work: string, theirs: number[], ours: number[], pixels: number, same: boolean): void {
  const cell = (times: number[]) => {
    const speed = pixels === 0 ? "" : `, ${(pixels / median(times) / 1e3).toFixed(0)} Mpx/s`;
    return `${median(times).toFixed(2)} ms (${Math.min(...times).toFixed(2)})${speed}`;
  };
  const ratio = (median(theirs) / median(ours)).toFixed(2);
  const best = (Math.min(...theirs) / Math.min(...ours)).toFixed(2);
  console.log(
    `| ${work} | ${cell(theirs)} | ${cell(ours)} | ${ratio} (${best}) | ${same ? "same" : "DIFFERENT"} |`,
  );
}

const program = cfitsioProgram();
if (program === undefined) process.exit(0);
console.log(
  `${process.version}, frames of ${side} x ${height}, medians of ${repeat}, sections of ${options.sections}\n`,
);
console.log("| work | cfitsio | ours | ratio | pixels |\n|---|---|---|---|---|");
for (const { name, pixels, flags } of frames.filter((frame) => frame.name.includes(options.only))) {
  const path = makeFrame(pixels, flags, side, height);
  const frame = compressedFrame(path);
  const out = newPixels(frame, frame.offsets.length);
  decodeFrame(frame, out, 0, frame.offsets.length);
  const [theirs, ours]: [number[], number[]] = [[], []];
  let sum = 0;
  // Alternating, so that other load on the machine affects both; two runs each, the second counts.
  for (let i = 0; i < repeat; i++) {
    const run = runCfitsio(program, path, "frame", "2");
    theirs.push(run.times[1]!);
    sum = run.sum;
    ours.push(timed(2, () => decodeFrame(frame, out, 0, frame.offsets.length))[1]!);
  }
  report(`${name}, whole`, theirs, ours, out.length, sumOf(out) === sum);
  if (frame.codec !== "RICE_1" || height <= boxSide) continue;
  const two = await timedOnThreads(path, 2);
  report(`${name}, whole, our one thread and two`, ours, two.times, out.length, two.sum === sum);
  const box = out.subarray(0, boxSide * boxSide);
  const sections = runCfitsio(program, path, "section", String(boxSide), options.sections, "5");
  const next = places(5);
  const file = openSync(path, "r");
  const own = timed(Number(options.sections), () => {
    const [x, y] = [next(side - boxSide), next(height - boxSide)];
    readSection(file, frame, x, y, boxSide, box);
  });
  closeSync(file);
  const same = sumOf(box) === sections.sum;
  report(`${name}, section of ${boxSide} x ${boxSide}`, sections.times, own, 0, same);
}
