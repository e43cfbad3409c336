// Makes docs/contact-sheet.png: star fields with the geometry of five surveys (generated, seeded), each as it is, aligned, stretched three
// ways, in colour, and with marks. The same stars are in every field: upright and aligned pictures of all surveys look alike.
//
//   npx tsx scripts/contact-sheet.ts      (Node 24 runs it without tsx)
import { fileURLToPath } from "node:url";
import sharp, { type OverlayOptions } from "sharp";
import { text, textSize } from "../src/imaging/canvas.ts";
import type { PictureOptions } from "../src/imaging/picture-options.ts";
import { type Picture, renderPicture } from "../src/imaging/render-picture.ts";
import { type TanFrame, tanPixelToSky, tanSkyToPixel } from "../src/imaging/tan-frame.ts";
import { tanMap } from "../src/imaging/tan-map.ts";
import { targetFrame } from "../src/imaging/target-frame.ts";

const PANEL = 150;
const GAP = 6;
const HEAD = 16;
const centre = [210.3, -21.4] as const;

/** Pixels across and up, arcseconds per pixel, rotation in degrees, whether north and south are exchanged. */
const surveys = [
  { name: "NEAT", shape: [150, 150], scale: 1.43, angle: 180, mirror: true },
  { name: "ATLAS", shape: [116, 116], scale: 1.86, angle: 180.4, mirror: false },
  { name: "Catalina", shape: [86, 86], scale: 2.5, angle: 90.6, mirror: false },
  { name: "Spacewatch", shape: [150, 150], scale: 1.43, angle: -2, mirror: false },
  { name: "LONEOS", shape: [60, 84], scale: 2.55, angle: 179, mirror: false },
] as const;

const marks: PictureOptions = {
  marks: [
    { kind: "circle", lon: centre[0] + 0.012, lat: centre[1] + 0.014, radiusArcsec: 12 },
    { kind: "cross", lon: centre[0] - 0.015, lat: centre[1] - 0.004 },
    { kind: "arrow", positionAngle: 245, label: "v" },
    { kind: "scalebar" },
    { kind: "compass" },
  ],
};
const columns: readonly {
  readonly name: string;
  readonly align: boolean;
  readonly options: PictureOptions;
}[] = [
  { name: "as it is", align: false, options: {} },
  { name: "align", align: true, options: {} },
  { name: "sqrt", align: true, options: { stretch: "sqrt", cut: "percentile" } },
  { name: "log", align: true, options: { stretch: "log", cut: "minmax" } },
  { name: "asinh", align: true, options: { stretch: "asinh", cut: "percentile" } },
  { name: "viridis", align: true, options: { colormap: "viridis" } },
  { name: "marks", align: true, options: marks },
];

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Longitude, latitude and brightness of the stars, and one galaxy; the first is where the circle is drawn. */
const random = generator(5);
const stars: readonly (readonly [number, number, number])[] = [
  [centre[0] + 0.012, centre[1] + 0.014, 2500],
  ...Array.from({ length: 60 }, (): readonly [number, number, number] => [
    centre[0] + (random() - 0.5) * 0.09,
    centre[1] + (random() - 0.5) * 0.09,
    60 / random(),
  ]),
];

function field({ shape: [width, height] }: (typeof surveys)[number], source: TanFrame): Float32Array {
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

function sourceFrame({ shape, scale, angle, mirror }: (typeof surveys)[number]): TanFrame {
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

const width = columns.length * (PANEL + GAP) + GAP;
const height = surveys.length * (PANEL + HEAD + GAP) + GAP;
const ground = { width, height, channels: 1, pixels: new Uint8Array(width * height).fill(40) } as const;
const panels: OverlayOptions[] = [];
for (const [row, survey] of surveys.entries()) {
  const source = sourceFrame(survey);
  const data = field(survey, source);
  const pixelToSky = (x: number, y: number) => tanPixelToSky(source, x, y);
  for (const [column, { name, align, options }] of columns.entries()) {
    const frame = targetFrame({ ...source, pixelToSky }, survey.shape, align);
    const picture = renderPicture({ data, shape: survey.shape, frame, map: tanMap(frame, source), options });
    const left = GAP + column * (PANEL + GAP);
    const top = GAP + row * (PANEL + HEAD + GAP);
    const label = `${survey.name}: ${name}`;
    text(ground, left, top + HEAD - 4 - textSize(label, 2)[1], label, 2, 230, 0);
    panels.push({ input: await panel(picture), left, top: top + HEAD });
  }
}
const file = fileURLToPath(new URL("../docs/contact-sheet.png", import.meta.url));
await sharp(ground.pixels, { raw: { width, height, channels: 1 } })
  .toColourspace("srgb")
  .composite(panels)
  .png({ compressionLevel: 9, palette: true, effort: 10 })
  .toFile(file);
console.log(`${file}: ${width} x ${height}`);
