import fc from "fast-check";
import { expect, test } from "vitest";
import { INTERPOLATIONS } from "../../src/stack/kernel/sample-plain.ts";
import { plainMachine, type StackMachine, stackMachine } from "../../src/stack/kernel/stack-machine.ts";

const machines = (floats = 20_000, frames = 64) => [stackMachine(floats, frames), plainMachine()] as const;

function filled(machine: StackMachine, values: ArrayLike<number>): Float64Array {
  const array = machine.floats(values.length);
  array.set(values);
  return array;
}

/** Results of both machines, which must have the same bits. */
function same(work: (machine: StackMachine) => readonly (ArrayLike<number> | number)[]): void {
  const [kernel, twin] = machines().map(work);
  for (const [k, values] of kernel!.entries()) {
    const wanted = twin![k]!;
    if (typeof values === "number") expect(Object.is(values, wanted)).toBe(true);
    else expect(Array.from(values)).toEqual(Array.from(wanted as ArrayLike<number>));
  }
}

const pixel = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

test("the kernel of stacks samples frames with the same bits as its twin", () => {
  const place = fc.oneof(
    fc.double({ min: -2, max: 12, noNaN: true }),
    fc.integer({ min: -1, max: 11 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2.0000000000000004, 1e-17, -1e-17),
  );
  fc.assert(
    fc.property(
      fc.array(pixel, { minLength: 90, maxLength: 90 }),
      fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(...INTERPOLATIONS),
      (data, places, kind) => {
        same((machine) => {
          const out = machine.floats(places.length);
          const frame = { data: filled(machine, data), width: 10, height: 9 };
          const row = {
            xs: filled(
              machine,
              places.map(([x]) => x),
            ),
            ys: filled(
              machine,
              places.map(([, y]) => y),
            ),
            areas: filled(
              machine,
              places.map((_, i) => 0.5 + i),
            ),
          };
          const sampling = { kind, background: [3, 0.1, -0.7], gain: 1.7 } as const;
          const values = machine.sampleRow(frame, row, places.length, sampling, out);
          expect(values).toBe(out.filter((value) => !Number.isNaN(value)).length);
          return [out];
        });
      },
    ),
    { numRuns: 300 },
  );
});

test("the kernel of stacks evaluates places with the same bits as its twin", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 18, maxLength: 18 }),
      (c) => {
        same((machine) => {
          const [xs, ys, areas] = [machine.floats(33), machine.floats(33), machine.floats(33)];
          machine.placeRow(filled(machine, c), -1, 1 / 16, 33, { xs, ys, areas });
          return [xs, ys, areas];
        });
      },
    ),
    { numRuns: 100 },
  );
});

test("the kernel of stacks combines values with the same bits as its twin, with ties, NaN and outliers", () => {
  const value = fc.oneof(pixel, fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -0, 1e9));
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 40 })
        .chain((frames) =>
          fc.tuple(fc.constant(frames), fc.array(value, { minLength: 6 * frames, maxLength: 6 * frames })),
        ),
      ([frames, values]) => {
        same((machine) => {
          const cube = filled(machine, values);
          const [medians, means, counts] = [machine.floats(6), machine.floats(6), machine.floats(6)];
          machine.medians(cube, frames, 6, medians);
          machine.clippedMeans(cube, frames, 6, { limit: 3, rounds: 5, fewest: 5 }, means, counts);
          return [medians, means, counts, cube];
        });
        same((machine) => {
          const areas = filled(machine, [1, 2, 0.5, 1, 3, 1]);
          const sums = {
            sums: machine.floats(6),
            weights: machine.floats(6),
            variances: machine.floats(6),
            counts: machine.floats(6),
          };
          for (let k = 0; k < frames; k++) {
            const row = filled(machine, values.slice(6 * k, 6 * k + 6));
            machine.addWeighted(row, areas, 6, 1.5 + k, { weight: 2, inverse: k % 2 === 0 }, sums);
            machine.addVariances(row, areas, 6, 0.7, sums.variances);
            machine.addRow(row, 6, sums.sums, sums.counts);
            machine.addNoise(row, areas, 5, 0.3 + k, sums.variances, sums.counts);
          }
          return Object.values(sums);
        });
      },
    ),
    { numRuns: 300 },
  );
});

test("the kernel of stacks replaces infinities and takes distances with the same bits as its twin", () => {
  const any = fc.oneof(pixel, fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0));
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 50 }), (values) => {
      same((machine) => {
        const data = filled(machine, values);
        const work = machine.floats(values.length);
        const n = machine.finite(data, data.length, work);
        machine.distances(work, n, 1.5);
        return [data, work.slice(0, n), n];
      });
    }),
  );
});

test("medians of many values are the middle of the sorted ones: noise, steps, ties, sorted, NaN", () => {
  let state = 5;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const frames = 1001;
  // not a multiple of the pixels that are read together
  const pixels = 11;
  const kinds: readonly ((frame: number, pixel: number) => number)[] = [
    () => random() - 0.5,
    (frame, pixel) => (pixel === 5 ? 1e6 : 0) + (frame % 7),
    () => 3,
    (frame) => frame,
    (frame) => -frame,
    (_, pixel) => (random() < pixel / 10 ? Number.NaN : random() * random()),
    (frame) => (frame % 2 === 0 ? -0 : 0),
  ];
  for (const kind of kinds) {
    const values = Array.from({ length: frames * pixels }, (_, i) =>
      kind(Math.floor(i / pixels), i % pixels),
    );
    const wanted = Array.from({ length: pixels }, (_, pixel) => {
      const sorted = Float64Array.from(
        values.filter((v, i) => i % pixels === pixel && !Number.isNaN(v)),
      ).sort();
      const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
      return low === undefined || high === undefined ? Number.NaN : low === high ? low + 0 : (low + high) / 2;
    });
    for (const machine of machines(30_000, frames)) {
      const cube = filled(machine, values);
      const out = machine.floats(pixels);
      machine.medians(cube, frames, pixels, out);
      expect(Array.from(out)).toEqual(wanted);
      const all = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      const middle = (all[(all.length - 1) >> 1]! + all[all.length >> 1]!) / 2 + 0;
      const n = machine.finite(cube, cube.length, cube);
      expect(machine.median(cube, n)).toBe(middle);
    }
  }
});

test("the median of the kernel of stacks is the middle of the sorted values", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
      const sorted = Float64Array.from(values).sort();
      const middle = sorted.length >> 1;
      const wanted =
        (sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2) + 0;
      for (const machine of machines())
        expect(machine.median(filled(machine, values), values.length)).toEqual(wanted);
    }),
  );
});
