import { describe, expect, it } from "vitest";
import type { Canvas } from "../../src/draw/canvas.ts";
import { GLYPH, glyphPixel } from "../../src/draw/glyphs.ts";
import { drawMarks, type Mark, niceAngle } from "../../src/draw/marks.ts";
import { type TanFrame, tanPixelToSky } from "../../src/frame/tan-frame.ts";

const scale = 1 / 3600;
const upright: TanFrame = {
  system: "ICRS",
  equinox: 2000,
  crval: [40, 20],
  crpix: [150.5, 100.5],
  cd: [-scale, 0, 0, scale],
};
/** North down and east to the left, as in NEAT images. */
const mirrored: TanFrame = { ...upright, cd: [-scale, 0, 0, -scale] };

function canvas(width = 300, height = 200, channels: 1 | 3 = 1): Canvas {
  return { width, height, channels, pixels: new Uint8Array(width * height * channels).fill(100) };
}

interface Changed {
  /** From the left and from the top. */
  readonly x: number;
  readonly y: number;
  readonly level: number;
}

function draw(frame: TanFrame, marks: readonly Mark[], on = canvas()): readonly Changed[] {
  drawMarks(on, frame, marks);
  const changed: Changed[] = [];
  for (let i = 0; i < on.width * on.height; i++) {
    const level = on.pixels[i * on.channels]!;
    if (level !== 100) changed.push({ x: i % on.width, y: Math.floor(i / on.width), level });
  }
  return changed;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("pixels changed by marks", () => {
  it("marks are white with a black border and nothing between", () => {
    const everything: readonly Mark[] = [
      { kind: "cross", lon: 40, lat: 20 },
      { kind: "circle", lon: 40, lat: 20, radiusArcsec: 30 },
      { kind: "arrow", positionAngle: 37, label: "Sun" },
      { kind: "scalebar" },
      { kind: "compass" },
    ];
    const changed = draw(upright, everything);
    expect(new Set(changed.map(({ level }) => level))).toEqual(new Set([0, 255]));
  });

  it("a cross surrounds its position and leaves the position itself free", () => {
    for (const frame of [upright, mirrored]) {
      const [lon, lat] = tanPixelToSky(frame, 70, 30);
      const changed = draw(frame, [{ kind: "cross", lon, lat }]);
      expect(mean(changed.map(({ x }) => x))).toBeCloseTo(70, 6);
      expect(mean(changed.map(({ y }) => y))).toBeCloseTo(199 - 30, 6);
      expect(changed.some(({ x, y }) => Math.hypot(x - 70, y - 169) < 2)).toBe(false);
    }
  });

  it("a circle has its radius in arcseconds", () => {
    const white = draw(upright, [{ kind: "circle", lon: 40, lat: 20, radiusArcsec: 42 }]).filter(
      ({ level }) => level === 255,
    );
    expect(white.length).toBeGreaterThan(200);
    for (const { x, y } of white) expect(Math.abs(Math.hypot(x - 149.5, y - 99.5) - 42)).toBeLessThan(1);
  });

  it("arrows point along position angles from north through east, also in mirrored pictures", () => {
    for (const [frame, angle, right, down] of [
      [upright, 0, 0, -1],
      [upright, 90, -1, 0],
      [upright, 225, Math.SQRT1_2, Math.SQRT1_2],
      [mirrored, 0, 0, 1],
      [mirrored, 90, -1, 0],
    ] as const) {
      const changed = draw(frame, [{ kind: "arrow", positionAngle: angle }]);
      const dx = mean(changed.map(({ x }) => x)) - 149.5;
      const dy = mean(changed.map(({ y }) => y)) - 99.5;
      expect((dx * right + dy * down) / Math.hypot(dx, dy)).toBeGreaterThan(0.999);
    }
  });

  it("labels are next to their arrow", () => {
    const bare = draw(upright, [{ kind: "arrow", positionAngle: 90 }]).length;
    expect(draw(upright, [{ kind: "arrow", positionAngle: 90, label: "v" }]).length).toBeGreaterThan(bare);
  });

  it("the scale bar is the longest round angle in a quarter of the width", () => {
    const white = draw(upright, [{ kind: "scalebar" }]).filter(({ level }) => level === 255);
    const bar = white.filter(({ y }) => y === 199 - 8).map(({ x }) => x);
    expect(Math.max(...bar) - Math.min(...bar)).toBe(60);
    expect(Math.max(...white.map(({ x }) => x))).toBeLessThan(75);
  });

  it("the compass is in the lower right corner, with north and east in their directions", () => {
    for (const [frame, northDown] of [
      [upright, false],
      [mirrored, true],
    ] as const) {
      const changed = draw(frame, [{ kind: "compass" }]);
      expect(Math.max(...changed.map(({ x }) => x))).toBeGreaterThan(285);
      expect(Math.max(...changed.map(({ y }) => y))).toBeGreaterThan(185);
      // the arrow to the east, a horizontal line, is at the foot of the one to the north
      const level = changed.filter(({ x, level }) => level === 255 && x > 260 && x < 275).map(({ y }) => y);
      const middle = mean(changed.map(({ y }) => y));
      expect(mean(level) < middle).toBe(northDown);
    }
  });

  it("marks outside the picture or behind the tangent plane change nothing", () => {
    const off: readonly Mark[] = [
      { kind: "cross", lon: 41, lat: 20 },
      { kind: "circle", lon: 220, lat: -20, radiusArcsec: 10 },
      { kind: "circle", lon: 40, lat: 20, radiusArcsec: 1e7 },
    ];
    expect(draw(upright, off)).toEqual([]);
  });

  it("marks fit on small pictures, and on all three channels of colored ones", () => {
    const marks: readonly Mark[] = [
      { kind: "scalebar" },
      { kind: "compass" },
      { kind: "arrow", positionAngle: 1, label: "0123456789ABCDEF" },
    ];
    for (const [width, height] of [
      [1, 1],
      [5, 300],
      [30, 20],
    ] as const) {
      const on = canvas(width, height, 3);
      draw({ ...upright, crpix: [width / 2, height / 2] }, marks, on);
      for (let i = 0; i < on.pixels.length; i += 3) {
        expect(on.pixels[i + 1]).toBe(on.pixels[i]);
        expect(on.pixels[i + 2]).toBe(on.pixels[i]);
      }
    }
  });
});

describe("the font", () => {
  it("the font has a different glyph for every character of ASCII but the blank", () => {
    const seen = new Set<string>();
    for (let code = 33; code < 127; code++) {
      let glyph = "";
      for (let y = 0; y < GLYPH.height; y++)
        for (let x = 0; x < GLYPH.width; x++)
          glyph += glyphPixel(String.fromCharCode(code), x, y) ? "#" : ".";
      expect(glyph, String.fromCharCode(code)).toContain("#");
      expect(seen.has(glyph), String.fromCharCode(code)).toBe(false);
      seen.add(glyph);
    }
  });
});

describe("round angles", () => {
  it("niceAngle gives the longest round angle that fits", () => {
    expect(niceAngle(75)).toEqual({ arcsec: 60, label: "1'" });
    expect(niceAngle(59)).toEqual({ arcsec: 30, label: '30"' });
    expect(niceAngle(3599)).toEqual({ arcsec: 1800, label: "30'" });
    expect(niceAngle(10 * 3600)).toEqual({ arcsec: 36000, label: "10d" });
    expect(niceAngle(0.34)).toEqual({ arcsec: 0.2, label: '0.2"' });
  });
});
