import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixtureArray } from "../../../../test/support/fixture-arrays.ts";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { luptonColors } from "../../src/color/lupton.ts";
import { boxOnPlane, colorPlane, finestScale, renderColor } from "../../src/render/render-color.ts";

interface Case {
  readonly name: string;
  readonly images: readonly [string, string, string];
  readonly minimum: readonly [number, number, number];
  readonly stretch: number;
  readonly q: number;
  readonly rgb: string;
}

interface Source {
  readonly cd: readonly number[];
  readonly crval: readonly number[];
  readonly crpix: readonly number[];
  readonly data: string;
}

interface Fixture {
  readonly values: readonly Case[];
  readonly reprojected: {
    readonly shape: readonly [number, number];
    readonly position: readonly [number, number];
    /** Degrees per pixel. */
    readonly scale: number;
    readonly images: readonly [Source, Source, Source];
    readonly rgb: string;
  };
}

const { values: cases, reprojected }: Fixture = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/imaging/lupton.json", import.meta.url), "utf8"),
);

test.each(cases)(
  "the colors of a Lupton picture are those of make_lupton_rgb in astropy 8.0.2: $name",
  (entry) => {
    const values = (packed: string) => fixtureArray(packed, "float64") as Float64Array;
    const [red, green, blue] = entry.images;
    const colors = luptonColors([values(red), values(green), values(blue)], entry);
    expect(colors).toEqual(fixtureArray(entry.rgb, "uint8"));
  },
);

const WIDTH = 64;
const HEIGHT = 60;

function channelOf({ cd, crval, crpix, data }: Source) {
  const [CD1_1, CD1_2, CD2_1, CD2_2] = cd as [number, number, number, number];
  const [CRVAL1, CRVAL2] = crval as [number, number];
  const [CRPIX1, CRPIX2] = crpix as [number, number];
  const sky = { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", RADESYS: "ICRS" };
  const wcs = wcsFromHeader(headerOf({ ...sky, CD1_1, CD1_2, CD2_1, CD2_2, CRVAL1, CRVAL2, CRPIX1, CRPIX2 }));
  const box = { start: [0, 0], shape: [WIDTH, HEIGHT] } as const;
  return { wcs, box, data: fixtureArray(data, "float32") as Float32Array };
}

test("three images of other scales and directions give the pixels of reproject_interp and make_lupton_rgb", () => {
  const { shape, position, scale, images, rgb } = reprojected;
  const [red, green, blue] = images.map(channelOf) as [
    ReturnType<typeof channelOf>,
    ReturnType<typeof channelOf>,
    ReturnType<typeof channelOf>,
  ];
  expect(finestScale([red.wcs, green.wcs, blue.wcs])).toBeCloseTo(scale, 12);
  const plane = colorPlane(position, [shape[0] * scale, shape[1] * scale], scale);
  expect(plane.shape).toEqual(shape);
  const picture = renderColor(plane, [red, green, blue], { kind: "lupton" }, "bilinear", () => undefined);
  expect(picture).toMatchObject({ width: shape[0], height: shape[1], channels: 3, frame: plane.frame });
  const expected = fixtureArray(rgb, "uint8");
  expect(picture.pixels).toEqual(expected);
});

test("the part of an image that a plane needs gives the same picture as all of it", () => {
  const { position, scale, images } = reprojected;
  const channels = images.map(channelOf);
  const plane = colorPlane(position, [12 * scale, 9 * scale], scale);
  const parts = channels.map((channel) => {
    const box = boxOnPlane(plane, channel.wcs, [WIDTH, HEIGHT])!;
    expect(box.shape[0] * box.shape[1]).toBeLessThan((WIDTH * HEIGHT) / 4);
    const data = new Float32Array(box.shape[0] * box.shape[1]);
    for (let row = 0; row < box.shape[1]; row++)
      for (let x = 0; x < box.shape[0]; x++)
        data[row * box.shape[0] + x] = channel.data[(box.start[1] + row) * WIDTH + box.start[0] + x]!;
    return { ...channel, box, data };
  });
  const stretch = { kind: "channels", options: { cut: "minmax" } } as const;
  const render = (list: typeof channels | typeof parts) =>
    renderColor(plane, [list[0]!, undefined, list[2]!], stretch, "bilinear", () => undefined).pixels;
  expect(render(parts)).toEqual(render(channels));
});

test("an image that does not overlap the plane has no box", () => {
  const { scale, images } = reprojected;
  const plane = colorPlane([10, 10], [10 * scale, 10 * scale], scale);
  expect(boxOnPlane(plane, channelOf(images[0]).wcs, [WIDTH, HEIGHT])).toBeUndefined();
});
