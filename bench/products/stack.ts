// Times stacks of frames in memory, from coordinate systems and pixels to values, errors and
// coverage, on one thread: sky, sampling, median. With --peer, numpy and astropy do the same in the
// same run (bench/products/stack-peer.py) and the medians are compared.
//
// npx tsx bench/products/stack.ts [--frames 100] [--side 121] [--combine median] [--interpolation
// cubic] [--runs 5] [--tpv] [--peer PYTHON]
//
// The best run counts. PYTHON has the versions of test/fixtures/generators/requirements.txt.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { headerFromCards } from "../../packages/fits/src/header/header.ts";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { framePlaces, planeMap } from "../../packages/imaging/src/stack/frame-places.ts";
import type { Interpolation } from "../../packages/imaging/src/stack/kernel/sample-plain.ts";
import { type Combination, stackFrames } from "../../packages/imaging/src/stack/stack-frames.ts";
import { wcsFromHeader } from "../../packages/wcs/src/header/wcs-from-header.ts";

const { values: args } = parseArgs({
  options: {
    frames: { type: "string", default: "100" },
    side: { type: "string", default: "121" },
    combine: { type: "string", default: "median" },
    interpolation: { type: "string", default: "cubic" },
    runs: { type: "string", default: "5" },
    tpv: { type: "boolean", default: false },
    peer: { type: "string" },
  },
});
const [count, side, runs] = [Number(args.frames), Number(args.side), Number(args.runs)];
const interpolation = args.interpolation as Interpolation;
const combine = args.combine as Combination;
const SCALE = 1.86 / 3600;
const naxis = [side + 12, side + 12] as const;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const distortion = { PV1_1: 1, PV1_7: -2.5e-3, PV2_1: 1, PV2_7: -2.5e-3 };
const headers = Array.from({ length: count }, (_, k) => {
  const turn = Math.PI + (random() - 0.5) * 0.02;
  const kind = args.tpv ? "TPV" : "TAN";
  // far from the tangent point, where a distortion counts
  const away = args.tpv ? 2000 : 0;
  return {
    ...{ CTYPE1: `RA---${kind}`, CTYPE2: `DEC--${kind}`, CRVAL1: 150 + 0.01 * k, CRVAL2: 20 + 0.004 * k },
    ...{ CRPIX1: side / 2 + 6 + random() + away, CRPIX2: side / 2 + 6 + random() - away },
    ...{ CD1_1: -SCALE * Math.cos(turn), CD1_2: SCALE * Math.sin(turn) },
    ...{ CD2_1: SCALE * Math.sin(turn), CD2_2: SCALE * Math.cos(turn) },
    ...(args.tpv && distortion),
  };
});
const systems = headers.map((header) =>
  wcsFromHeader(headerFromCards(Object.entries(header).map(([key, value]) => valueCard(key, value)))),
);
const { pixelToIcrs } = await import("../../packages/wcs/src/transform/sky.ts");
const places = systems.map((wcs) => pixelToIcrs(wcs, side / 2 + 5.3, side / 2 + 5.6)!);
const pixels = Array.from({ length: count }, () =>
  Float32Array.from(
    { length: naxis[0] * naxis[1] },
    () => 1000 + 80 * (random() + random() + random() - 1.5),
  ),
);

let fastest = Number.POSITIVE_INFINITY;
/** Processor time of the best run, milliseconds: little affected by other programs. */
let leastWork = Number.POSITIVE_INFINITY;
let values: Float64Array = new Float64Array(0);
for (let run = 0; run < runs; run++) {
  const start = performance.now();
  const before = process.cpuUsage();
  const stack = await stackFrames({
    frames: systems.map((wcs, k) => ({
      places: framePlaces(planeMap({ ...places[k]!, scale: SCALE, side }, wcs), side),
      naxis,
      gain: 1,
      weight: 1,
    })),
    side,
    combine,
    inverseVariance: true,
    interpolation,
    background: "median",
    read: async (k, { start: [x0, y0], shape: [width, height] }) => {
      if (width === naxis[0] && height === naxis[1]) return pixels[k]!;
      const box = new Float32Array(width * height);
      for (let y = 0; y < height; y++) {
        const from = (y0 + y) * naxis[0] + x0;
        box.set(pixels[k]!.subarray(from, from + width), y * width);
      }
      return box;
    },
  });
  fastest = Math.min(fastest, performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  leastWork = Math.min(leastWork, (user + system) / 1000);
  values = stack.values;
}
const what = `${count} frames of ${side} x ${side}, ${combine}, ${interpolation}${args.tpv ? ", TPV" : ""}`;
console.log(`${what}: ${fastest.toFixed(1)} ms, processor ${leastWork.toFixed(1)} ms (best of ${runs})`);

if (args.peer !== undefined) {
  const folder = mkdtempSync(join(tmpdir(), "bench-stack-"));
  try {
    for (const [k, frame] of pixels.entries()) writeFileSync(join(folder, `${k}.f4`), frame);
    const request = { folder, side, scale: SCALE, naxis, interpolation, combine, headers, places };
    writeFileSync(join(folder, "request.json"), JSON.stringify(request));
    const peer = fileURLToPath(new URL("stack-peer.py", import.meta.url));
    const { seconds } = JSON.parse(execFileSync(args.peer, [peer, folder], { encoding: "utf8" })) as {
      seconds: number;
    };
    const theirs = new Float64Array(readFileSync(join(folder, "stack.f8")).buffer.slice(0));
    let largest = 0;
    for (let i = 0; i < side * side; i++) {
      const off = Math.abs(values[i]! - theirs[i]!);
      if (off > largest) largest = off;
    }
    const ratio = (1000 * seconds) / fastest;
    console.log(
      `numpy and astropy: ${(1000 * seconds).toFixed(0)} ms, ${ratio.toFixed(1)} times as long; largest difference ${largest.toExponential(1)} of noise 40`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
