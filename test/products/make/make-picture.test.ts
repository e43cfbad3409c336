import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../../packages/fits/src/read/section-plan.ts";
import { bitpixOf, imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import { tanPixelToSky, tanSkyToPixel } from "../../../packages/imaging/src/frame/tan-frame.ts";
import type { PictureOptions } from "../../../packages/imaging/src/render/picture-options.ts";
import { icrsToPixel, pixelToIcrs } from "../../../packages/wcs/src/transform/sky.ts";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { describeFrame, type FrameDescription } from "../../../src/products/frame-description.ts";
import { makePicture } from "../../../src/products/make/make-picture.ts";
import { type PicturePlan, planPicture } from "../../../src/products/plan/plan-picture.ts";
import type { ProductRequest } from "../../../src/products/product.ts";
import { withSource } from "../../../src/products/request/source-file.ts";
import { avmFrame, readAvm } from "../../support/avm-reader.ts";
import { expectSameBytes } from "../../support/expect-same-bytes.ts";
import { gnomonicCards, tiledFile } from "../../support/inputs/made-fits.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-pictures-"));
const sources = new Sources(sourceAccess(loadSettings("/nonexistent", {}), "1.2.3"));
afterAll(() => rmSync(folder, { recursive: true }));

const NX = 210;
const NY = 130;
const running = () => new Int32Array(new SharedArrayBuffer(4));

/** Degrees per pixel, rotated by an angle; mirrored like NEAT's frames. */
function sky(degrees: number, mirrored: boolean, more: readonly Card[] = []): readonly Card[] {
  const c = Math.cos((degrees * Math.PI) / 180) * 4e-4;
  const s = Math.sin((degrees * Math.PI) / 180) * 4e-4;
  const sign = mirrored ? 1 : -1;
  return [
    ...gnomonicCards([359.98, -35], [60, 90.5], [sign * c, -s, sign * s, c]),
    valueCard("RADESYS", "ICRS"),
    ...more,
  ];
}

/** Noise around 100, and a star of 3 x 3 pixels. */
function starField(star: readonly [number, number]): Int16Array {
  let state = 7;
  const pixels = Int16Array.from({ length: NX * NY }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 100 + Math.round((state / 2 ** 32) * 20);
  });
  for (let y = -1; y <= 1; y++)
    for (let x = -1; x <= 1; x++) pixels[(star[1] + y) * NX + star[0] + x] = 30_000;
  return pixels;
}

async function describeBytes(name: string, bytes: Uint8Array): Promise<FrameDescription> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return withSource(sources, path, {}, (source, identity) =>
    describeFrame(source, { location: path, identity }, 0),
  );
}

const frameOf = (name: string, pixels: StoredArray, cards: readonly Card[], naxis = [NX, NY]) =>
  describeBytes(name, imageHdu({ naxis, pixels, cards }));

let made = 0;
async function make(plan: PicturePlan, cancelled = running()) {
  const path = join(folder, `${made++}.${plan.format}`);
  const { location, identity } = plan.source;
  await withSource(sources, location, { identity }, (source) => makePicture(source, plan, path, cancelled));
  const image = sharp(path);
  const { data, info } = await image.toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  const text = readFileSync(path, "latin1");
  const packet = text.slice(text.indexOf("<?xpacket begin"), text.indexOf('<?xpacket end="w"?>') + 19);
  const record = readAvm(Buffer.from(packet, "latin1").toString("utf8"));
  return { width: info.width, height: info.height, pixels: data, record, frame: avmFrame(record)! };
}

function plan(
  frame: FrameDescription,
  request: Partial<ProductRequest>,
  options: PictureOptions = {},
): PicturePlan {
  const whole = { id: "x", format: "png", align: false, picture: { options }, ...request } as const;
  return planPicture(frame, whole, { maximumCutoutSize: 1024 }, { title: "T & <Ü>", facility: "F" });
}

/** The same plan, read in bands as if the frame were large. */
const inBands = (whole: PicturePlan, { image }: FrameDescription): PicturePlan => ({
  ...whole,
  content: { kind: "frame", image },
});

function brightest(pixels: Buffer, width: number): readonly [number, number] {
  let [sumX, sumY, count] = [0, 0, 0];
  const height = pixels.length / width;
  for (const [i, level] of pixels.entries()) {
    if (level < 250) continue;
    sumX += i % width;
    sumY += height - 1 - Math.floor(i / width);
    count++;
  }
  return [sumX / count, sumY / count];
}

const star = [150, 40] as const;
const cuts: PictureOptions = {
  minCut: { kind: "value", value: 0 },
  maxCut: { kind: "value", value: 20_000 },
};

test.each([
  [0, false],
  [180.3, false],
  [90.6, false],
  [33, false],
  [0, true],
  [180, true],
  [33, true],
] as const)(
  "a star is where its AVM says, in a frame rotated by %d degrees, mirrored %s",
  async (angle, mirrored) => {
    const frame = await frameOf(`star-${angle}-${mirrored}.fits`, starField(star), sky(angle, mirrored));
    const { ra, dec } = pixelToIcrs(frame.sky!.wcs, ...star)!;
    for (const align of [false, true]) {
      for (const format of ["png", "jpeg"] as const) {
        const cutout = { ra, dec, size: { arcsec: 30, text: "30arcsec" } };
        for (const request of [
          { align, format },
          { align, format, cutout },
        ]) {
          const picture = await make(plan(frame, request, cuts));
          const [x, y] = brightest(picture.pixels, picture.width);
          const place = tanSkyToPixel(picture.frame, ra, dec)!;
          expect(Math.hypot(place.x - x, place.y - y)).toBeLessThan(0.9);
          if (!align) continue;
          // north up, east to the left
          const [lon, lat] = tanPixelToSky(picture.frame, x, y);
          expect(tanPixelToSky(picture.frame, x, y + 1)[1]).toBeGreaterThan(lat);
          const left = tanPixelToSky(picture.frame, x - 1, y)[0];
          expect(((left - lon + 540) % 360) - 180).toBeGreaterThan(0);
        }
      }
    }
  },
);

test("the sky position of every corner equals that of the frame's own coordinate system, to 0.1 pixel, whatever is reduced", async () => {
  const frame = await frameOf("corners.fits", starField(star), sky(12, true));
  for (const options of [{}, { width: 50 }]) {
    const picture = await make(plan(frame, {}, options));
    for (const [x, y] of [
      [0, 0],
      [picture.width - 1, 0],
      [picture.width - 1, picture.height - 1],
    ] as const) {
      const [lon, lat] = tanPixelToSky(picture.frame, x, y);
      const place = icrsToPixel(frame.sky!.wcs, lon, lat)!;
      expect(Math.abs(((place.x + 0.5) * picture.width) / NX - x - 0.5)).toBeLessThan(0.1);
      expect(Math.abs(((place.y + 0.5) * picture.height) / NY - y - 0.5)).toBeLessThan(0.1);
    }
  }
});

test("the catalog's facts are in the picture, with markup and umlauts kept", async () => {
  const { record } = await make(plan(await frameOf("facts.fits", starField(star), sky(0, false)), {}));
  expect(record.get("dc:title") ?? record.get("Title")).toEqual(["T & <Ü>"]);
});

const kinds: readonly (readonly [string, (pixels: Int16Array) => StoredArray, readonly Card[]])[] = [
  ["int16", (p) => p, []],
  ["uint16 by BZERO", (p) => p, [valueCard("BZERO", 32768)]],
  ["int16 with BLANK", (p) => p, [valueCard("BLANK", 107)]],
  ["int16 scaled", (p) => p, [realCard("BSCALE", 0.5), realCard("BZERO", 3)]],
  ["uint8", (p) => Uint8Array.from(p), []],
  ["int32", (p) => Int32Array.from(p), []],
  ["float32 with NaN", (p) => Float32Array.from(p, (v, i) => (i % 17 < 5 ? Number.NaN : v)), []],
  ["float64", (p) => Float64Array.from(p), []],
];

test.each(kinds)(
  "a frame read in bands yields the picture of the frame in memory: %s",
  async (name, store, cards) => {
    const pixels = store(starField(star));
    const files = [
      await frameOf(`${name}.fits`, pixels, sky(20, false, cards)),
      await describeBytes(
        `${name}.fits.fz`,
        await tiledFile(
          {
            naxis: [NX, NY],
            bitpix: bitpixOf(pixels),
            tile: [NX, 4],
            codec: "GZIP_1",
            cards: sky(20, false, cards),
          },
          pixels,
        ),
      ),
    ];
    for (const frame of files) {
      for (const request of [{}, { align: true }]) {
        for (const options of [
          {},
          { interpolation: "bilinear" },
          { width: 100, colormap: "heat" },
        ] as const) {
          const whole = plan(frame, request, options);
          expect((await make(inBands(whole, frame))).pixels).toEqual((await make(whole)).pixels);
        }
      }
    }
  },
);

test("a picture of quantized floats, made without them, equals that of the floats, even with NaN in some of its bands", async () => {
  const values = Float32Array.from(starField(star), (value, i) => value + Math.sin(i * i));
  const some = values.map((value, i) => (i > 100 * NX && i < 101 * NX ? Number.NaN : value));
  for (const [name, pixels] of [
    ["quantised", values],
    ["quantised-nan", some],
  ] as const) {
    const image = { naxis: [NX, NY], bitpix: -32, codec: "RICE_1", cards: sky(20, true) } as const;
    const quantization = { method: "SUBTRACTIVE_DITHER_1", level: 4, zdither0: 5 } as const;
    const tiled = await describeBytes(`${name}.fits.fz`, await tiledFile({ ...image, quantization }, pixels));
    const stored = await withSource(sources, tiled.source.location, {}, (source) =>
      readSection(source, planSection(tiled.image, { start: [0, 0], shape: [NX, NY] })),
    );
    const plain = await frameOf(`${name}.fits`, stored, image.cards);
    for (const align of [false, true]) {
      for (const options of [{}, { width: 25 }]) {
        // sequentially: a thread makes one picture at a time
        const { pixels: levels, ...place } = await make(inBands(plan(tiled, { align }, options), tiled));
        const { pixels: expected, ...there } = await make(inBands(plan(plain, { align }, options), plain));
        expect(place).toEqual(there);
        expectSameBytes(levels, expected);
        expect(new Set(levels).size).toBeGreaterThan(10);
      }
    }
  }
});

test.each([
  ["one pixel", [1, 1], new Float32Array([5])],
  ["one row", [40, 1], Float32Array.from({ length: 40 }, (_, i) => i)],
  ["one column", [1, 40], Float32Array.from({ length: 40 }, (_, i) => i)],
  ["a constant", [20, 30], new Float32Array(600).fill(9)],
  ["nothing but NaN", [20, 30], new Float32Array(600).fill(Number.NaN)],
] as const)("%s gives a picture", async (name, naxis, pixels) => {
  const frame = await frameOf(`${name}.fits`, pixels, sky(10, false), [...naxis]);
  for (const align of [false, true]) {
    const whole = plan(frame, { align });
    for (const one of [whole, inBands(whole, frame)]) {
      const picture = await make(one);
      expect([picture.width, picture.height]).toEqual(naxis);
      if (name.startsWith("nothing")) expect(picture.pixels.every((level) => level === 0)).toBe(true);
    }
  }
});

test("a picture whose clients disconnected is cancelled, and leaves no file", async () => {
  const frame = await frameOf("gone.fits", starField(star), sky(0, false));
  const flag = running();
  flag[0] = 1;
  const before = readdirSync(folder).length;
  for (const one of [plan(frame, {}), inBands(plan(frame, {}), frame)]) {
    await expect(make(one, flag)).rejects.toMatchObject({ code: "CANCELLED" });
  }
  expect(readdirSync(folder)).toHaveLength(before);
  expect(existsSync(join(folder, `${made - 1}.png`))).toBe(false);
});

test("pictures of frames without a sky position, and of frames that are too large, are refused", async () => {
  const nowhere = await frameOf("nowhere.fits", new Int16Array(NX * NY), []);
  expect(() => plan(nowhere, {})).toThrow(expect.objectContaining({ code: "NO_CELESTIAL_WCS" }));
  const frame = await frameOf("large.fits", new Int16Array(NX * NY), sky(0, false));
  const large = { ...frame, naxis: [40_000, 30_000] as const };
  expect(() => plan(large, {})).toThrow(/40000 x 30000 pixels/);
});

test("if the celestial frame has no known relation to ICRS, the whole picture is made, and places in RA, Dec are refused with the reason", async () => {
  const gappt = sky(0, false).map((card) =>
    card.keyword === "RADESYS" ? valueCard("RADESYS", "GAPPT") : card,
  );
  const frame = await frameOf("gappt.fits", starField(star), gappt);
  const { pixels, width, record } = await make(plan(frame, {}, cuts));
  const [x, y] = brightest(pixels, width);
  expect(Math.hypot(x - star[0], y - star[1])).toBeLessThan(1.5);
  // pyavm takes any Spatial tag for a position in ICRS
  expect([...record.keys()].filter((name) => name.startsWith("Spatial."))).toEqual([]);
  expect(record.get("Description")?.[0]).toContain("RADESYS = 'GAPPT'");
  const refused = { code: "NO_CELESTIAL_WCS", message: expect.stringContaining("RADESYS = 'GAPPT'") };
  const size = { text: "1arcmin", arcsec: 60 };
  const cutout = { ra: 359.98, dec: -35, size };
  expect(() => plan(frame, { cutout })).toThrow(expect.objectContaining(refused));
  const marks = [{ kind: "cross", lon: 359.98, lat: -35 }] as const;
  expect(() => plan(frame, {}, { marks })).toThrow(expect.objectContaining(refused));
});

test("a size in pixels is that many pixels of the image, along x and y, in a cutout and in a picture", async () => {
  const frame = await frameOf("pixels.fits", starField(star), sky(0, false));
  const { ra, dec } = pixelToIcrs(frame.sky!.wcs, 100.3, 59.7)!;
  const sides = [
    { unit: "pixel", length: 64 },
    { unit: "arcsec", length: 144 },
  ] as const;
  const cutout = { ra, dec, size: { text: "64pxx144arcsec", sides } };
  // 4e-4 degrees are 1.44 arcsec
  expect(plan(frame, { cutout }).box).toEqual({ start: [69, 10], shape: [64, 100] });
  const tooLarge = {
    ...cutout,
    size: { text: "9x2000px", sides: [sides[0], { unit: "pixel", length: 2000 }] },
  } as const;
  expect(() => plan(frame, { cutout: tooLarge })).toThrow(/size=9x2000px is 64 x 2000 pixels of this image/);
  const made = await make(plan(frame, { cutout }, { ...cuts, zoom: 4 }));
  expect([made.width, made.height]).toEqual([256, 400]);
  const [lon, lat] = tanPixelToSky(made.frame, 4 * (100.3 - 69 + 0.5) - 0.5, 4 * (59.7 - 10 + 0.5) - 0.5);
  expect(Math.abs(lon - ra)).toBeLessThan(1e-6);
  expect(Math.abs(lat - dec)).toBeLessThan(1e-6);
});

test("an enlarged picture of more pixels than allowed is refused, naming the largest zoom", async () => {
  const frame = await frameOf("zoomed.fits", starField(star), sky(0, false));
  const large = { ...frame, naxis: [2000, 2000] as const };
  expect(() => plan(large, {}, { zoom: 3 })).toThrow(
    expect.objectContaining({
      code: "FRAME_TOO_LARGE",
      message: expect.stringContaining("at most 2 for this picture"),
    }),
  );
});
