import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { valueCard } from "../../../packages/fits/src/header/write-card.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import type { PictureOptions } from "../../../packages/imaging/src/render/picture-options.ts";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { describeFrame, type FrameDescription } from "../../../src/products/frame-description.ts";
import { makePicture } from "../../../src/products/make/make-picture.ts";
import { type PicturePlan, planPicture } from "../../../src/products/plan/plan-picture.ts";
import { withSource } from "../../../src/products/request/source-file.ts";
import { gnomonicCards, tiledFile } from "../../support/inputs/made-fits.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-bytes-"));
const sources = new Sources(sourceAccess(loadSettings("/nonexistent", {}), "1.2.3"));
afterAll(() => rmSync(folder, { recursive: true }));

const cards = [
  ...gnomonicCards([359.98, -35], [60, 90.5], [3.7e-4, -1.5e-4, 1.5e-4, 3.7e-4]),
  valueCard("RADESYS", "ICRS"),
];

/** Integers from 0 to 4000, mostly small. */
function noise(count: number): Int16Array {
  let state = 11;
  const values = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const u = (state >>> 8) / 2 ** 24;
    values[i] = 100 + (i % 64) + 40 * u + (u > 0.99 ? 3000 * u : 0);
  }
  return values;
}

function holes(values: Int16Array, from: number, to: number): Float32Array {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < floats.length; i++)
    floats[i] = i > from && i < to && i % 7 < 3 ? Number.NaN : values[i]! + 0.25;
  return floats;
}

const NX = 150;
const NY = 110;
const quantization = { method: "SUBTRACTIVE_DITHER_2", level: 4, zdither0: 9 } as const;

/** The files of the table, small but for one that is read in two bands. */
const files: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  int16: () => imageHdu({ naxis: [NX, NY], pixels: noise(NX * NY), cards }),
  "int16 with BLANK, tiles": () =>
    tiledFile(
      {
        naxis: [NX, NY],
        bitpix: 16,
        codec: "RICE_1",
        tile: [40, 30],
        cards: [...cards, valueCard("BLANK", 120)],
      },
      noise(NX * NY),
    ),
  "float32 with NaN": () => imageHdu({ naxis: [NX, NY], pixels: holes(noise(NX * NY), 3000, 9000), cards }),
  "quantised float32": () =>
    tiledFile(
      { naxis: [NX, NY], bitpix: -32, codec: "RICE_1", cards, quantization },
      Float32Array.from(noise(NX * NY), (value) => value * 1.5),
    ),
  "quantised float32 in two bands, NaN in one": () =>
    tiledFile(
      { naxis: [1400, 1100], bitpix: -32, codec: "RICE_1", cards, quantization },
      holes(noise(1400 * 1100), 1_200_000, 1_300_000),
    ),
};

const intervals: readonly PictureOptions[] = [
  {},
  { cut: "minmax" },
  { cut: "percentile", minCut: { kind: "value", value: 90 } },
  { minCut: { kind: "value", value: 90 }, maxCut: { kind: "value", value: 190 } },
];
const styles: readonly PictureOptions[] = [
  {},
  { stretch: "asinh", invert: true },
  { stretch: "log", colormap: "heat", marks: [{ kind: "compass" }] },
  { width: 70 },
  { width: 16, colormap: "magma" },
  { zoom: 2, colormap: "cool" },
];

let made = 0;
async function pixelsOf(frame: FrameDescription, plan: PicturePlan): Promise<string> {
  const path = join(folder, `${made++}.png`);
  const { location, identity } = frame.source;
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  await withSource(sources, location, { identity }, (source) => makePicture(source, plan, path, cancelled));
  const image = sharp(path);
  const { channels } = await image.metadata();
  const one = channels === 1 ? image.toColourspace("b-w") : image;
  const { data, info } = await one.raw().toBuffer({ resolveWithObject: true });
  const text = readFileSync(path, "latin1");
  const packet = text.slice(text.indexOf("<?xpacket begin"), text.indexOf('<?xpacket end="w"?>'));
  return createHash("sha256")
    .update(`${info.width} ${info.height} ${info.channels} ${packet}`)
    .update(data)
    .digest("hex");
}

test.each(Object.keys(files))(
  "pictures of every kind have the pixels and metadata that commit 52fe671 gave (SHA-256): %s",
  async (name) => {
    const path = join(folder, `${name}.fits`);
    writeFileSync(path, await files[name]!());
    const frame = await withSource(sources, path, {}, (source, identity) =>
      describeFrame(source, { location: path, identity }, 0),
    );
    const isLarge = frame.naxis[0] > NX;
    const hashes: Record<string, string> = {};
    for (const align of [false, true]) {
      for (const interpolation of ["nearest", "bilinear"] as const) {
        for (const reading of ["section", "bands"] as const) {
          for (const [i, interval] of intervals.entries()) {
            // the large one is for bands; a few of its pictures take as long as all the others
            if (isLarge && (i > 0 || reading === "section" || (align && interpolation === "bilinear")))
              continue;
            const all = createHash("sha256");
            for (const style of isLarge ? [{}, styles[4]] : i === 0 ? styles : styles.slice(1, 4)) {
              const options = { ...interval, ...style, interpolation };
              const request = { id: "x", format: "png", align, picture: { options } } as const;
              const whole = planPicture(frame, request, { maximumCutoutSize: 1024 }, { title: "T" });
              const content = { kind: "frame", image: frame.image } as const;
              const plan = reading === "section" ? whole : { ...whole, content };
              all.update(await pixelsOf(frame, plan));
            }
            const { cut = "zscale", minCut } = interval;
            const row = [cut, minCut === undefined ? "" : "given", interpolation, align ? "aligned" : ""];
            hashes[[reading, ...row].filter((word) => word !== "").join(", ")] = all.digest("hex");
          }
        }
      }
    }
    // the snapshot is the table: SHA-256 over the pictures of all styles
    expect(hashes).toMatchSnapshot();
  },
);
