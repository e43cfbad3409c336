import fc from "fast-check";
import { expect, it } from "vitest";
import { expectSameBytes } from "../../../../test/support/expect-same-bytes.ts";
import { decodeRiceRows } from "../../../fits/src/codecs/rice/rice.ts";
import { StoredRows } from "../../../fits/src/codecs/tile/stored-rows.ts";
import { sharedKernel } from "../../../fits/src/kernel/kernel.ts";
import { DEFAULT_ZBLANK, EXACT_ZERO } from "../../../fits/src/quantize/quantize.ts";
import { oneTile } from "../../../fits/test/codecs/tile-fixtures.ts";
import { LevelRows } from "../../src/stretch/level-rows.ts";
import { linearLevelsPlain } from "../../src/stretch/stretch.ts";

it("grey levels of quantized rows are those of their floats, or the sink refuses them (plain decoder, linearLevelsPlain)", () => {
  const counts = { made: 0, refused: 0, between: 0 };
  const property = fc.property(
    fc.array(
      fc.oneof(
        { weight: 400, arbitrary: fc.integer({ min: -300, max: 300 }) },
        { weight: 50, arbitrary: fc.integer({ min: -4000, max: 4000 }) },
        fc.integer(),
        fc.constant(EXACT_ZERO),
      ),
      { minLength: 1, maxLength: 300, size: "max" },
    ),
    fc.array(fc.nat(), { maxLength: 2 }),
    fc.nat({ max: 12_000 }),
    fc.nat({ max: 30_000 }),
    fc.constantFrom("NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2"),
    fc.constantFrom(undefined, undefined, DEFAULT_ZBLANK),
    fc.boolean(),
    fc.oneof(fc.double({ min: 1e-3, max: 10, noNaN: true }), fc.constantFrom(0.25, 1)),
    fc.oneof(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.constantFrom(0, 0.125)),
    // values of integers are then exactly on the steps
    fc.oneof(fc.double({ min: 1, max: 5000, noNaN: true }), fc.constantFrom(255, 510, 2550)),
    fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: -0.5, max: 0.5, noNaN: true }) },
      fc.constantFrom(0, 2, 1e6),
    ),
    fc.constantFrom(0, 0, 0, 1e9, -3e12),
    (values, blanks, before, tileRow, method, zblank, wide, scale, near, span, off, far) => {
      const zero = near + far;
      const ints = new Int32Array(before + values.length);
      ints.set(values, before);
      for (const i of blanks) ints[before + (i % values.length)] = DEFAULT_ZBLANK;
      const tiles = oneTile(ints, before, { scale, zero, zblank, method, tileRow });
      const low = zero - span / 3 + off * span;
      const vmax = low + span;
      const out = new Uint8Array(values.length);
      const sink = new LevelRows({ vmin: low, vmax }, !wide).into(out);
      const isMade = decodeRiceRows(tiles, sink, sharedKernel());
      const isBlank = zblank !== undefined && ints.includes(zblank, before);
      const steps = ((Math.abs(zero - low) + Math.abs(low)) * 255) / span;
      if (isBlank) expect(isMade).toBe(false);
      else if (steps < 200_000) expect(isMade).toBe(true);
      counts[isMade ? "made" : "refused"]++;
      if (!isMade) return;
      const floats = wide ? new Float64Array(values.length) : new Float32Array(values.length);
      decodeRiceRows(tiles, new StoredRows(floats, 0, 0), undefined);
      const wanted = new Uint8Array(values.length);
      linearLevelsPlain(floats, { vmin: low, vmax }, wanted);
      expectSameBytes(out, wanted);
      counts.between += wanted.filter((level) => level > 0 && level < 255).length;
    },
  );
  fc.assert(property, { numRuns: 500 });
  expect(counts.made).toBeGreaterThan(150);
  expect(counts.refused).toBeGreaterThan(50);
  expect(counts.between).toBeGreaterThan(5000);
});

it("rows that are not in the memory of a kernel are refused, so that their floats are used instead", () => {
  const sink = new LevelRows({ vmin: 0, vmax: 1 }, true).into(new Uint8Array(4));
  const quantization = { scale: 1, zero: 0, method: "NO_DITHER", tileRow: 0 } as const;
  const row = { index: 0, first: 0, pixels: new Int32Array(4), quantization, inKernel: undefined };
  expect(sink.take(row)).toBe(false);
});
