// Times the steps of a picture on one thread, in Mpixel/s: zscale, levels, resampling, encoding,
// cutouts and whole frames.
//
// npx tsx bench/engines/imaging.ts [--side 4096] [--runs 5]      (Node 24 runs it without tsx)
//
// The image is noise of sigma about 40 around 1000 with TAN coordinates, rotated by 180 degrees as
// ATLAS frames are; the best run counts.
import { parseArgs } from "node:util";
import { avmPacket } from "../../packages/imaging/src/avm/avm.ts";
import { type FrameSource, memorySource } from "../../packages/imaging/src/frame/frame-source.ts";
import { ownWcs, type TanFrame, tanPixelToSky } from "../../packages/imaging/src/frame/tan-frame.ts";
import { targetFrame } from "../../packages/imaging/src/frame/target-frame.ts";
import { zscale } from "../../packages/imaging/src/interval/zscale.ts";
import { renderPlaced } from "../../packages/imaging/src/render/pipeline.ts";
import { nearestResampler } from "../../packages/imaging/src/resample/nearest.ts";
import { resampleRows } from "../../packages/imaging/src/resample/resample.ts";
import { linearLevels, stretchedLevels } from "../../packages/imaging/src/stretch/stretch.ts";
import { pixelMap } from "../../packages/wcs/src/transform/pixel-map.ts";
import { encodePicture } from "../../src/products/encode/encode-picture.ts";

const { values: args } = parseArgs({
  options: { side: { type: "string", default: "4096" }, runs: { type: "string", default: "5" } },
});
const side = Number(args.side);
const runs = Number(args.runs);

async function best(work: () => unknown): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

async function report(name: string, pixels: number, work: () => unknown): Promise<void> {
  const ms = await best(work);
  const rate = (pixels / ms / 1000).toFixed(0);
  console.log(`${name.padEnd(52)} ${ms.toFixed(2).padStart(9)} ms ${rate.padStart(7)} Mpixel/s`);
}

function noise(count: number): Uint16Array {
  const out = new Uint16Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32 - 0.5;
    }
    out[i] = 1000 + 80 * sum;
  }
  return out;
}

function sourceFor(size: number): TanFrame {
  const scale = 1.86 / 3600;
  return {
    system: "ICRS",
    equinox: 2000,
    crval: [150, 20],
    crpix: [size / 2 + 20, size / 2 - 31],
    cd: [scale, scale / 100, -scale / 100, -scale],
  };
}

function pictureOf(size: number, align: boolean) {
  const source = sourceFor(size);
  const pixelToSky = (x: number, y: number) => tanPixelToSky(source, x, y);
  const frame = targetFrame({ ...source, pixelToSky }, [size, size], align);
  return { frame, map: pixelMap(ownWcs(frame), ownWcs(source), [size, size]).rows };
}

const data = noise(side * side);
const floats = Float32Array.from(data);
const count = side * side;
const out = new Uint8Array(count);
const levels = { vmin: 920, vmax: 1080 };
const source = { data, width: side, height: side, firstRow: 0, rows: side };
const { frame, map } = pictureOf(side, true);
const resampled = new Float32Array(count);
const stored = Int16Array.from(data);
const line = new Uint8Array(side);
const x = new Float64Array(side);
const y = new Float64Array(side);

console.log(`${side} x ${side}, Node ${process.versions.node}, best of ${runs}`);
await report("zscale, uint16", count, () => zscale(data));
await report("zscale, float32", count, () => zscale(floats));
await report("linear levels, float32", count, () => linearLevels(floats, levels, out));
await report("asinh stretch, float32", count, () =>
  stretchedLevels(floats, levels, { stretch: "asinh" }, out),
);
await report("TAN to TAN map, without its grid", count, () => {
  for (let row = 0; row < side; row++) map(row, 0, 1, side, x, y);
});
await report("nearest neighbour, uint16, turned", count, () =>
  resampleRows(map, source, "nearest", { width: side, y0: 0, y1: side }, resampled),
);
await report("bilinear, float32, turned", count, () =>
  resampleRows(map, { ...source, data: floats }, "bilinear", { width: side, y0: 0, y1: side }, resampled),
);
const frameSource: FrameSource = {
  width: side,
  height: side,
  complete: true,
  bandRows: 64,
  tileRows: 1,
  rows: async (start, count) => stored.subarray(start * side, (start + count) * side),
  physical: (values) => values as Int16Array,
  valuesAt: async (places) => places.map((place) => data[place]!),
};
const checkpoint = () => undefined;
await report("move pixels, bytes, turned", count, () => {
  const move = nearestResampler(map, out, { width: side, height: side }, side);
  for (let row = 0; row < side; row++) move(row, line);
});
await report("whole frame, int16, aligned: picture", count, () =>
  renderPlaced({ source: frameSource, frame, map, options: {}, checkpoint }),
);
await report("whole frame, int16, aligned: width=256", count, () =>
  renderPlaced({ source: frameSource, frame, map, options: { width: 256 }, checkpoint }),
);
const whole = { width: side, height: side, channels: 1, pixels: out } as const;
await report("JPEG of the frame", count, () => encodePicture(whole, { format: "jpeg" }));
await report("PNG of the frame", count, () => encodePicture(whole, { format: "png" }));
for (const size of [161, 512]) {
  const cutout = data.subarray(0, size * size);
  for (const align of [false, true]) {
    const place = pictureOf(size, align);
    const name = `cutout of ${size}^2${align ? ", aligned" : ""}`;
    const make = () => renderPlaced({ source: memorySource(cutout, [size, size]), ...place, options: {} });
    await report(`${name}: picture`, size * size, make);
    await report(`${name}: JPEG with AVM`, size * size, async () => {
      const picture = await make();
      return encodePicture(picture, { format: "jpeg", xmp: avmPacket(picture) });
    });
  }
}
console.log(
  `frame of the picture: ${frame.cd.map((value) => (value * 3600).toFixed(2)).join(" ")} arcsec/pixel`,
);
