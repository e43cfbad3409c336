import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../../test/support/draws.ts";
import { expectSameBytes } from "../../../../test/support/expect-same-bytes.ts";
import { memorySource } from "../../src/frame/frame-source.ts";
import { sourceRows } from "../../src/frame/source-rows.ts";
import { type TanFrame, tanPixelToSky, tanSkyToPixel } from "../../src/frame/tan-frame.ts";
import { targetFrame } from "../../src/frame/target-frame.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { renderPlaced } from "../../src/render/pipeline.ts";
import type { PixelArray } from "../../src/render/pixel-array.ts";
import { coverageOf } from "../../src/resample/coverage.ts";
import { resampleRows } from "../../src/resample/resample.ts";
import { mapBetween, noise, sourceFrame } from "../made-frames.ts";

function pictureFrame(source: TanFrame, shape: readonly [number, number]): TanFrame {
  return targetFrame({ ...source, pixelToSky: (x, y) => tanPixelToSky(source, x, y) }, shape, true);
}

const kinds: readonly ((values: Float64Array) => PixelArray)[] = [
  (values) => Uint16Array.from(values),
  (values) => Int16Array.from(values, (value) => value - 1500),
  (values) => Int32Array.from(values),
  (values) => Float32Array.from(values, (value, i) => (i % 11 === 3 ? Number.NaN : value)),
  (values) => values,
];

const shapes = fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 90 }));
const angles = fc.double({ min: 0, max: 6.3, noNaN: true });

describe("whole frames in memory, drawn in bands", () => {
  it("a frame whose values are not kept gives the picture of an image in memory, from any bands", async () => {
    const styles: readonly PictureOptions[] = [
      {},
      { stretch: "asinh", invert: true },
      { cut: "percentile" },
      { interpolation: "bilinear", minCut: { kind: "value", value: 1010 } },
      { interpolation: "bilinear", width: 20, colormap: "heat", marks: [{ kind: "compass" }] },
    ];
    await fc.assert(
      fc.asyncProperty(
        shapes,
        angles,
        fc.boolean(),
        fc.constantFrom(...kinds),
        fc.constantFrom(...styles),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        async (shape, angle, mirror, kind, options, bandRows, seed) => {
          const from = sourceFrame(angle, mirror);
          const frame = pictureFrame(from, shape);
          const place = { frame, map: mapBetween(frame, from, shape), options };
          const { values, ...memory } = memorySource(kind(noise(shape[0] * shape[1], seed)), shape);
          const order = "reproject first";
          const whole = await renderPlaced({ source: { ...memory, values }, ...place }, order);
          const bands = await renderPlaced({ source: { ...memory, bandRows }, ...place }, order);
          expectSameBytes(bands.pixels, whole.pixels);
        },
      ),
      { numRuns: draws(150) },
    );
  });

  it("drawing a band needs only the source rows given by sourceRows", () => {
    fc.assert(
      fc.property(
        shapes,
        angles,
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (shape, angle, mirror, band) => {
          const [width, height] = shape;
          const from = sourceFrame(angle, mirror);
          const map = mapBetween(pictureFrame(from, shape), from, shape);
          const data = noise(width * height, 5);
          const whole = new Float64Array(width * height);
          resampleRows(
            map,
            { data, width, height, firstRow: 0, rows: height },
            "bilinear",
            { width, y0: 0, y1: height },
            whole,
          );
          for (let y = 0; y < height; y += band) {
            const end = Math.min(height, y + band);
            const { start, count } = sourceRows(map, width, height, y, end);
            const rows = data.subarray(start * width, (start + count) * width);
            const out = new Float64Array((end - y) * width);
            const source = { data: rows, width, height, firstRow: start, rows: count };
            resampleRows(map, source, "bilinear", { width, y0: y, y1: end }, out);
            expectSameBytes(out, whole.subarray(y * width, end * width));
          }
        },
      ),
    );
  });

  it("coverage by cells and segments equals coverage pixel by pixel", () => {
    fc.assert(
      fc.property(shapes, angles, (shape, angle) => {
        const [width, height] = shape;
        const from = sourceFrame(angle, false);
        const map = mapBetween(pictureFrame(from, shape), from, shape);
        const { counts, firsts } = coverageOf(map, { width, height }, width, 0, height);
        const out = new Float32Array(width);
        const source = { data: new Uint8Array(width * height), width, height, firstRow: 0, rows: height };
        for (let y = 0; y < height; y++) {
          resampleRows(map, source, "nearest", { width, y0: y, y1: y + 1 }, out);
          const count = out.filter((value) => value === 0).length;
          const first = out.indexOf(0);
          const isOnePiece = count > 0 && out.lastIndexOf(0) - first + 1 === count;
          expect([counts[y], firsts[y]]).toEqual([count, isOnePiece ? first : -1]);
        }
      }),
    );
  });
});

describe("maps between TAN frames", () => {
  it("a map between TAN frames equals the map through the sky", () => {
    fc.assert(
      fc.property(
        angles,
        fc.boolean(),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 79 }),
        (angle, mirror, x, y) => {
          const from = sourceFrame(angle, mirror);
          const to = pictureFrame(from, [100, 80]);
          const sx = new Float64Array(1);
          const sy = new Float64Array(1);
          mapBetween(to, from, [100, 80])(y, x, 1, 1, sx, sy);
          const place = tanSkyToPixel(from, ...tanPixelToSky(to, x, y))!;
          expect(sx[0]).toBeCloseTo(place.x, 7);
          expect(sy[0]).toBeCloseTo(place.y, 7);
        },
      ),
    );
  });
});
