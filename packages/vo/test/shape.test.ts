import { describe, expect, it } from "vitest";
import { readInterval, readNumber } from "../src/parameters/interval.ts";
import { readCircle, readPolygon, readPosition } from "../src/parameters/shape.ts";

const usage = expect.objectContaining({ code: "VO_USAGE" });

describe("numbers", () => {
  it("numbers are VOTable doubles, with infinity in any case (VOTable 1.4, DALI 1.1)", () => {
    const texts = ["1", "-.5", "+1.", "1e-7", "1E3", "inf", "+Inf", "-INF"];
    const infinite = Number.POSITIVE_INFINITY;
    expect(texts.map(readNumber)).toEqual([1, -0.5, 1, 1e-7, 1000, infinite, infinite, -infinite]);
  });

  it("NaN, hexadecimal numbers, overflows and words are not numbers (contract V3)", () => {
    for (const text of ["NaN", "0x10", "1e999", "", "one", "1,5", "--1", "Infinity", "1_000", "1e"])
      expect(readNumber(text), text).toBeUndefined();
  });
});

describe("intervals", () => {
  it("intervals have one bound or two, which may be infinite (SIA 2.0, 2.1)", () => {
    expect(readInterval("TIME", "5")).toEqual([5, 5]);
    expect(readInterval("TIME", "-inf 7")).toEqual([Number.NEGATIVE_INFINITY, 7]);
  });

  it.each(["", "a", "2 1", "1 2 3", "2001-01-01", "nan 1"])("%j is not an interval", (text) => {
    expect(() => readInterval("TIME", text)).toThrow(usage);
  });
});

describe("POS", () => {
  it("POS reads a circle with the keyword in any case, also as Aladin writes it (section 4 of the contract)", () => {
    const circle = { kind: "circle", lon: 10, lat: -20, radius: 0.5 };
    for (const text of [
      "CIRCLE 10 -20 0.5",
      "circle 370 -20 5e-1",
      "Circle=10 -20 0.5",
      "CIRCLE -350 -20 .5",
    ])
      expect(readPosition("POS", text)).toEqual(circle);
  });

  it.each([
    ["RANGE 10 20 -5 5", [10, 20], [-5, 5]],
    ["RANGE 359 1 -1 1", [359, 1], [-1, 1]],
    ["RANGE 359 361 -1 1", [359, 1], [-1, 1]],
    ["RANGE -10 10 89 +Inf", [350, 10], [89, 90]],
    ["RANGE 0 360 -Inf 0", [0, 360], [-90, 0]],
    ["RANGE -Inf +Inf -Inf +Inf", [0, 360], [-90, 90]],
    ["range -Inf 10 0 1", [0, 360], [0, 1]],
    ["RANGE 10 370 0 1", [0, 360], [0, 1]],
  ])("POS reads %s from west to east (DALI 1.2, Range)", (text, lon, lat) => {
    expect(readPosition("POS", text)).toEqual({ kind: "range", lon, lat });
  });

  it("POS drops the repeated last vertex of a polygon and reduces longitudes (section 4)", () => {
    const vertices = [
      [1, 2],
      [3, 4],
      [5, 0],
    ];
    expect(readPosition("POS", "POLYGON 361 2 3 4 5 0 1 2")).toEqual({ kind: "polygon", vertices });
    expect(readPolygon("POLYGON", "1 2 3 4 5 0")).toEqual({ kind: "polygon", vertices });
  });

  it.each([
    ...["CIRCLE 1 2", "CIRCLE 1 2 -1", "CIRCLE 1 2 0", "CIRCLE 1 91 1", "CIRCLE 1 NaN 1", "CIRCLE 1 2 181"],
    ...[
      "CIRCLE 721 2 1",
      "CIRCLE 1 2 inf",
      "CIRCLE inf 2 1",
      "BOX 1 2 3 4",
      "1,2",
      "CIRCLE",
      "POLYGON 1 2 3 4",
    ],
    ...["POLYGON 1 2 3 4 5", "POLYGON 1 2 3 4 1 2", "RANGE 1 2 4 3", "RANGE 1 2 3", "RANGE inf 1 2 3"],
    ...["RANGE 1 -inf 2 3", "RANGE 1 2 inf inf", "RANGE 1 2 -91 0", "CIRCLE 1e999 2 1"],
  ])("POS refuses %s (contract S10)", (text) => {
    expect(() => readPosition("POS", text)).toThrow(usage);
  });

  it("the error of POS names the parameter, its value and what is allowed", () => {
    expect(() => readCircle("CIRCLE", "1 2")).toThrow(/^CIRCLE=1 2 is not allowed; allowed: longitude/);
  });

  it("a polygon in POS has at most 1000 vertices (contract V4)", () => {
    const corners = (n: number) => Array.from({ length: n }, (_, i) => `${(i * 360) / n} ${i % 2}`).join(" ");
    expect(readPolygon("POLYGON", corners(1000))).toMatchObject({ kind: "polygon" });
    expect(() => readPolygon("POLYGON", corners(1001))).toThrow(/1001 vertices/);
  });
});
