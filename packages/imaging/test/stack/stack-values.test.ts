import { describe, expect, it } from "vitest";
import type { ExactMap } from "../../../wcs/src/transform/grid-map.ts";
import { framePlaces } from "../../src/stack/frame-places.ts";
import { INTERPOLATIONS } from "../../src/stack/kernel/sample-plain.ts";
import { plainMachine, type StackMachine, stackMachine } from "../../src/stack/kernel/stack-machine.ts";
import { COMBINATIONS, type Combination, stackFrames } from "../../src/stack/stack-frames.ts";
import { floats, stackFixture } from "./stack-fixture.ts";

const { sampling, combining } = stackFixture;
const machines: readonly (readonly [string, () => StackMachine])[] = [
  ["the kernel", () => stackMachine(100_000, 64)],
  ["its twin", plainMachine],
];

function inMachine(machine: StackMachine, values: ArrayLike<number>): Float64Array {
  const array = machine.floats(values.length);
  array.set(values);
  return array;
}

describe.each(machines)("stacks by %s", (who, machineOf) => {
  it.each(INTERPOLATIONS)(
    `${who} samples by %s what reproject_interp gives bit for bit, or the kernel's definition in numpy to 1e-12`,
    (kind) => {
      const machine = machineOf();
      const count = sampling.x.length;
      const frame = {
        data: inMachine(machine, sampling.pixels),
        width: sampling.width,
        height: sampling.height,
      };
      const places = {
        xs: inMachine(machine, sampling.x),
        ys: inMachine(machine, sampling.y),
        areas: inMachine(machine, new Float64Array(count).fill(1)),
      };
      const out = machine.floats(count);
      machine.sampleRow(frame, places, count, { kind, background: [0, 0, 0], gain: 1 }, out);
      const wanted = floats(sampling.values[kind]);
      let values = 0;
      for (let i = 0; i < count; i++) {
        if (kind === "nearest" || kind === "bilinear") expect(Object.is(out[i], wanted[i])).toBe(true);
        else if (Number.isNaN(wanted[i]!)) expect(out[i]).toBeNaN();
        else expect(Math.abs(out[i]! - wanted[i]!)).toBeLessThan(1e-12 * 2000);
        if (!Number.isNaN(out[i]!)) values++;
      }
      expect(values).toBeGreaterThan(100);
    },
  );

  it(`${who} gives no value where a pixel with weight has none, and one where its weight is 0`, () => {
    const machine = machineOf();
    const frame = { data: inMachine(machine, new Float64Array(64).fill(5)), width: 8, height: 8 };
    frame.data[3 * 8 + 5] = Number.NaN;
    const at = (x: number, y: number, kind: (typeof INTERPOLATIONS)[number]): number => {
      const one = (value: number) => inMachine(machine, [value]);
      const out = machine.floats(1);
      const places = { xs: one(x), ys: one(y), areas: one(1) };
      machine.sampleRow(frame, places, 1, { kind, background: [0, 0, 0], gain: 1 }, out);
      return out[0]!;
    };
    expect([at(4, 3, "cubic"), at(4, 3, "bilinear"), at(4, 3, "lanczos3")]).toEqual([5, 5, 5]);
    expect([at(4.5, 3, "bilinear"), at(4.5, 3, "cubic"), at(3.5, 3.5, "cubic")]).toEqual([NaN, NaN, NaN]);
    // along x the column has no weight, along y the rows have
    expect(at(4, 3.5, "cubic")).toBeCloseTo(5, 12);
    expect([at(0, 0, "cubic"), at(7, 7, "lanczos3"), at(-0.01, 0, "bilinear")]).toEqual([5, 5, NaN]);
    expect([at(0.5, 3, "cubic"), at(1.5, 3, "lanczos3"), at(NaN, 3, "nearest")]).toEqual([NaN, NaN, NaN]);
  });

  const identity: ExactMap = (x, y, out) => {
    out[0] = x;
    out[1] = y;
  };

  const cases = combining.flatMap((cube) => COMBINATIONS.map((combine) => ({ cube, combine })));
  it.each(cases)(
    `${who} combines $cube.frames frames by $combine as numpy and astropy's sigma_clip do, to 1e-12`,
    async ({ cube, combine }) => {
      const { frames: count } = cube;
      const side = 5;
      const planes = Array.from({ length: count }, (_, k) => {
        const plane = new Float64Array(side * side).fill(Number.NaN);
        plane.set(floats(cube.cube.slice(k * 24, (k + 1) * 24)));
        return plane;
      });
      const places = framePlaces(identity, side);
      const stack = await stackFrames({
        frames: planes.map((_, k) => ({ places, naxis: [side, side], gain: 1, weight: cube.weights[k]! })),
        side,
        combine,
        inverseVariance: false,
        interpolation: "nearest",
        background: "none",
        read: async (frame) => planes[frame]!,
        machine: machineOf,
      });
      const wanted = floats(cube[combine]);
      for (let i = 0; i < 24; i++) {
        if (Number.isNaN(wanted[i]!)) expect(stack.values[i]).toBeNaN();
        else expect(Math.abs(stack.values[i]! / wanted[i]! - 1)).toBeLessThan(1e-12);
      }
      const used = combine === "clipped" ? cube.kept : cube.n;
      expect([...stack.coverage.subarray(0, 24)]).toEqual(used);
      expect(stack.coverage[24]).toBe(0);
      const all = cube.n.reduce((sum, n) => sum + n, 0);
      expect(stack.frames.reduce((sum, frame) => sum + frame.used, 0)).toBe(all);
      const rejected = stack.frames.reduce((sum, frame) => sum + frame.rejected, 0);
      expect(rejected).toBe(all - used.reduce((sum, n) => sum + n, 0));
    },
  );

  it.each(["median", "clipped", "mean"] as const satisfies readonly Combination[])(
    `${who} stacks by %s in strips of one row, reading each again, what it stacks in one piece`,
    async (combine) => {
      const side = 9;
      let seed = 1;
      const next = () => {
        seed = (seed * 16807) % 2147483647;
        return seed / 2147483647;
      };
      const planes = Array.from({ length: 7 }, () => Float64Array.from({ length: 144 }, () => 100 + next()));
      const turned: ExactMap = (x, y, out) => {
        out[0] = 1.3 + 0.9 * x + 0.1 * y;
        out[1] = 0.8 - 0.1 * x + 0.95 * y;
      };
      let reads = 0;
      const input = {
        frames: planes.map(() => ({
          places: framePlaces(turned, side),
          naxis: [12, 12],
          gain: 2,
          weight: 1,
        })),
        side,
        combine,
        inverseVariance: false,
        interpolation: "cubic",
        background: "plane",
        read: async (frame: number, { start: [x0, y0], shape: [w, h] }) => {
          reads++;
          return Float64Array.from(
            { length: w * h },
            (_, i) => planes[frame]![(y0 + Math.floor(i / w)) * 12 + x0 + (i % w)]!,
          );
        },
        machine: machineOf,
      } as const satisfies Parameters<typeof stackFrames>[0];
      const whole = await stackFrames(input);
      expect(reads).toBe(7);
      const parts = await stackFrames({ ...input, memory: { strip: 8, kept: 0 } });
      expect(reads).toBe(7 + (combine === "mean" ? 7 : 7 * side));
      expect(parts.coverage).toEqual(whole.coverage);
      expect(whole.coverage.some((n) => n === 7)).toBe(true);
      for (const plane of ["values", "errors"] as const)
        for (let i = 0; i < side * side; i++)
          if (whole.coverage[i]! > 0) expect(parts[plane][i]).toBeCloseTo(whole[plane][i]!, 10);
    },
  );
});
