import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TanPlane, tanWcs } from "../src/model/make-wcs.ts";
import { celestialFrame } from "../src/sky/frames.ts";
import { type ExactMap, gridMap, type RowMap } from "../src/transform/grid-map.ts";
import { pixelToWorld, worldToPixel } from "../src/transform/sky.ts";

const plane: TanPlane = {
  crval: [150, 80],
  crpix: [500, 400],
  cd: [-5e-4, 1e-5, 0, 5e-4],
};
const otherPlane: TanPlane = { crval: [151, 80.3], crpix: [-700, 900], cd: [4e-4, 3e-4, 3e-4, -4e-4] };

const target = tanWcs(plane, celestialFrame("ICRS"));
const source = tanWcs(otherPlane, celestialFrame("ICRS"));

/** Through the sky, followed by a distortion of third order. */
const exact: ExactMap = (x, y, out) => {
  const sky = pixelToWorld(target, x, y)!;
  const at = worldToPixel(source, sky.lon, sky.lat)!;
  out[0] = at.x + 1e-9 * at.x * at.y * at.y - 1e-6 * at.x * at.x;
  out[1] = at.y - 2e-10 * at.x ** 3;
};

function off(map: RowMap, width: number, height: number, of: ExactMap): number {
  const x = new Float64Array(width);
  const y = new Float64Array(width);
  const out = new Float64Array(2);
  let worst = 0;
  for (let row = 0; row < height; row += 7) {
    map(row, 0, 1, width, x, y);
    for (let i = 0; i < width; i++) {
      of(i, row, out);
      expect(Number.isNaN(x[i]!)).toBe(Number.isNaN(out[0]!));
      if (!Number.isNaN(out[0]!))
        worst = Math.max(worst, Math.abs(x[i]! - out[0]!), Math.abs(y[i]! - out[1]!));
    }
  }
  return worst;
}

describe("gridMap against the exact map", () => {
  it("gridMap is off by less than 1e-7 pixels for projections and distortions", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 300 }), (width, height) => {
        expect(off(gridMap(exact, width, height).rows, width, height, exact)).toBeLessThan(1e-7);
      }),
      { numRuns: 20 },
    );
  });

  it("gridMap gives the same positions for any step and start", () => {
    const map = gridMap(exact, 300, 50).rows;
    const x = new Float64Array(300);
    const y = new Float64Array(300);
    map(33, 0, 1, 300, x, y);
    const sx = new Float64Array(300);
    const sy = new Float64Array(300);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 1, max: 90 }), (x0, step) => {
        const count = Math.floor((299 - x0) / step) + 1;
        map(33, x0, step, count, sx, sy);
        for (let i = 0; i < count; i++) {
          expect(sx[i]).toBeCloseTo(x[x0 + i * step]!, 9);
          expect(sy[i]).toBeCloseTo(y[x0 + i * step]!, 9);
        }
      }),
    );
  });

  it("gridMap falls back to the exact map where it is rough, and where it ends", () => {
    const rough: ExactMap = (x, y, out) => {
      out[0] = x + Math.sin(x);
      out[1] = y;
    };
    expect(off(gridMap(rough, 100, 80).rows, 100, 80, rough)).toBe(0);
    const ending: ExactMap = (x, y, out) => {
      out[0] = x + y > 150 ? Number.NaN : x;
      out[1] = x + y > 150 ? Number.NaN : y;
    };
    expect(off(gridMap(ending, 200, 100).rows, 200, 100, ending)).toBeLessThan(1e-9);
  });

  it("gridMap accepts an interpolation within the tolerance and reports its largest error", () => {
    const wavy: ExactMap = (x, y, out) => {
      out[0] = x + 1e-4 * Math.sin(x / 6);
      out[1] = y;
    };
    const loose = gridMap(wavy, 300, 200, 1e-3);
    expect(loose.error).toBeGreaterThan(1e-6);
    expect(loose.error).toBeLessThan(1e-3);
    expect(off(loose.rows, 300, 200, wavy)).toBeLessThan(1e-3);
    const tight = gridMap(wavy, 300, 200);
    expect(tight.error).toBe(0);
    expect(off(tight.rows, 300, 200, wavy)).toBe(0);
  });
});
