import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { drawMarks, type Mark } from "../../src/draw/marks.ts";
import { circleOutline, ellipseOutline, trailOutline } from "../../src/draw/sky-outline.ts";
import type { PixelPoint } from "../../src/frame/cutout-box.ts";
import { marksOnPicture } from "../../src/frame/picture-geometry.ts";
import { avmSystem, type TanFrame } from "../../src/frame/tan-frame.ts";

type Pixels = readonly (readonly [number, number])[];

interface Case {
  readonly name: string;
  readonly header: Readonly<Record<string, string | number>>;
  readonly ra: number;
  readonly dec: number;
  readonly ellipse: {
    readonly semiAxesArcsec: readonly [number, number];
    readonly positionAngle: number;
    readonly pixels: Pixels;
  };
  readonly circle: { readonly radiusArcsec: number; readonly pixels: Pixels };
  readonly trail: { readonly lengthArcsec: number; readonly positionAngle: number; readonly pixels: Pixels };
  readonly arrow: { readonly positionAngle: number; readonly pixels: Pixels };
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/imaging/marks.json", import.meta.url), "utf8"),
);

/** The picture of a case: pixels of its header are pixels of the picture. */
function pictureOf({ header }: Case) {
  const wcs = wcsFromHeader(headerOf(header));
  const { crval, toPlane: cd, linear } = wcs;
  const frame: TanFrame = {
    system: avmSystem(wcs.frame.system),
    equinox: wcs.frame.equinox,
    crval,
    crpix: linear.crpix,
    cd,
  };
  return { wcs, frame };
}

/** The mark as it is drawn on the picture of a case. */
function onPicture<K extends Mark["kind"]>(entry: Case, mark: Extract<Mark, { readonly kind: K }>) {
  const picture = pictureOf(entry);
  const [placed] = marksOnPicture([mark], picture);
  return { frame: picture.frame, mark: placed as Extract<Mark, { readonly kind: K }> };
}

/** Distance of a point from the nearest side of a closed polygon. */
function distanceToOutline([x, y]: readonly [number, number], corners: readonly PixelPoint[]): number {
  let least = Number.POSITIVE_INFINITY;
  let last = corners.at(-1)!;
  for (const corner of corners) {
    const [dx, dy] = [corner.x - last.x, corner.y - last.y];
    const along = ((x - last.x) * dx + (y - last.y) * dy) / (dx * dx + dy * dy);
    const part = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - last.x - part * dx, y - last.y - part * dy));
    last = corner;
  }
  return least;
}

describe("marks on the sky, against pixels of directional_offset_by of astropy 8.0.2", () => {
  test.each(cases)("an ellipse and a circle follow astropy within 0.06 pixels: $name", (entry) => {
    const place = { lon: entry.ra, lat: entry.dec };
    const ellipse = onPicture(entry, { kind: "ellipse", ...place, ...entry.ellipse });
    const circle = onPicture(entry, { kind: "circle", ...place, ...entry.circle });
    const outlines = [
      [ellipseOutline(ellipse.frame, ellipse.mark), entry.ellipse.pixels],
      [circleOutline(circle.frame, circle.mark), entry.circle.pixels],
    ] as const;
    for (const [outline, pixels] of outlines) {
      const corners = outline.filter((corner) => corner !== undefined);
      expect(corners).toHaveLength(outline.length);
      for (const pixel of pixels) expect(distanceToOutline(pixel, corners)).toBeLessThan(0.06);
    }
  });

  test.each(cases)("a trail is a capsule around the ends that astropy gives: $name", (entry) => {
    const radius = 6;
    const { frame, mark } = onPicture(entry, {
      kind: "trail",
      lon: entry.ra,
      lat: entry.dec,
      ...entry.trail,
    });
    const corners = trailOutline(frame, mark, radius);
    const [start, end] = entry.trail.pixels as readonly [
      readonly [number, number],
      readonly [number, number],
    ];
    const segment = [
      { x: start[0], y: start[1] },
      { x: end[0], y: end[1] },
    ];
    for (const { x, y } of corners)
      expect(Math.abs(distanceToOutline([x, y], segment) - radius)).toBeLessThan(0.001);
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const reach = corners.map(
      ({ x, y }) => ((x - start[0]) * (end[0] - start[0]) + (y - start[1]) * (end[1] - start[1])) / length,
    );
    expect(Math.min(...reach)).toBeCloseTo(-radius, 3);
    expect(Math.max(...reach)).toBeCloseTo(length + radius, 3);
  });

  test.each(cases)("an arrow leaves the middle in the direction of astropy's offset: $name", (entry) => {
    const { frame, mark } = onPicture(entry, {
      kind: "arrow",
      positionAngle: entry.arrow.positionAngle,
    });
    const pixels = new Uint8Array(300 * 200).fill(100);
    drawMarks({ width: 300, height: 200, channels: 1, pixels }, frame, [mark]);
    const [[x0, y0], [x1, y1]] = entry.arrow.pixels as [[number, number], [number, number]];
    let [sumX, sumY] = [0, 0];
    for (const [i, level] of pixels.entries()) {
      if (level === 100) continue;
      sumX += (i % 300) - 149.5;
      sumY += 99.5 - Math.floor(i / 300);
    }
    const cosine =
      (sumX * (x1 - x0) + sumY * (y1 - y0)) / Math.hypot(sumX, sumY) / Math.hypot(x1 - x0, y1 - y0);
    expect(cosine).toBeGreaterThan(0.9995);
  });
});

describe("outlines of marks", () => {
  const frame: TanFrame = {
    system: "ICRS",
    equinox: 2000,
    crval: [40, 20],
    crpix: [150.5, 100.5],
    cd: [-1 / 3600, 0, 0, 1 / 3600],
  };
  const drawn = (mark: Mark, zoom = 1) => {
    const pixels = new Uint8Array(300 * 200).fill(100);
    drawMarks({ width: 300, height: 200, channels: 1, pixels }, frame, [mark], zoom);
    return pixels;
  };

  it("ellipses and trails are white with a black border, and the object inside stays visible", () => {
    const place = { lon: 40, lat: 20 };
    for (const mark of [
      { kind: "ellipse", ...place, semiAxesArcsec: [60, 20], positionAngle: 30 },
      { kind: "trail", ...place, lengthArcsec: 60, positionAngle: 30 },
    ] as const) {
      const pixels = drawn(mark);
      expect(new Set(pixels)).toEqual(new Set([0, 100, 255]));
      for (const [x, y] of [
        [149, 99],
        [150, 100],
        [148, 101],
      ] as const)
        expect(pixels[y * 300 + x]).toBe(100);
    }
  });

  it("the capsule of a trail is wider on an enlarged picture, as the object in it is", () => {
    const mark: Mark = { kind: "trail", lon: 40, lat: 20, lengthArcsec: 60, positionAngle: 90 };
    const rows = (pixels: Uint8Array) => {
      const white = [...pixels.keys()].filter((i) => pixels[i] === 255).map((i) => Math.floor(i / 300));
      return Math.max(...white) - Math.min(...white);
    };
    expect(rows(drawn(mark, 8)) - rows(drawn(mark))).toBe(28);
  });

  it("an ellipse of ten degrees on small pixels has a bounded number of corners", () => {
    const huge = { lon: 40, lat: 20, semiAxesArcsec: [36_000, 36_000], positionAngle: 0 } as const;
    expect(ellipseOutline({ ...frame, cd: [-1e-7, 0, 0, 1e-7] }, huge)).toHaveLength(4096);
  });

  it("the part of an ellipse that is behind the plane of the picture is left out", () => {
    const edge = { lon: 40, lat: -69.5, semiAxesArcsec: [36_000, 36_000], positionAngle: 0 } as const;
    const corners = ellipseOutline(frame, edge);
    expect(corners.some((corner) => corner === undefined)).toBe(true);
    expect(corners.some((corner) => corner !== undefined)).toBe(true);
  });
});
