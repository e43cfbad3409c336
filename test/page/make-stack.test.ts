import { readFileSync } from "node:fs";
import { wcsFromHeader } from "@sbnsis/wcs";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../packages/wcs/test/header-of.ts";
import { makeStack } from "../../page/stack/make-stack.ts";
import { planStack, type StackableFrame } from "../../page/stack/stack-plan.ts";

interface Fixture {
  readonly side: number;
  readonly frame: number;
  readonly scale: number;
  readonly frames: readonly {
    readonly cards: Record<string, string | number>;
    readonly ra: number;
    readonly dec: number;
    readonly pixels: readonly number[];
  }[];
  readonly mean: readonly (number | null)[];
  readonly median: readonly (number | null)[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../fixtures/imaging/page-stack.json", import.meta.url), "utf8"),
);

describe("stacks of the page", () => {
  test.each(["mean", "median"] as const)(
    "the %s of turned frames around a moving object is that of numpy and astropy",
    async (combine) => {
      const { side, frame, scale } = fixture;
      const frames = new Map(
        fixture.frames.map(({ cards, pixels }, n) => [
          n,
          {
            // stored as surveys store unsigned numbers
            image: {
              width: frame,
              height: frame,
              stored: Int16Array.from(pixels, (v) => v - 32768),
              zero: 32768,
              scale: 1,
              blank: undefined,
              isExact: true,
            },
            wcs: wcsFromHeader(headerOf(cards)),
          },
        ]),
      );
      const planes = fixture.frames.map(({ ra, dec }, n) => ({ n, plane: { ra, dec, scale, side } }));
      const stack = await makeStack(frames, { planes, combine, interpolation: "cubic" });
      expect(stack.frames).toBe(fixture.frames.length);
      let compared = 0;
      for (const [i, expected] of fixture[combine].entries()) {
        if (expected === null) expect(stack.values[i]).toBeNaN();
        else {
          // a millionth of the noise of a frame, which is 10
          expect(Math.abs(stack.values[i]! - expected)).toBeLessThan(1e-5);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(100);
    },
  );

  test("the plan of a stack follows the prediction, or one motion, or the ellipse, by hand at the equator", () => {
    const second = 1 / 3600;
    const rows: StackableFrame[] = [0, 1, 2].map((k) => ({
      n: k,
      place: { ra: 10 + 30 * k * second, dec: 0, mjd: 60_000 + k / 24 },
      mid: 60_000 + k / 24,
      exposure: 30,
      motion: undefined,
      uncertainty: k === 2 ? undefined : { a: 6, pa: 0, sigma: 3 },
      scale: (1 + k) * second,
    }));
    const plain = planStack(rows, { align: "object", side: 9 })!;
    expect(plain.scale).toBeCloseTo(3 * second, 12);
    expect(plain.reference.ra).toBeCloseTo(10 + 30 * second, 9);
    expect(plain.planes.map(({ plane }) => Math.round((plane.ra - 10) * 3600))).toEqual([0, 30, 60]);
    const sky = planStack(rows, { align: "sky", side: 9 })!;
    expect(sky.planes.map(({ plane }) => Math.round((plane.ra - 10) * 3600))).toEqual([30, 30, 30]);
    const moved = planStack(rows, { align: "object", motion: { rate: 60, pa: 90 }, side: 9 })!;
    expect(moved.planes.map(({ plane }) => Math.round((plane.ra - 10) * 3600))).toEqual([-30, 30, 90]);
    const along = planStack(rows, { align: "object", along: 1.5, side: 9 })!;
    expect(along.planes.map(({ n }) => n)).toEqual([0, 1]);
    expect(along.planes.map(({ plane }) => Math.round(plane.dec * 3600 * 1000) / 1000)).toEqual([3, 3]);
    expect(planStack([], { align: "object", side: 9 })).toBeUndefined();
  });
});
