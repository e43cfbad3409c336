import { describe, expect, it } from "vitest";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { framePlaces, placeRow, planeMap } from "../../src/stack/frame-places.ts";
import { stackMachine } from "../../src/stack/kernel/stack-machine.ts";
import { stackFixture } from "./stack-fixture.ts";

describe("places of a stack in a frame", () => {
  it.each(stackFixture.frames)(
    "places and areas of a stack's pixels in a frame $name are astropy's to 1e-6 pixels and 1e-5",
    ({ header, ra, dec, plane }) => {
      const wcs = wcsFromHeader(headerOf(header));
      const places = framePlaces(
        planeMap({ ra, dec, scale: plane.scale, side: plane.side }, wcs),
        plane.side,
      );
      expect(places.patches).toBeGreaterThan(0);
      const machine = stackMachine(10_000, 1);
      const row = {
        xs: machine.floats(plane.side),
        ys: machine.floats(plane.side),
        areas: machine.floats(plane.side),
      };
      const work = machine.floats(18);
      for (const [i, column] of plane.column.entries()) {
        if (!Number.isInteger(column)) continue;
        placeRow(machine, places, plane.row[i]!, [5, 3], row, work);
        expect(Math.abs(row.xs[column]! + 5 - plane.x[i]!)).toBeLessThan(1e-6);
        expect(Math.abs(row.ys[column]! + 3 - plane.y[i]!)).toBeLessThan(1e-6);
        expect(Math.abs(row.areas[column]! / plane.area[i]! - 1)).toBeLessThan(1e-5);
      }
    },
  );

  it("positions in a frame whose map has a kink are computed one by one, with the areas of the exact map", () => {
    const places = framePlaces((x, y, out) => {
      out[0] = Math.abs(x - 20.3) * 2;
      out[1] = y > 30 ? Number.NaN : 3 * y;
    }, 41);
    expect(places.patches).toBe(0);
    const machine = stackMachine(1000, 1);
    const row = { xs: machine.floats(41), ys: machine.floats(41), areas: machine.floats(41) };
    placeRow(machine, places, 12, [1, 2], row, machine.floats(18));
    expect([row.xs[0], row.ys[0], row.areas[0]].map((value) => value!.toFixed(9))).toEqual([
      "39.600000000",
      "34.000000000",
      "6.000000000",
    ]);
    placeRow(machine, places, 40, [1, 2], row, machine.floats(18));
    expect(row.ys[5]).toBeNaN();
  });
});
