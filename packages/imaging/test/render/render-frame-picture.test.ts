import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../../test/support/draws.ts";
import { expectSameBytes } from "../../../../test/support/expect-same-bytes.ts";
import { type FrameSource, memorySource } from "../../src/frame/frame-source.ts";
import { type TanFrame, tanPixelToSky } from "../../src/frame/tan-frame.ts";
import { targetFrame } from "../../src/frame/target-frame.ts";
import { frameLevels } from "../../src/interval/frame-levels.ts";
import { samplePlaces } from "../../src/interval/frame-samples.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { renderPlaced } from "../../src/render/pipeline.ts";
import type { AnyPixels, PixelArray } from "../../src/render/pixel-array.ts";
import { nearestResampler } from "../../src/resample/nearest.ts";
import { type BandJob, takeBands } from "../../src/stretch/band-job.ts";
import { mapBetween, noise, sourceFrame } from "../made-frames.ts";

function geometry(source: TanFrame, shape: readonly [number, number], align: boolean) {
  const pixelToSky = (x: number, y: number) => tanPixelToSky(source, x, y);
  const frame = targetFrame({ ...source, pixelToSky }, shape, align);
  const map = mapBetween(frame, source, shape);
  return { frame, map };
}

/** Stored values, and their conversion to physical ones. */
interface Kind {
  readonly name: string;
  readonly complete: boolean;
  store(values: Float64Array): AnyPixels;
  physical(stored: AnyPixels): PixelArray;
}

const blanked = (stored: AnyPixels) =>
  Float32Array.from(stored as Int16Array, (value) => (value === 1010 ? Number.NaN : value * 2 + 7));

const kinds: readonly Kind[] = [
  { name: "int16", complete: true, store: (v) => Int16Array.from(v), physical: (s) => s as Int16Array },
  {
    name: "uint16",
    complete: true,
    store: (v) => Int16Array.from(v, (x) => x - 32768),
    physical: (s) => Uint16Array.from(s as Int16Array, (x) => x + 32768),
  },
  {
    name: "uint8",
    complete: true,
    store: (v) => Uint8Array.from(v, (x) => x / 12),
    physical: (s) => s as Uint8Array,
  },
  { name: "int16 with BLANK", complete: false, store: (v) => Int16Array.from(v), physical: blanked },
  { name: "int32", complete: true, store: (v) => Int32Array.from(v), physical: (s) => s as Int32Array },
  {
    name: "float32 with NaN",
    complete: false,
    store: (v) => Float32Array.from(v, (x, i) => (i % 11 < 3 ? Number.NaN : x)),
    physical: (s) => s as Float32Array,
  },
  { name: "float64", complete: false, store: (v) => v, physical: (s) => s as Float64Array },
  { name: "NaN", complete: false, store: (v) => v.fill(Number.NaN), physical: (s) => s as Float64Array },
  { name: "constant", complete: false, store: (v) => v.fill(5), physical: (s) => s as Float64Array },
];

function pieces(
  kind: Kind,
  stored: AnyPixels,
  shape: readonly [number, number],
  bandRows: number,
): FrameSource {
  const [width, height] = shape;
  const whole = kind.physical(stored);
  return {
    width,
    height,
    bandRows,
    tileRows: 1,
    complete: kind.complete,
    rows: async (start, count) => stored.slice(start * width, (start + count) * width),
    physical: kind.physical,
    valuesAt: async (places) => places.map((place) => whole[place]!),
  };
}

/** Takes bands of a job, alternating with the thread that started it. */
function helper(source: FrameSource) {
  return (job: BandJob) => takeBands(source, job, { checkpoint: () => undefined });
}

const shapes = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 90 })),
  // several of the cells that are copied at once
  fc.tuple(fc.integer({ min: 151, max: 700 }), fc.integer({ min: 1, max: 110 })),
);
const angles = fc.oneof(
  fc.double({ min: 0, max: 6.3, noNaN: true }),
  fc.constantFrom(0, Math.PI / 2, Math.PI, -Math.PI / 2, 0.005, Math.PI + 0.003),
);

describe("pictures of frames that arrive in bands, against those of images in memory, reprojected first", () => {
  it("a picture from any bands equals that of the image in memory for cuts that the picture defines", async () => {
    const styles: readonly PictureOptions[] = [
      {},
      { stretch: "asinh", invert: true },
      { minCut: { kind: "value", value: 1010 } },
      { minCut: { kind: "value", value: 1000 }, maxCut: { kind: "value", value: 1040 }, stretch: "sqrt" },
      { colormap: "magma", marks: [{ kind: "compass" }] },
      { colormap: "heat", width: 60 },
      { width: 21 },
    ];
    await fc.assert(
      fc.asyncProperty(
        shapes,
        angles,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(...kinds),
        fc.constantFrom(...styles),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.boolean(),
        async (shape, angle, mirror, align, kind, options, bandRows, seed, isHelped) => {
          // much smaller ones are made of blocks
          fc.pre(options.width === undefined || Math.max(...shape) < 8 * options.width);
          const { frame, map } = geometry(sourceFrame(angle, mirror), shape, align);
          const stored = kind.store(noise(shape[0] * shape[1], seed));
          const wanted = await renderPlaced(
            { source: memorySource(kind.physical(stored), shape), frame, map, options },
            "reproject first",
          );
          const source = pieces(kind, stored, shape, bandRows);
          const got = await renderPlaced({
            source,
            frame,
            map,
            options,
            checkpoint: () => undefined,
            memory: (length) => new Uint8Array(length + 7).fill(99),
            ...(isHelped && { help: helper(source) }),
          });
          expect({ ...got, pixels: 0 }).toEqual({ ...wanted, pixels: 0 });
          expectSameBytes(got.pixels, wanted.pixels);
        },
      ),
      { numRuns: draws(300) },
    );
  });

  it("a much smaller picture from bands is off by less than 2.5 of 255 levels on average", async () => {
    await fc.assert(
      fc.asyncProperty(
        angles,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(1, 4, 7, 16, 190),
        fc.integer({ min: 1, max: 5 }),
        async (angle, mirror, align, tileRows, bands) => {
          const shape = [240, 190] as const;
          const { frame, map } = geometry(sourceFrame(angle, mirror), shape, align);
          const stored = Float32Array.from({ length: 240 * 190 }, (_, i) => {
            const [x, y] = [i % 240, Math.floor(i / 240)];
            return 1000 + 500 * Math.sin(x / 40) * Math.cos(y / 30);
          });
          const options = { width: 24, stretch: "sqrt" } as const;
          const wanted = await renderPlaced(
            { source: memorySource(stored, shape), frame, map, options },
            "reproject first",
          );
          const source = { ...pieces(kinds[6]!, stored, shape, tileRows * bands), tileRows };
          const checkpoint = () => undefined;
          const got = await renderPlaced({ source, frame, map, options, checkpoint });
          expect({ ...got, pixels: 0 }).toEqual({ ...wanted, pixels: 0 });
          const help = helper(source);
          const helped = await renderPlaced({ source, frame, map, options, checkpoint, help });
          expectSameBytes(helped.pixels, got.pixels);
          const off = got.pixels.reduce((sum, level, i) => sum + Math.abs(level - wanted.pixels[i]!), 0);
          expect(off / got.pixels.length).toBeLessThan(2.5);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("rowsDone reports final rows when no further step changes them, and only then", async () => {
    const shape = [40, 700] as const;
    const told = async (options: PictureOptions, { kind = kinds[0]!, angle = 0.01, align = false } = {}) => {
      const { frame, map } = geometry(sourceFrame(angle, false), shape, align);
      const source = pieces(kind, kind.store(noise(28_000, 4)), shape, 50);
      const rows: number[] = [];
      let seen: Uint8Array[] = [];
      const rowsDone = async ({ pixels }: { readonly pixels: Uint8Array }, count: number) => {
        rows.push(count);
        if (count === 0) seen = [];
        else seen.push(pixels.slice(0, count * 40));
      };
      const picture = await renderPlaced({
        source,
        frame,
        map,
        options,
        checkpoint: () => undefined,
        rowsDone,
      });
      for (const part of seen) expectSameBytes(part, picture.pixels.subarray(0, part.length));
      return rows;
    };
    // the top of the picture is that of the source, whose upper rows come first
    expect(await told({})).toEqual([256, 512, 700]);
    // all of the source is at the top
    expect(await told({}, { angle: Math.PI / 2, align: true })).toEqual([700]);
    // the guess of the level assumed that no pixel is missing, and is wrong
    const missing = kinds.find(({ name }) => name === "float32 with NaN")!;
    expect(await told({}, { kind: missing })).toEqual([256, 512, 700, 0, 256, 512, 700]);
    const none = kinds.find(({ name }) => name === "NaN")!;
    expect(await told({}, { kind: none })).toEqual([256, 512, 700, 0, 700]);
    expect(await told({ marks: [{ kind: "compass" }] })).toEqual([]);
    expect(await told({ colormap: "magma" })).toEqual([]);
    expect(await told({ width: 300 })).toEqual([]);
  });

  it("a picture is made by one thread when no helper comes, and fails when a helper fails while it has a band", async () => {
    const shape = [60, 500] as const;
    const { frame, map } = geometry(sourceFrame(0.2, false), shape, false);
    const source = pieces(kinds[0]!, Int16Array.from(noise(30_000, 4)), shape, 20);
    const input = { source, frame, map, options: {}, checkpoint: () => undefined };
    const wanted = await renderPlaced(input);
    const none = { ...input, help: () => Promise.reject(new Error("no thread")) };
    expectSameBytes((await renderPlaced(none)).pixels, wanted.pixels);
    const broken = { ...source, rows: () => Promise.reject(new Error("unreadable")) };
    const failing = renderPlaced({ ...input, help: helper(broken) });
    await expect(failing).rejects.toThrow("unreadable");
    // the helper has ended when the picture fails
    let hasEnded = false;
    const late = async (job: BandJob) => {
      await helper(source)(job);
      await new Promise((resolve) => setTimeout(resolve, 20));
      hasEnded = true;
      return 0;
    };
    const gone = renderPlaced({ ...input, source: broken, help: late });
    await expect(gone).rejects.toThrow("unreadable");
    expect(hasEnded).toBe(true);
  });

  it("rendering a frame ends when the checkpoint throws", async () => {
    const shape = [60, 50] as const;
    const { frame, map } = geometry(sourceFrame(1, false), shape, true);
    const source = pieces(kinds[0]!, new Int16Array(3000), shape, 10);
    let calls = 0;
    const checkpoint = () => {
      if (++calls === 3) throw new Error("gone");
    };
    await expect(renderPlaced({ source, frame, map, options: {}, checkpoint })).rejects.toThrow("gone");
    expect(calls).toBe(3);
  });
});

it("minimum, maximum and percentiles of a frame are those of the sorted source", async () => {
  const shape = [90, 70] as const;
  const { map } = geometry(sourceFrame(0.4, false), shape, true);
  const stored = noise(6300, 3);
  const source = pieces(kinds[6]!, stored, shape, 16);
  const sorted = stored.toSorted();
  const levels = (options: PictureOptions) => frameLevels(source, map, options, () => undefined);
  expect(await levels({ cut: "minmax" })).toEqual({ vmin: sorted[0], vmax: sorted[6299] });
  const half = (sorted[3149]! + sorted[3150]!) / 2;
  expect(await levels({ minCut: { kind: "percent", value: 50 }, cut: "minmax" })).toEqual({
    vmin: half,
    vmax: sorted[6299],
  });
});

it("the sample of zscale has the positions of pixels mapped one by one", () => {
  fc.assert(
    fc.property(shapes, angles, fc.boolean(), fc.boolean(), (shape, angle, mirror, align) => {
      const [width, height] = shape;
      const { map } = geometry(sourceFrame(angle, mirror), shape, align);
      const x = new Float64Array(width);
      const y = new Float64Array(width);
      const all: number[] = [];
      for (let row = 0; row < height; row++) {
        map(row, 0, 1, width, x, y);
        for (let i = 0; i < width; i++) {
          const column = Math.floor(x[i]! + 0.5);
          const from = Math.floor(y[i]! + 0.5);
          if (column >= 0 && column < width && from >= 0 && from < height) all.push(from * width + column);
        }
      }
      const stride = Math.floor(Math.max(1, all.length / 1000));
      const wanted = all.filter((_, i) => i % stride === 0).slice(0, 1000);
      expect([...samplePlaces(map, { width, height })]).toEqual(wanted);
    }),
  );
});

it("nearest-neighbour resampling by cells and segments equals resampling pixel by pixel", () => {
  fc.assert(
    fc.property(shapes, angles, fc.boolean(), fc.boolean(), (shape, angle, mirror, align) => {
      const [width, height] = shape;
      const { map } = geometry(sourceFrame(angle, mirror), shape, align);
      const bytes = Uint8Array.from({ length: width * height }, (_, i) => 1 + (i % 255));
      const move = nearestResampler(map, bytes, { width, height }, width);
      const x = new Float64Array(width);
      const y = new Float64Array(width);
      const line = new Uint8Array(width);
      const wanted = new Uint8Array(width);
      for (let row = 0; row < height; row++) {
        move(row, line);
        map(row, 0, 1, width, x, y);
        for (let i = 0; i < width; i++) {
          const column = Math.floor(x[i]! + 0.5);
          const from = Math.floor(y[i]! + 0.5);
          const inside = column >= 0 && column < width && from >= 0 && from < height;
          wanted[i] = inside ? bytes[from * width + column]! : 0;
        }
        expectSameBytes(line, wanted);
      }
    }),
  );
});
