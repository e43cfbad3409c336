import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixtureArray } from "../../../../test/support/fixture-arrays.ts";
import {
  countFinite,
  SamplePicker,
  zscale,
  zscaleOfSamples,
  zscaleSamples,
} from "../../src/interval/zscale.ts";
import { linearLevels } from "../../src/stretch/stretch.ts";

interface ZscaleCase {
  readonly name: string;
  readonly type: string;
  readonly data: string;
  readonly vmin: number;
  readonly vmax: number;
  readonly float64: readonly [number, number];
  readonly levels: string;
}

const cases = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/imaging/zscale.json", import.meta.url), "utf8"),
) as readonly ZscaleCase[];

function expectClose(got: number, expected: number): void {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(
    1e-12 * Math.max(Math.abs(expected), Number.MIN_VALUE),
  );
}

describe("zscale against astropy's ZScaleInterval 8.0.2", () => {
  for (const { name, type, data, vmin, vmax } of cases) {
    it(`zscale has the limits of ZScaleInterval for ${name}`, () => {
      const levels = zscale(fixtureArray(data, type))!;
      expectClose(levels.vmin, vmin);
      expectClose(levels.vmax, vmax);
    });
  }

  it("zscale has no limits when no value is finite", () => {
    expect(zscale(new Float32Array([Number.NaN, Number.POSITIVE_INFINITY]))).toBeUndefined();
    expect(zscale(new Int16Array(0))).toBeUndefined();
  });

  it("zscale leaves its input unchanged", () => {
    const values = new Float64Array([3, 1, 2, 9, 8, 7]);
    zscale(values);
    expect([...values]).toEqual([3, 1, 2, 9, 8, 7]);
  });
});

/**
 * Astropy's levels here differ by three rounding errors, and so does its picture; ours is black.
 */
const decidedByRounding = "a constant above zero by less than one";

describe("levels as numpy's uint8 of (ZScaleInterval()(x, clip=True) * 255)", () => {
  for (const { name, type, data, levels } of cases) {
    if (name === decidedByRounding) continue;
    it(`levels are identical to numpy's for ${name}`, () => {
      const values = fixtureArray(data, type);
      const out = new Uint8Array(values.length);
      linearLevels(values, zscaleOfSamples(zscaleSamples(values))!, out);
      expect(out).toEqual(fixtureArray(levels, "uint8"));
    });
  }

  it("levels are 0 for a constant whose levels in astropy are rounding errors", () => {
    const values = fixtureArray(cases.find(({ name }) => name === decidedByRounding)!.data, "float64");
    const levels = zscale(values)!;
    expect(levels).toEqual({ vmin: 0.3, vmax: 0.3 });
    const out = new Uint8Array(values.length).fill(7);
    linearLevels(values, levels, out);
    expect(out.every((value) => value === 0)).toBe(true);
  });
});

describe("a sample picked from pieces", () => {
  it("a zscale sample picked from pieces is that of the whole image, whatever the pieces", () => {
    const values = Float32Array.from({ length: 7321 }, (_, i) =>
      i % 7 === 3 ? Number.NaN : Math.sin(i) * 1000,
    );
    const integers = Int16Array.from(values);
    for (const length of [1, 13, 1000, 5000]) {
      for (const whole of [values, integers]) {
        const picker = new SamplePicker(countFinite(whole));
        for (let i = 0; i < whole.length; i += length) picker.add(whole.subarray(i, i + length));
        expect(picker.samples()).toEqual(zscaleSamples(whole));
      }
    }
  });
});
