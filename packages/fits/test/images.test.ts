import { describe, expect, it } from "vitest";
import { nodeInflate } from "../../../src/archive/node-inflate.ts";
import { generator } from "../../../test/support/inputs/mutate.ts";
import type { StoredArray } from "../src/read/physical-values.ts";
import { type PhysicalArray, physicalValues } from "../src/read/physical-values.ts";
import { readSection } from "../src/read/read-section.ts";
import type { SectionBox } from "../src/read/section-box.ts";
import { planSection } from "../src/read/section-plan.ts";
import { fixtureBytes, imageFixtures, imageOf, wholeImage } from "./support/image-fixtures.ts";
import { CountingSource } from "./support/memory-source.ts";

const NAMES: Readonly<Record<string, string>> = {
  Uint8Array: "uint8",
  Int8Array: "int8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Float32Array: "float32",
  Float64Array: "float64",
};

const bits = ({ buffer, byteOffset, byteLength }: PhysicalArray) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Replaces all kinds of NaN by one, so that bytes can be compared. */
function plainNaN(values: PhysicalArray): PhysicalArray {
  const isFloats = values instanceof Float32Array || values instanceof Float64Array;
  return isFloats
    ? (values.map((value) => (Number.isNaN(value as number) ? Number.NaN : value)) as PhysicalArray)
    : values;
}

function floatsOf(bytes: Uint8Array, type: string): PhysicalArray {
  if (type === "float32") return new Float32Array(bytes.buffer);
  return type === "float64" ? new Float64Array(bytes.buffer) : bytes;
}

/** Picks the pixels of `box` one by one from the pixels of a whole image. */
function boxOf(pixels: StoredArray, naxis: readonly number[], { start, shape }: SectionBox): StoredArray {
  const total = shape.reduce((product, length) => product * length, 1);
  const out = pixels.slice(0, total);
  for (let i = 0; i < total; i++) {
    let rest = i;
    let from = 0;
    let step = 1;
    for (const [axis, length] of shape.entries()) {
      from += (start[axis]! + (rest % length)) * step;
      rest = Math.floor(rest / length);
      step *= naxis[axis]!;
    }
    out[i] = pixels[from]!;
  }
  return out;
}

describe("images of fixture files", () => {
  it("there are enough image fixtures to be meaningful", () =>
    expect(imageFixtures.length).toBeGreaterThanOrEqual(80));

  it.each(imageFixtures)("$name has the values of $oracle, bit for bit, and their type", async (fixture) => {
    const source = new CountingSource(fixtureBytes(fixture.file));
    const image = await imageOf(source, fixture.hdu);
    expect(image.naxis).toEqual(fixture.naxis);
    const expected = fixtureBytes(fixture.values);
    for (const inflate of [undefined, nodeInflate]) {
      const plan = planSection(image, wholeImage(image));
      const stored = await readSection(source, plan, inflate === undefined ? {} : { inflate });
      const values = physicalValues(image, stored);
      expect(NAMES[values.constructor.name]).toBe(fixture.type);
      expect(bits(plainNaN(values)).equals(bits(plainNaN(floatsOf(expected, fixture.type))))).toBe(true);
    }
  });

  it.each(imageFixtures)(
    "$name has the same pixels in 25 random boxes as in the whole image",
    async (fixture) => {
      const source = new CountingSource(fixtureBytes(fixture.file));
      const image = await imageOf(source, fixture.hdu);
      const whole = await readSection(source, planSection(image, wholeImage(image)));
      const random = generator(fixture.file.length);
      const scratch = new Uint8Array(source.bytes.length);
      for (let run = 0; run < 25; run++) {
        const start = image.naxis.map((length) => random(length));
        const shape = image.naxis.map((length, axis) => 1 + random(length - start[axis]!));
        const plan = planSection(image, { start, shape });
        const stored = await readSection(source, plan, { buffer: () => scratch });
        expect(
          bits(stored).equals(bits(boxOf(whole, image.naxis, { start, shape }))),
          `${start}+${shape}`,
        ).toBe(true);
      }
    },
  );
});
