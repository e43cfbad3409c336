import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { footprintBox, footprintCentre, type SkyCorners } from "../../src/sky/footprint.ts";
import { outlineOf } from "../../src/sky/region/footprint-polygon.ts";
import { type SkyShape, shapeProblem, skyRegion } from "../../src/sky/region/sky-region.ts";
import { angle, unitVector } from "../../src/sky/vectors.ts";

interface Case {
  readonly shape: SkyShape;
  readonly places: readonly (readonly [number, number])[];
  readonly inside: readonly boolean[];
  readonly footprints: readonly { readonly corners: SkyCorners; readonly meets: boolean }[];
}
const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/regions.json", import.meta.url), "utf8"),
);

describe.each(["circle", "range", "polygon"] as const)("regions: %s", (kind) => {
  const chosen = cases.filter(({ shape }) => shape.kind === kind);

  it(`a ${kind} contains exactly the positions that astropy puts in it`, () => {
    expect(chosen.length).toBe(50);
    for (const { shape, places, inside } of chosen) {
      const region = skyRegion(shape);
      expect(shapeProblem(shape)).toBeUndefined();
      expect(places.map((place) => region.contains(unitVector(place)))).toEqual(inside);
    }
  });

  it(`a ${kind} meets exactly the footprints that dense samples find (numpy)`, () => {
    for (const { shape, footprints } of chosen) {
      const region = skyRegion(shape);
      for (const { corners, meets } of footprints) {
        expect(region.meets(corners), JSON.stringify({ shape, corners })).toBe(meets);
        if (!meets) continue;
        const [a, b] = [region.box, footprintBox(corners)!];
        for (const axis of [0, 1, 2]) {
          expect(a.max[axis]).toBeGreaterThanOrEqual(b.min[axis]!);
          expect(a.min[axis]).toBeLessThanOrEqual(b.max[axis]!);
        }
        if (region.box.cap === undefined) continue;
        const { middle, radius } = region.box.cap;
        const image = footprintCentre(corners)!;
        const apart = angle(middle, unitVector([image.ra, image.dec]));
        expect(apart).toBeLessThanOrEqual(radius + (image.diameter / 360) * Math.PI + 1e-9);
      }
    }
  });

  it(`the distance to the boundary of a ${kind} is negative inside, and never more than to a position on the other side`, () => {
    for (const { shape, places, inside } of chosen) {
      const region = skyRegion(shape);
      const directions = places.map(unitVector);
      for (const [i, direction] of directions.entries()) {
        const distance = region.distance(direction);
        expect(distance <= 0).toBe(inside[i]);
        for (const [j, other] of directions.entries())
          if (inside[i] !== inside[j])
            expect(Math.abs(distance)).toBeLessThanOrEqual(angle(direction, other) + 1e-12);
      }
    }
  });
});

it.each([
  ["the whole sky", { kind: "range", lon: [0, 360], lat: [-90, 90] }, [12, -89.9], true],
  ["a circle of half of the sky", { kind: "circle", lon: 0, lat: 90, radius: 90 }, [200, 0.1], true],
  ["a circle of all of it", { kind: "circle", lon: 0, lat: 90, radius: 180 }, [10, -90], true],
  ["a range over RA 0", { kind: "range", lon: [359, 1], lat: [-1, 1] }, [0, 0], true],
  ["a range beside it", { kind: "range", lon: [359, 1], lat: [-1, 1] }, [180, 0], false],
  ["a range with a pole", { kind: "range", lon: [10, 20], lat: [80, 90] }, [200, 90], true],
  ["a ring without the pole", { kind: "range", lon: [0, 360], lat: [80, 85] }, [200, 90], false],
] as const)("%s contains a position or does not (by hand)", (_, shape, place, expected) => {
  expect(skyRegion(shape as SkyShape).contains(unitVector(place))).toBe(expected);
});

it("a footprint around a ring meets it, although no corner and no edge does (by hand)", () => {
  const corners: SkyCorners = [
    [0, 80],
    [90, 80],
    [180, 80],
    [270, 80],
  ];
  expect(skyRegion({ kind: "range", lon: [0, 360], lat: [89, 89.5] }).meets(corners)).toBe(true);
  expect(skyRegion({ kind: "range", lon: [0, 360], lat: [70, 75] }).meets(corners)).toBe(false);
});

it.each([
  [
    "crossing edges",
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ],
    "cross",
  ],
  [
    "an edge that goes back",
    [
      [0, 0],
      [2, 0],
      [1, 0],
    ],
    "cross",
  ],
  [
    "two vertices",
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    "three",
  ],
  [
    "vertices all around the sky",
    [
      [0, 0],
      [120, 0],
      [240, 0],
    ],
    "90 degrees",
  ],
  [
    "no problem",
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
    undefined,
  ],
] as const)("a polygon with %s is checked for a problem (SIA 2.0, 2.1.1)", (_, vertices, problem) => {
  const found = shapeProblem({ kind: "polygon", vertices });
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

describe("outlines of footprints", () => {
  it("outlines of footprints are counter-clockwise as seen from inside, whatever the order of the corners (DALI 1.1, 3.3.7: top to left with east left)", () => {
    const [right, top, left] = [
      [9, 0],
      [10, 1],
      [11, 0],
    ] as const;
    const bottom = [10, -1] as const;
    const around = [right, top, left, bottom];
    for (const corners of [around, around.toReversed()]) {
      const outline = outlineOf(corners as unknown as SkyCorners);
      const at = outline.findIndex(([ra]) => ra === 9);
      expect([0, 1, 2, 3].map((i) => outline[(at + i) % 4])).toEqual(around);
    }
  });

  it("outlines of footprints do not cross themselves when the corners are in the wrong order (by hand)", () => {
    const outline = outlineOf([
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ]);
    expect(shapeProblem({ kind: "polygon", vertices: outline })).toBeUndefined();
  });
});
