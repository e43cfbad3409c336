import { expect, test } from "vitest";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { GLYPH, glyphPixel } from "../../src/draw/glyphs.ts";
import type { Mark } from "../../src/draw/marks.ts";
import { memorySource } from "../../src/frame/frame-source.ts";
import { tanPixelToSky } from "../../src/frame/tan-frame.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { renderPicture } from "../../src/render/pipeline.ts";

const NX = 40;
const NY = 30;
const wcs = wcsFromHeader(
  headerOf({
    ...{ NAXIS1: NX, NAXIS2: NY, CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: 150, CRVAL2: 30 },
    ...{ CRPIX1: 20, CRPIX2: 15, CDELT1: -1 / 3600, CDELT2: 1 / 3600, RADESYS: "ICRS" },
  }),
);
const data = Float32Array.from({ length: NX * NY }, (_, i) => (i * 37) % 101);
const picture = (options: PictureOptions) =>
  renderPicture({
    source: memorySource(data, [NX, NY]),
    box: { start: [0, 0], shape: [NX, NY] },
    wcs,
    align: false,
    options,
  });

test.each([
  [2, {}],
  [3, { colormap: "viridis" }],
  [16, { interpolation: "bilinear" }],
  [5, { invert: true }],
] as const)("zoom=%d, %o: each pixel is a square of the plain picture's pixel", async (zoom, options) => {
  const plain = await picture(options);
  const large = await picture({ ...options, zoom });
  expect([large.width, large.height, large.channels]).toEqual([NX * zoom, NY * zoom, plain.channels]);
  const { channels } = plain;
  const expected = large.pixels.map((_, i) => {
    const [x, y] = [Math.floor(i / channels) % large.width, Math.floor(i / channels / large.width)];
    const from = Math.floor(y / zoom) * NX + Math.floor(x / zoom);
    return plain.pixels[from * channels + (i % channels)]!;
  });
  expect(large.pixels).toEqual(expected);
});

test("an enlarged picture has the plain one's position on the sky, by its corners", async () => {
  const plain = await picture({});
  const large = await picture({ zoom: 8 });
  for (const [x, y] of [
    [-0.5, -0.5],
    [NX - 0.5, -0.5],
    [NX - 0.5, NY - 0.5],
  ] as const) {
    const [lon, lat] = tanPixelToSky(plain.frame, x, y);
    const [largeLon, largeLat] = tanPixelToSky(large.frame, 8 * (x + 0.5) - 0.5, 8 * (y + 0.5) - 0.5);
    expect(Math.abs(lon - largeLon)).toBeLessThan(1e-12);
    expect(Math.abs(lat - largeLat)).toBeLessThan(1e-12);
  }
});

test("marks are drawn in the pixels of the finished picture, with strokes of one pixel at any zoom", async () => {
  const marks: readonly Mark[] = [{ kind: "scalebar" }];
  const bare = await picture({ zoom: 16 });
  const drawn = await picture({ zoom: 16, marks });
  const white = drawn.pixels.map((level, i) => (level === 255 && bare.pixels[i] !== 255 ? 1 : 0));
  const row = (y: number) => white.subarray(y * drawn.width, y * drawn.width + drawn.width / 3);
  const rows = [row(drawn.height - 1 - 8), row(drawn.height - 1 - 7), row(drawn.height - 1 - 9)];
  const counts = rows.map((line) => line.reduce((sum, one) => sum + one, 0));
  expect(counts[0]).toBeGreaterThan(80);
  expect(Math.max(counts[1]!, counts[2]!)).toBeLessThan(5);
});

test("any two characters of the font differ in two pixels or more", () => {
  const shape = (code: number) =>
    Array.from({ length: GLYPH.width * GLYPH.height }, (_, i) =>
      Number(glyphPixel(String.fromCharCode(code), i % GLYPH.width, Math.floor(i / GLYPH.width))),
    );
  const shapes = Array.from({ length: 95 }, (_, i) => shape(32 + i));
  for (let a = 0; a < 95; a++) {
    for (let b = a + 1; b < 95; b++) {
      const apart = shapes[a]!.filter((bit, i) => bit !== shapes[b]![i]).length;
      expect(apart, `${String.fromCharCode(32 + a)} ${String.fromCharCode(32 + b)}`).toBeGreaterThan(1);
    }
  }
  const [n, m] = [shape("N".charCodeAt(0)), shape("M".charCodeAt(0))];
  expect(n.filter((bit, i) => bit !== m[i]).length).toBeGreaterThan(5);
});
