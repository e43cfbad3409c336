import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../test/support/draws.ts";
import { expectSameBytes } from "../../../test/support/expect-same-bytes.ts";
import type { Levels } from "../src/interval/zscale.ts";
import {
  addIntegersToBlocks,
  addToBlocks,
  addToBlocksPlain,
  integerLevelsByKernel,
  kernelRoom,
  linearLevelsByKernel,
} from "../src/kernel/picture-kernel.ts";
import { linearLevels, linearLevelsPlain } from "../src/stretch/stretch.ts";

const anyFloat = fc.double();
const anyLevels: fc.Arbitrary<Levels> = fc.oneof(
  fc.record({ vmin: fc.double({ noNaN: true }), vmax: fc.double({ noNaN: true }) }),
  fc
    .tuple(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.double({ min: 1e-3, max: 1e4, noNaN: true }))
    .map(([vmin, span]) => ({ vmin, vmax: vmin + span })),
  fc.constantFrom(
    { vmin: 0, vmax: 0 },
    { vmin: 5, vmax: 5 },
    { vmin: 1e30, vmax: 3e38 },
    { vmin: 0, vmax: 1e-40 },
  ),
);

/** Values on, next to and between the steps of the levels, beyond them, and NaN. */
function hardValues({ vmin, vmax }: Levels, more: readonly number[], length: number): number[] {
  const hard = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    3.4e38,
    -3.4e38,
    1e-45,
  ];
  const steps = Array.from({ length: 256 }, (_, i) => vmin + ((vmax - vmin) * i) / 255);
  const values = [...hard, ...more, ...steps.flatMap((step) => [step, step * (1 + 1e-7), step * (1 - 1e-7)])];
  return Array.from({ length }, (_, i) => values[(i * 7) % values.length]!);
}

describe("the level kernel against its twin", () => {
  it("the level kernel gives the twin's levels and number of values that are not finite", () => {
    fc.assert(
      fc.property(
        anyLevels,
        fc.array(anyFloat, { maxLength: 30 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.boolean(),
        (levels, more, length, wide) => {
          const kind = wide ? Float64Array : Float32Array;
          const values = kind.from(hardValues(levels, more, length));
          const wanted = new Uint8Array(length);
          const missing = linearLevelsPlain(values, levels, wanted);
          const got = new Uint8Array(length).fill(99);
          expect(linearLevelsByKernel(values, levels, got)).toBe(missing);
          expectSameBytes(got, wanted);
        },
      ),
      { numRuns: draws(500) },
    );
  });

  it("the level kernel handles more than a batch, and values already in its memory", () => {
    const levels = { vmin: 950.25, vmax: 1075.5 };
    const count = 150_001;
    const values = Float32Array.from({ length: count }, (_, i) => 900 + ((i * 7919) % 2003) / 10);
    values[70_000] = Number.NaN;
    const wanted = new Uint8Array(count);
    expect(linearLevelsPlain(values, levels, wanted)).toBe(1);
    const room = kernelRoom(count * 4)!;
    const inside = new Float32Array(room.buffer, room.byteOffset, count);
    inside.set(values);
    for (const each of [values, inside]) {
      const got = new Uint8Array(count);
      expect(linearLevels(each, levels, got)).toBe(1);
      expectSameBytes(got, wanted);
    }
  });

  it("the level kernel handles integers of 8 and 16 bits, also several batches, and leaves others to the twin", () => {
    fc.assert(
      fc.property(
        anyLevels,
        fc.constantFrom(Uint8Array, Int16Array, Uint16Array),
        fc.array(fc.integer({ min: -32768, max: 65535 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(1, 900, 70_000),
        (levels, kind, integers, length) => {
          const values = new kind(Array.from({ length }, (_, i) => integers[i % integers.length]!));
          const wanted = new Uint8Array(length);
          linearLevelsPlain(values, levels, wanted);
          const got = new Uint8Array(length).fill(99);
          expect(linearLevelsByKernel(values, levels, got)).toBe(0);
          expectSameBytes(got, wanted);
        },
      ),
      { numRuns: draws(200) },
    );
    const large = Int32Array.of(2 ** 24 + 1);
    expect(linearLevelsByKernel(large, { vmin: 0, vmax: 1 }, new Uint8Array(1))).toBeUndefined();
  });

  it("the level kernel handles stored integers with an offset", () => {
    fc.assert(
      fc.property(
        anyLevels,
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0, 32768, -5, 4_000_000),
        (levels, integers, offset) => {
          const stored = Int16Array.from({ length: 1000 }, (_, i) => integers[i % integers.length]!);
          const physical = Int32Array.from(stored, (value) => value + offset);
          const wanted = new Uint8Array(1000);
          linearLevelsPlain(physical, levels, wanted);
          const got = new Uint8Array(1000).fill(99);
          expect(integerLevelsByKernel(stored, offset, levels, got)).toBe(true);
          expectSameBytes(got, wanted);
        },
      ),
      { numRuns: draws(300) },
    );
  });

  it("the memory of the level kernel is limited", () => {
    expect(kernelRoom(2 ** 30)).toBeUndefined();
    expect(kernelRoom(1000)!.length).toBe(1000);
  });
});

describe("sums of blocks, against the twin", () => {
  it("sums of blocks equal the twin's, also for rows wider than the kernel's memory", () => {
    for (const [width, rows, side] of [
      [1, 3, 2],
      [37, 5, 2],
      [4080, 3, 3],
      [301, 700, 41],
      [70_000, 3, 1000],
    ] as const) {
      const bytes = Uint8Array.from({ length: width * rows }, (_, i) => ((i * 37) % 251) | 0x80);
      const begun = Float64Array.from({ length: Math.ceil(width / side) }, (_, i) => i);
      const wanted = begun.slice();
      addToBlocksPlain(bytes, width, side, wanted);
      const got = begun.slice();
      addToBlocks(bytes, width, side, got);
      expectSameBytes(got, wanted);
    }
  });
});

describe("sums over blocks of 16-bit integers", () => {
  it("sums over blocks of 16-bit integers are sums over rectangles, with the least and the greatest integer (oracle: the definition)", () => {
    const anywhere = fc.record({
      width: fc.integer({ min: 1, max: 700 }),
      rows: fc.integer({ min: 1, max: 20 }),
      side: fc.constantFrom(2, 4, 8, 16, 512),
      seed: fc.integer(),
      extreme: fc.boolean(),
      inKernel: fc.boolean(),
    });
    const property = fc.property(anywhere, ({ width, rows, side, seed, extreme, inKernel }) => {
      const count = width * rows;
      const values = inKernel
        ? new Int16Array(kernelRoom(2 * count)!.buffer, kernelRoom(2 * count)!.byteOffset, count)
        : new Int16Array(count);
      for (let i = 0; i < count; i++)
        values[i] = extreme && i % 3 > 0 ? -32_768 : Math.imul(i + seed, 0x9e3779b1) >> 16;
      const wanted = Float64Array.from({ length: Math.ceil(width / side) }, (_, i) => 7 * i);
      const got = wanted.slice();
      for (let i = 0; i < count; i++) wanted[Math.floor((i % width) / side)]! += values[i]!;
      expect(addIntegersToBlocks(values, width, side, got)).toEqual([
        Math.min(...values),
        Math.max(...values),
      ]);
      expectSameBytes(got, wanted);
    });
    fc.assert(property, { numRuns: draws(500) });
  });

  it("sums over blocks of one or three columns, and of rows too long for the memory, are left to the caller", () => {
    const sums = new Float64Array(300_000);
    for (const [width, side] of [
      [8, 1],
      [8, 3],
      [300_000, 2],
    ] as const) {
      expect(addIntegersToBlocks(new Int16Array(width), width, side, sums)).toBeUndefined();
    }
    expect(sums.every((sum) => sum === 0)).toBe(true);
  });
});

it("levels come from the twin if there is no WebAssembly", () => {
  // a process of its own, with the build: the modules of this one have compiled their kernel
  const dist = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
  const program = `
    delete globalThis.WebAssembly;
    const kernel = await import("${dist("kernel/picture-kernel.js")}");
    const { linearLevels } = await import("${dist("stretch/stretch.js")}");
    const values = Float32Array.from({ length: 200 }, (_, i) => (i === 7 ? Number.NaN : i));
    const out = new Uint8Array(200);
    const found = {
      room: String(kernel.kernelRoom(8)),
      linear: String(kernel.linearLevelsByKernel(values, { vmin: 0, vmax: 100 }, out)),
      integer: kernel.integerLevelsByKernel(new Int16Array(3), 0, { vmin: 0, vmax: 1 }, out),
      missing: linearLevels(values, { vmin: 0, vmax: 100 }, out),
      levels: [out[7], out[50], out[150]],
    };
    const sums = new Float64Array(2);
    found.integers = String(kernel.addIntegersToBlocks(new Int16Array(4), 4, 2, sums));
    kernel.addToBlocks(Uint8Array.of(1, 2, 3), 3, 2, sums);
    process.stdout.write(JSON.stringify({ ...found, sums: [...sums] }));`;
  const arguments_ = ["--input-type=module", "--eval", program];
  expect(JSON.parse(execFileSync(process.execPath, arguments_, { encoding: "utf8" }))).toEqual({
    room: "undefined",
    linear: "undefined",
    integer: false,
    missing: 1,
    levels: [0, 127, 255],
    integers: "undefined",
    sums: [3, 3],
  });
});
