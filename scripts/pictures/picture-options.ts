// Makes docs/pictures/picture-options.png: a star field (generated, seeded) with the geometry of
// NEAT, in each option, named as in a request.
//
// npx tsx scripts/pictures/picture-options.ts      (Node 24 runs it without tsx)
import { fileURLToPath } from "node:url";
import sharp, { type OverlayOptions } from "sharp";
import { COLORMAPS } from "../../packages/imaging/src/color/colormap.ts";
import { text, textSize } from "../../packages/imaging/src/draw/canvas.ts";
import type { Mark } from "../../packages/imaging/src/draw/marks.ts";
import { memorySource } from "../../packages/imaging/src/frame/frame-source.ts";
import {
  ownWcs,
  type TanFrame,
  tanPixelToSky,
  tanSkyToPixel,
} from "../../packages/imaging/src/frame/tan-frame.ts";
import { targetFrame } from "../../packages/imaging/src/frame/target-frame.ts";
import type { Picture } from "../../packages/imaging/src/render/picture.ts";
import type { PictureOptions } from "../../packages/imaging/src/render/picture-options.ts";
import { renderPlaced } from "../../packages/imaging/src/render/pipeline.ts";
import { pixelMap } from "../../packages/wcs/src/transform/pixel-map.ts";

const PANEL = 300;
const GAP = 6;
const HEAD = 20;
const centre = [210.3, -21.4] as const;

/**
 * Pixels across and up, arcseconds per pixel, rotation in degrees, whether north and south are
 * exchanged.
 */
const survey = { shape: [150, 150], scale: 1.43, angle: 180, mirror: true } as const;

const marks: PictureOptions = {
  marks: [
    { kind: "circle", lon: centre[0] + 0.012, lat: centre[1] + 0.014, radiusArcsec: 12 },
    { kind: "cross", lon: centre[0] - 0.015, lat: centre[1] - 0.004 },
    { kind: "arrow", positionAngle: 318, label: "v" },
    { kind: "scalebar" },
    { kind: "compass" },
  ],
};
/** How marks are requested. */
const DRAWN: Readonly<Record<Mark["kind"], string>> = {
  circle: "mark=RA,DEC,12",
  cross: "mark=RA,DEC",
  ellipse: "ellipse=RA,DEC,A,B,PA",
  trail: "trail=RA,DEC,LENGTH,PA",
  arrow: "arrow=318,v",
  scalebar: "scalebar=true",
  compass: "compass=true",
};

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/**
 * Longitude, latitude and brightness of the stars, and one galaxy; the circle is drawn around the
 * first.
 */
const random = generator(5);
const stars: readonly (readonly [number, number, number])[] = [
  [centre[0] + 0.012, centre[1] + 0.014, 2500],
  ...Array.from({ length: 60 }, (): readonly [number, number, number] => [
    centre[0] + (random() - 0.5) * 0.09,
    centre[1] + (random() - 0.5) * 0.09,
    60 / random(),
  ]),
];

function field(source: TanFrame): Float32Array {
  const [width, height] = survey.shape;
  const noise = generator(77);
  const image = Float32Array.from(
    { length: width * height },
    () => 500 + 12 * Math.sqrt(-2 * Math.log(noise())) * Math.cos(2 * Math.PI * noise()),
  );
  for (const [lon, lat, flux] of stars) {
    const at = tanSkyToPixel(source, lon, lat)!;
    for (let y = Math.max(0, Math.floor(at.y - 6)); y < Math.min(height, at.y + 7); y++) {
      for (let x = Math.max(0, Math.floor(at.x - 6)); x < Math.min(width, at.x + 7); x++) {
        image[y * width + x]! += flux * Math.exp(-((x - at.x) ** 2 + (y - at.y) ** 2) / 2.4);
      }
    }
  }
  return image;
}

function sourceFrame(): TanFrame {
  const { shape, scale, angle, mirror } = survey;
  const cos = (Math.cos((angle * Math.PI) / 180) * scale) / 3600;
  const sin = (Math.sin((angle * Math.PI) / 180) * scale) / 3600;
  const flip = mirror ? 1 : -1;
  const crpix = [shape[0] / 2 + 0.5, shape[1] / 2 + 0.5] as const;
  return { system: "ICRS", equinox: 2000, crval: centre, crpix, cd: [flip * cos, -sin, flip * sin, cos] };
}

/** Three channels, enlarged by whole pixels or reduced to fit the panel. */
async function panel(picture: Picture): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: picture.channels };
  const enlarged = sharp(picture.pixels, { raw }).toColourspace("srgb");
  return enlarged.resize({ width: PANEL, height: PANEL, fit: "contain", kernel: "nearest" }).png().toBuffer();
}

async function writeSheet(
  name: string,
  perRow: number,
  all: readonly (readonly [label: string, options: PictureOptions])[],
): Promise<void> {
  const width = perRow * (PANEL + GAP) + GAP;
  const height = Math.ceil(all.length / perRow) * (PANEL + HEAD + GAP) + GAP;
  const ground = { width, height, channels: 1, pixels: new Uint8Array(width * height).fill(40) } as const;
  const panels: OverlayOptions[] = [];
  for (const [i, [label, options]] of all.entries()) {
    const source = sourceFrame();
    const data = field(source);
    const pixelToSky = (x: number, y: number) => tanPixelToSky(source, x, y);
    const frame = targetFrame({ ...source, pixelToSky }, survey.shape, true);
    const picture = await renderPlaced({
      source: memorySource(data, survey.shape),
      frame,
      map: pixelMap(ownWcs(frame), ownWcs(source), survey.shape).rows,
      options,
    });
    const left = GAP + (i % perRow) * (PANEL + GAP);
    const top = GAP + Math.floor(i / perRow) * (PANEL + HEAD + GAP);
    const scale = textSize(label, 2)[0] <= PANEL ? 2 : 1;
    text(ground, [left, top + HEAD - 4 - textSize(label, scale)[1]], label, { scale, level: 230, border: 0 });
    panels.push({ input: await panel(picture), left, top: top + HEAD });
  }
  const file = fileURLToPath(new URL(`../../docs/pictures/${name}`, import.meta.url));
  await sharp(ground.pixels, { raw: { width, height, channels: 1 } })
    .toColourspace("srgb")
    .composite(panels)
    .png({ compressionLevel: 9, palette: true, effort: 10 })
    .toFile(file);
  console.log(`${file}: ${width} x ${height}`);
}

const percentile = { kind: "percent" } as const;
const options: readonly (readonly [string, PictureOptions])[] = [
  ["defaults", {}],
  ["stretch=sqrt", { stretch: "sqrt" }],
  ["stretch=log", { stretch: "log" }],
  ["stretch=asinh", { stretch: "asinh" }],
  ["stretch=power", { stretch: "power" }],
  ["stretch=power&power=0.5", { stretch: "power", stretchParameter: 0.5 }],
  ["cut=minmax", { cut: "minmax" }],
  ["cut=percentile", { cut: "percentile" }],
  ["min_cut=50%", { minCut: { ...percentile, value: 50 } }],
  ["max_cut=99.9%", { maxCut: { ...percentile, value: 99.9 } }],
  [
    "min_cut=450&max_cut=900",
    { minCut: { kind: "value", value: 450 }, maxCut: { kind: "value", value: 900 } },
  ],
  ["invert=true", { invert: true }],
  ...COLORMAPS.filter((name) => name !== "gray").map((name) => [`cmap=${name}`, { colormap: name }] as const),
  ["interpolation=bilinear", { interpolation: "bilinear" }],
  ["width=48", { width: 48 }],
  ...(marks.marks ?? []).map((mark) => [DRAWN[mark.kind], { marks: [mark] }] as const),
];
await writeSheet("picture-options.png", 6, options);
