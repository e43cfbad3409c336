import { describe, expect, test } from "vitest";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { icrsToPixel, pixelToIcrs } from "../../../wcs/src/transform/sky.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import type { FrameSource } from "../../src/frame/frame-source.ts";
import { tanSkyToPixel } from "../../src/frame/tan-frame.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { renderSampledRows } from "../../src/render/render-sampled-rows.ts";

const NX = 600;
const NY = 400;
const A = 1 / 3600;
const SKIES = {
  "north up": { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CD1_1: -A, CD1_2: 0, CD2_1: 0, CD2_2: A },
  "mirrored as NEAT": { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CD1_1: -A, CD1_2: 0, CD2_1: 0, CD2_2: -A },
  "turned, with SIP": {
    ...{ CTYPE1: "RA---TAN-SIP", CTYPE2: "DEC--TAN-SIP", CD1_1: -0.8 * A, CD1_2: 0.6 * A, CD2_1: 0.6 * A },
    ...{ CD2_2: 0.8 * A, A_ORDER: 2, A_2_0: 2e-5, B_ORDER: 2, B_0_2: -1e-5 },
  },
} as const;

function wcsOf(sky: keyof typeof SKIES) {
  const place = { CRPIX1: NX / 2, CRPIX2: NY / 2, CRVAL1: 150, CRVAL2: 20, RADESYS: "ICRS" };
  return wcsFromHeader(headerOf({ NAXIS: 2, NAXIS1: NX, NAXIS2: NY, ...SKIES[sky], ...place }));
}

/** A frame in memory that records which rows were read. */
function sourceOf(data: Float32Array): FrameSource & { readonly read: number[] } {
  const read: number[] = [];
  return {
    read,
    width: NX,
    height: NY,
    complete: false,
    bandRows: 10,
    tileRows: 1,
    rows: async (start, count) => {
      read.push(start);
      expect(count).toBe(1);
      return data.subarray(start * NX, (start + 1) * NX);
    },
    physical: (values) => values as Float32Array,
    valuesAt: async () => new Float64Array(0),
  };
}

const render = (source: FrameSource, sky: keyof typeof SKIES, align: boolean, options: PictureOptions) =>
  renderSampledRows({ source, wcs: wcsOf(sky), align, options, checkpoint: () => undefined });

describe("pictures from sampled rows", () => {
  test("each row of the picture shows the means of the columns of one row of the frame, computed here", async () => {
    const data = Float32Array.from({ length: NX * NY }, (_, i) => (i % NX) + 2 * Math.floor(i / NX));
    data[0] = Number.NaN;
    const source = sourceOf(data);
    const picture = await render(source, "north up", false, {
      width: 100,
      minCut: { kind: "value", value: 0 },
      maxCut: { kind: "value", value: 1400 },
    });
    expect([picture.width, picture.height]).toEqual([100, 67]);
    expect(source.read).toHaveLength(67);
    for (const [column, row] of [
      [1, 0],
      [50, 33],
      [99, 66],
    ] as const) {
      const mean = column * 6 + 2.5 + 2 * source.read[row]!;
      const level = picture.pixels[(66 - row) * 100 + column]!;
      expect(level).toBe(Math.trunc((mean / 1400) * 255));
    }
  });

  test.each(
    (Object.keys(SKIES) as (keyof typeof SKIES)[]).flatMap((sky) => [
      [sky, false] as const,
      [sky, true] as const,
    ]),
  )("a bright patch is where the frame of the picture puts it: %s, align=%s", async (sky, align) => {
    const wcs = wcsOf(sky);
    const place = pixelToIcrs(wcs, 420, 130)!;
    const data = new Float32Array(NX * NY).fill(10);
    for (let y = 115; y <= 145; y++) data.fill(1000, y * NX + 405, y * NX + 436);
    const picture = await render(sourceOf(data), sky, align, { width: 150, cut: "minmax" });
    let [sum, sumX, sumY] = [0, 0, 0];
    for (const [i, level] of picture.pixels.entries()) {
      if (level < 128) continue;
      sum++;
      sumX += i % picture.width;
      sumY += picture.height - 1 - Math.floor(i / picture.width);
    }
    const expected = tanSkyToPixel(picture.frame, place.ra, place.dec)!;
    expect(Math.hypot(sumX / sum - expected.x, sumY / sum - expected.y)).toBeLessThan(0.6);
    // north is up and east is left in an aligned picture
    const north = tanSkyToPixel(picture.frame, place.ra, place.dec + 0.01)!;
    if (align) expect(Math.abs(north.x - expected.x) < 1 && north.y > expected.y).toBe(true);
    expect(icrsToPixel(wcs, place.ra, place.dec)!.x).toBeCloseTo(420, 6);
  });

  test("a frame smaller than the picture's width is shown as it is", async () => {
    const source = sourceOf(new Float32Array(NX * NY).fill(5));
    const picture = await render(source, "north up", false, { width: 1024 });
    expect([picture.width, picture.height, source.read.length]).toEqual([NX, NY, NY]);
  });
});
