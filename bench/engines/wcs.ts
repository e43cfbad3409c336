/**
 * Times pixel to sky, sky to pixel and row maps; with the oracles' Python also astropy's wcslib on
 * the same TPV header in the same run.
 * Run: npx tsx bench/engines/wcs.ts
 */
import {
  icrsToPixel,
  pixelMap,
  pixelToIcrs,
  pixelToWorld,
  wcsFromHeader,
} from "../../packages/wcs/src/index.ts";
import { headerOf } from "../../packages/wcs/test/header-of.ts";
import { askPython, oraclePython } from "../../test/support/oracles.ts";

const WIDTH = 10560;
const linear = {
  CTYPE1: "RA---TAN",
  CTYPE2: "DEC--TAN",
  CRPIX1: 5280.5,
  CRPIX2: 5280.5,
  CRVAL1: 40.2,
  CRVAL2: 12.5,
  CD1_1: 5.17e-4,
  CD1_2: 1e-6,
  CD2_1: 1e-6,
  CD2_2: -5.17e-4,
};
const tpv: Record<string, string | number> = { ...linear, CTYPE1: "RA---TPV", CTYPE2: "DEC--TPV" };
for (const axis of [1, 2]) {
  for (let m = 0; m <= 22; m++) {
    if (m !== 3 && m !== 11) tpv[`PV${axis}_${m}`] = m === 1 ? 1.0001 : 1e-5 * Math.cos(m + axis);
  }
}
const aligned = { ...linear, CD1_1: -5.17e-4, CD1_2: 0, CD2_1: 0, CD2_2: 5.17e-4 };

const WCSLIB = `
import json, sys, time
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
header = fits.Header()
for key, value in json.loads(sys.argv[1]).items(): header[key] = value
w = WCS(header)
n = int(sys.argv[2])
pixels = np.stack([np.arange(n) % 10560.0, np.arange(n) // 10560 * 1.0], axis=1)
best = 1e9
for _ in range(5):
    t = time.perf_counter(); w.wcs.p2s(pixels, 0); best = min(best, time.perf_counter() - t)
print(json.dumps(n / best / 1e6))
`;

/** The best of five runs, in millions of positions per second. */
function millions(count: number, run: () => void): string {
  let best = Number.POSITIVE_INFINITY;
  run();
  for (let k = 0; k < 5; k++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return (count / best / 1000).toFixed(2);
}

const source = wcsFromHeader(headerOf(tpv));
const plain = wcsFromHeader(headerOf(linear));
const target = wcsFromHeader(headerOf(aligned));
const outX = new Float64Array(WIDTH);
const outY = new Float64Array(WIDTH);
const rows = (from: typeof source, to: typeof source, count: number) => {
  return millions(count * WIDTH, () => {
    const map = pixelMap(from, to, [WIDTH, count]);
    for (let y = 0; y < count; y++) map.rows(y, 0, 1, WIDTH, outX, outY);
  });
};
const many = 500_000;
let sum = 0;
console.log(`row map TAN to TAN            ${rows(target, plain, 1000)} Mpixel/s`);
console.log(`row map TAN to TPV            ${rows(target, source, 1000)} Mpixel/s`);
console.log(
  `TPV pixel to sky (own frame)  ${millions(many, () => {
    for (let i = 0; i < many; i++) sum += pixelToWorld(source, i % WIDTH, Math.floor(i / WIDTH))!.lon;
  })} M/s`,
);
console.log(
  `TPV pixel to ICRS             ${millions(many, () => {
    for (let i = 0; i < many; i++) sum += pixelToIcrs(source, i % WIDTH, Math.floor(i / WIDTH))!.ra;
  })} M/s`,
);
console.log(
  `TPV ICRS to pixel             ${millions(many / 10, () => {
    for (let i = 0; i < many / 10; i++) sum += icrsToPixel(source, 40.2 + i * 1e-6, 12.5)!.x;
  })} M/s`,
);
if (oraclePython() === undefined) console.log("wcslib: the oracles' Python is not installed");
else
  console.log(
    `wcslib TPV pixel to sky       ${Number(askPython(WCSLIB, JSON.stringify(tpv), String(many))).toFixed(2)} M/s`,
  );
if (!Number.isFinite(sum)) throw new Error("a position is not finite");
