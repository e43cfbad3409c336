import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wcsFromHeader } from "../../wcs/src/header/wcs-from-header.ts";
import { type SkyShape, skyRegion } from "../../wcs/src/internal.ts";
import { icrsToPixel, pixelToIcrs } from "../../wcs/src/transform/sky.ts";
import { headerOf } from "../../wcs/test/header-of.ts";
import { clearOutside } from "../src/frame/region-blocks.ts";
import { regionBox } from "../src/frame/region-box.ts";

interface Fixture {
  readonly headers: readonly Readonly<Record<string, string | number>>[];
  readonly cases: readonly {
    readonly header: number;
    readonly shape: SkyShape;
    readonly box: readonly [number, number, number, number] | null;
    readonly pixels: number;
  }[];
}
const { headers, cases }: Fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/imaging/region-boxes.json", import.meta.url), "utf8"),
);
const NAXIS = [130, 90] as const;

describe.each(headers.map((header, i) => [i, header.CTYPE1, header.CRVAL1, header.CRVAL2, header] as const))(
  "regions on image %i (%s at %d, %d)",
  (number, type, _ra, _dec, header) => {
    const wcs = wcsFromHeader(headerOf(header));
    const chosen = cases.filter((one) => one.header === number);

    it(`the box of a region on image ${number} (${type}) is that of the pixels whose centers it contains (astropy, all pixels)`, () => {
      let boxes = 0;
      for (const { shape, box } of chosen) {
        const region = skyRegion(shape);
        const found = regionBox(wcs, NAXIS, region);
        if (box !== null) {
          boxes += 1;
          expect([...found!.start, ...found!.shape], JSON.stringify(shape)).toEqual(box);
        } else if (found !== undefined) {
          // smaller than a pixel: the pixel that holds a position of it
          expect(found.shape).toEqual([1, 1]);
          const near = region.places.some(([ra, dec]) => {
            const { x, y } = icrsToPixel(wcs, ra, dec) ?? { x: Number.NaN, y: Number.NaN };
            return Math.round(x) === found.start[0] && Math.round(y) === found.start[1];
          });
          expect(near).toBe(true);
        }
      }
      expect(boxes).toBeGreaterThan(5);
    });

    it(`pixels of image ${number} (${type}) outside a region are cleared, all others are kept (astropy, all pixels)`, () => {
      for (const { shape, box, pixels } of chosen) {
        if (box === null || (box[2] === 1 && box[3] === 1)) continue;
        const [x, y, width, height] = box;
        const kept = new Uint8Array(width * height).fill(1);
        clearOutside(wcs, { start: [x, y], shape: [width, height] }, skyRegion(shape), (from, to) => {
          expect(kept.subarray(from, to).includes(0)).toBe(false);
          kept.fill(0, from, to);
        });
        expect(
          kept.reduce((sum, one) => sum + one, 0),
          JSON.stringify(shape),
        ).toBe(pixels);
      }
    });
  },
);

it("a region smaller than a pixel has the box of the pixel that contains it, and one off the image has none (by hand)", () => {
  const wcs = wcsFromHeader(headerOf(headers[0]!));
  const { ra, dec } = pixelToIcrs(wcs, 40.3, 20.4)!;
  const tiny = skyRegion({ kind: "circle", lon: ra, lat: dec, radius: 1e-6 });
  expect(regionBox(wcs, NAXIS, tiny)).toEqual({ start: [40, 20], shape: [1, 1] });
  expect(regionBox(wcs, [40, 20], tiny)).toBeUndefined();
  const opposite = skyRegion({ kind: "circle", lon: ra + 180, lat: -dec, radius: 1 });
  expect(regionBox(wcs, NAXIS, opposite)).toBeUndefined();
});
