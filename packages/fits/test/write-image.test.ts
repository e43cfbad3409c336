import { describe, expect, test } from "vitest";
import { bytesSource, joinBytes, pixelsIn } from "../../../test/support/inputs/made-fits.ts";
import { dataSum } from "../src/file/checksum.ts";
import { openFits } from "../src/file/fits-file.ts";
import { headerNumber, headerText } from "../src/header/header.ts";
import { commentCards, valueCard } from "../src/header/write-card.ts";
import type { StoredArray } from "../src/read/physical-values.ts";
import { emptyPrimary, imageHdu } from "../src/write/write-image.ts";

const arrays: readonly StoredArray[] = [
  Uint8Array.of(0, 1, 128, 255, 7, 9),
  Int16Array.of(-32768, -1, 0, 1, 258, 32767),
  Int32Array.of(-(2 ** 31), -1, 0, 1, 0x01020304, 2 ** 31 - 1),
  BigInt64Array.of(-(2n ** 63n), -1n, 0n, 1n, 0x0102030405060708n, 2n ** 63n - 1n),
  Float32Array.of(Number.NaN, -0, 1.5, Number.POSITIVE_INFINITY, 3.25e-30, -7),
  Float64Array.of(Number.NaN, -0, 1.5, Number.NEGATIVE_INFINITY, 3.25e-300, -7),
];

describe("imageHdu", () => {
  test.each(arrays.map((pixels) => [pixels.constructor.name, pixels] as const))(
    "imageHdu keeps every pixel of %s in primary and extension (read back)",
    async (_, pixels) => {
      const cards = [
        valueCard("OBJECT", "65P/Gunn"),
        ...commentCards("COMMENT", "kept"),
        valueCard("NAXIS", 9),
      ];
      const bytes = joinBytes(
        imageHdu({ naxis: [3, 2], pixels, cards }),
        imageHdu({ naxis: [1, 2, 3], pixels, cards, kind: "extension" }),
      );
      expect(bytes.length % 2880).toBe(0);
      expect(await pixelsIn(bytes, 0)).toEqual(pixels);
      expect(await pixelsIn(bytes, 1)).toEqual(pixels);
      const { hdus, warnings } = await openFits(bytesSource(bytes));
      expect(warnings).toEqual([]);
      expect(hdus.map(({ kind }) => kind)).toEqual(["image", "image"]);
      for (const { header } of hdus) {
        expect(headerText(header, "OBJECT")).toBe("65P/Gunn");
        expect(header.cards.filter(({ keyword }) => keyword === "NAXIS")).toHaveLength(1);
        expect(header.cards.some(({ comment }) => comment === "kept")).toBe(true);
      }
      expect(headerNumber(hdus[1]!.header, "NAXIS3")).toBe(3);
    },
  );

  test("imageHdu sums to -0 (FITS 4.0, 4.4.2.7)", () => {
    expect(dataSum(imageHdu({ naxis: [2, 3], pixels: arrays[1]! }))).toBe(0xffffffff);
    expect(dataSum(emptyPrimary([valueCard("ORIGIN", "made")]))).toBe(0xffffffff);
  });

  test("imageHdu refuses a number of pixels that does not match its axes (its docstring)", () => {
    const wrong = () => imageHdu({ naxis: [2, 2], pixels: arrays[0]! });
    expect(wrong).toThrow(expect.objectContaining({ code: "FITS_WRITE" }));
    expect(() => imageHdu({ naxis: [], pixels: arrays[0]! })).toThrow(/6 pixels/);
  });
});
