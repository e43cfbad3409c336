import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packPixels, unpackPixels } from "../../src/codecs/tile/tile-bytes.ts";
import { sharedKernel } from "../../src/kernel/kernel.ts";
import { newPixels, sameBytes } from "./tile-fixtures.ts";

describe.each([
  ["the WebAssembly kernel", sharedKernel()],
  ["the plain twin", undefined],
])("big-endian pixels by %s", (_, kernel) => {
  it.each(["uint8", "int16", "int32", "int64", "float32", "float64"] as const)(
    "unpacked pixels equal those of a DataView, plain or in planes, and nothing is written after them: %s",
    (type) => {
      const property = fc.property(
        fc.oneof(fc.nat({ max: 200 }), fc.constantFrom(16_384, 16_385)),
        fc.nat({ max: 5 }),
        fc.integer(),
        (count, spare, seed) => {
          const pixels = newPixels(type, count + spare);
          const random = new Uint8Array(pixels.buffer);
          for (let i = 0; i < random.length; i++) random[i] = Math.imul(i + seed, 2_654_435_761) >>> 13;
          const width = pixels.BYTES_PER_ELEMENT;
          const plain = new Uint8Array(pixels.byteLength);
          for (let i = 0; i < plain.length; i++)
            plain[i] = random[i - (i % width) + width - 1 - (i % width)]!;
          expect(sameBytes(packPixels(pixels, 1, width), plain)).toBe(true);
          const planes = packPixels(pixels, pixels.length, 1);
          for (const [bytes, byteStep, pixelStep] of [
            [plain, 1, width],
            [planes, pixels.length, 1],
          ] as const) {
            const out = newPixels(type, count + spare);
            unpackPixels(bytes, out, { count, width, byteStep, pixelStep }, kernel);
            expect(sameBytes(out.subarray(0, count), pixels.subarray(0, count))).toBe(true);
            expect(sameBytes(out.subarray(count), newPixels(type, spare))).toBe(true);
          }
        },
      );
      fc.assert(property, { numRuns: 30 });
    },
  );
});
