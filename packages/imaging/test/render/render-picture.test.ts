import { readFileSync } from "node:fs";
import type { RowMap } from "@sbnsis/wcs";
import { describe, expect, it } from "vitest";
import { fixtureArray } from "../../../../test/support/fixture-arrays.ts";
import { memorySource } from "../../src/frame/frame-source.ts";
import { type TanFrame, tanPixelToSky, tanSkyToPixel } from "../../src/frame/tan-frame.ts";
import { targetFrame } from "../../src/frame/target-frame.ts";
import type { Picture } from "../../src/render/picture.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { renderPlaced } from "../../src/render/pipeline.ts";
import type { AnyPixels } from "../../src/render/pixel-array.ts";
import { mapBetween } from "../made-frames.ts";

interface PictureCase {
  readonly name: string;
  readonly align: boolean;
  readonly type: string;
  readonly shape: readonly [number, number];
  readonly data: string;
  readonly crval: TanFrame["crval"];
  readonly crpix: TanFrame["crpix"];
  readonly cd: TanFrame["cd"];
  readonly system: "FK5" | "ICRS";
  readonly target: { readonly crval: readonly number[]; readonly cd: readonly number[] };
  readonly picture: string;
  readonly styles?: Readonly<Record<string, string>>;
}

const cases = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/imaging/pictures.json", import.meta.url), "utf8"),
) as readonly PictureCase[];

function sourceOf({ system, crval, crpix, cd }: PictureCase): TanFrame {
  return { system, equinox: 2000, crval, crpix, cd };
}

function frameFor(entry: PictureCase): TanFrame {
  const source = sourceOf(entry);
  const pixelToSky = (x: number, y: number) => tanPixelToSky(source, x, y);
  return targetFrame({ ...source, pixelToSky }, entry.shape, entry.align);
}

/** The picture of an image in memory, reprojected before it is stretched. */
function renderPicture(image: {
  readonly data: AnyPixels;
  readonly shape: readonly [number, number];
  readonly frame: TanFrame;
  readonly map: RowMap;
  readonly options?: PictureOptions;
}): Promise<Picture> {
  const { data, shape, frame, map, options = {} } = image;
  return renderPlaced({ source: memorySource(data, shape), frame, map, options }, "reproject first");
}

function render(entry: PictureCase, options: PictureOptions = {}): Promise<Picture> {
  const frame = frameFor(entry);
  const map = mapBetween(frame, sourceOf(entry), entry.shape);
  return renderPicture({
    data: fixtureArray(entry.data, entry.type),
    shape: entry.shape,
    frame,
    map,
    options,
  });
}

/** Number of pixels that differ by more than `most` levels. */
function differing(got: Uint8Array, expected: string, most: number): number {
  const wanted = fixtureArray(expected, "uint8");
  expect(got.length).toBe(wanted.length);
  return got.reduce((count, value, i) => count + (Math.abs(value - wanted[i]!) > most ? 1 : 0), 0);
}

describe("pictures as made by astropy 8.0.2, reproject 0.21.0 and numpy", () => {
  for (const entry of cases) {
    it(`a picture is identical to the reference: ${entry.name}`, async () => {
      expect(differing((await render(entry)).pixels, entry.picture, 0)).toBe(0);
    });

    it(`a picture has the frame of the reference: ${entry.name}`, () => {
      const frame = frameFor(entry);
      for (let i = 0; i < 2; i++) expect(frame.crval[i]!).toBeCloseTo(entry.target.crval[i]!, 10);
      for (let i = 0; i < 4; i++) expect(frame.cd[i]!).toBeCloseTo(entry.target.cd[i]!, 14);
    });
  }

  for (const [style, options, most] of [
    ["sqrt", { stretch: "sqrt" }, 0],
    ["log", { stretch: "log" }, 1],
    ["asinh", { stretch: "asinh" }, 1],
    ["power", { stretch: "power", stretchParameter: 1.5 }, 1],
    ["minmax", { cut: "minmax" }, 0],
    ["percentile", { cut: "percentile" }, 1],
    ["cuts", { minCut: { kind: "percent", value: 2 }, maxCut: { kind: "percent", value: 99 } }, 1],
    ["bilinear", { interpolation: "bilinear" }, 1],
  ] as const) {
    it(`a picture is within ${most} of 255 levels of the reference: ${style}`, async () => {
      const styled = cases.filter(({ styles }) => styles !== undefined);
      expect(styled.length).toBeGreaterThan(3);
      for (const entry of styled) {
        expect(
          differing((await render(entry, options)).pixels, entry.styles![style]!, most),
          entry.name,
        ).toBe(0);
      }
    });
  }
});

describe("renderPicture", () => {
  const shape = [40, 30] as const;
  const frame: TanFrame = {
    system: "ICRS",
    equinox: 2000,
    crval: [5, 5],
    crpix: [20.5, 15.5],
    cd: [-1e-3, 0, 0, 1e-3],
  };
  const map = mapBetween(frame, frame, [40, 30]);

  it("a picture of only blanks is black, that of a constant has one level", async () => {
    const blank = new Float32Array(1200).fill(Number.NaN);
    expect(
      (await renderPicture({ data: blank, shape, frame, map })).pixels.every((value) => value === 0),
    ).toBe(true);
    const constant = (await renderPicture({ data: new Int16Array(1200).fill(7), shape, frame, map })).pixels;
    expect(constant.every((value) => value === constant[0])).toBe(true);
  });

  it("blanks stay black in an inverted picture", async () => {
    const data = Float32Array.from({ length: 1200 }, (_, i) => (i === 5 ? Number.NaN : i));
    const plain = (await renderPicture({ data, shape, frame, map })).pixels;
    const inverted = (await renderPicture({ data, shape, frame, map, options: { invert: true } })).pixels;
    const last = 29 * 40;
    expect(inverted[last + 5]).toBe(0);
    expect(inverted[last + 4]).toBe(255 - plain[last + 4]!);
  });

  it("a picture is reduced by the mean of each pixel's area, with a matching frame", async () => {
    const data = Float32Array.from({ length: 1200 }, (_, i) => (i % 40) * 10);
    const options: PictureOptions = {
      width: 10,
      minCut: { kind: "value", value: 0 },
      maxCut: { kind: "value", value: 2550 },
    };
    const picture = await renderPicture({ data, shape, frame, map, options });
    expect([picture.width, picture.height]).toEqual([10, 8]);
    const levels = Float64Array.from({ length: 10 }, (_, i) =>
      Math.round((i * 4 + i * 4 + 1 + i * 4 + 2 + i * 4 + 3) / 4),
    );
    expect([...picture.pixels.subarray(0, 10)]).toEqual([...levels]);
    const corner = tanPixelToSky(frame, -0.5, -0.5);
    const place = tanSkyToPixel(picture.frame, ...corner)!;
    expect(place.x).toBeCloseTo(-0.5, 9);
    expect(place.y).toBeCloseTo(-0.5, 9);
    expect((await renderPicture({ data, shape, frame, map, options: { width: 4000 } })).width).toBe(40);
  });

  it("a picture in color has three channels, from dark to bright", async () => {
    const data = Float32Array.from({ length: 1200 }, (_, i) => i);
    for (const colormap of ["viridis", "magma", "inferno", "cividis", "plasma", "heat", "cool"] as const) {
      const picture = await renderPicture({ data, shape, frame, map, options: { colormap, cut: "minmax" } });
      expect(picture.channels).toBe(3);
      const sum = (at: number) => picture.pixels[at]! + picture.pixels[at + 1]! + picture.pixels[at + 2]!;
      expect(sum(39 * 3)).toBeGreaterThan(sum(29 * 40 * 3) + 100);
    }
  });
});
