import { join } from "node:path";
import {
  type ByteSink,
  emptyPrimary,
  headerFromCards,
  imageHdu,
  type StoredArray,
  type TiledImageToWrite,
  valueCard,
  writeTiledImage,
} from "@sbnsis/fits";
import { storedArray } from "@sbnsis/fits/internal";
import { type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { SisError } from "../errors/sis-error.ts";
import type { CompanionImage, FrameDesign, SkySource } from "./frame-design.ts";
import { frameLabel } from "./frame-label.ts";
import { type MadeStar, madeStars, type NextRow, placedStars, skyRows, starRows } from "./frame-rows.ts";
import { writeHduFile, writeTextFile } from "./write-file.ts";

/** The result of a frame: its coordinate system and its stars. */
export interface WrittenFrame {
  readonly wcs: Wcs;
  readonly stars: readonly MadeStar[];
}

/** The coordinate system of a frame. Errors: WCS_INVALID. */
function frameWcs({ cards, width, height }: FrameDesign): Wcs {
  const axes = [valueCard("NAXIS", 2), valueCard("NAXIS1", width), valueCard("NAXIS2", height)];
  const wcs = wcsFromHeader(headerFromCards([...axes, ...cards]));
  if (wcs === undefined) throw new SisError("WCS_INVALID", "a made frame has no celestial coordinate system");
  return wcs;
}

/**
 * Writes data file and label of a frame below `directory`; one row of it is in memory at a time
 * when it is compressed.
 */
export async function writeFrame(
  design: FrameDesign,
  directory: string,
  seed: number,
  signal?: AbortSignal,
): Promise<WrittenFrame> {
  const wcs = frameWcs(design);
  const { pixels } = design;
  const stars = pixels.kind === "stars" ? starsOf(design, pixels.sources, wcs, seed) : [];
  const next = pixels.kind === "stars" ? starRows(pixels, stars, seed) : skyRows(wcs);
  const folder = join(directory, design.folder);
  await writeHduFile(join(folder, design.storedName), async (file) => {
    const rows = storedRows(design, next);
    const { storage, width, height, cards, bitpix } = design;
    if (storage === "plain") {
      await file.append(imageHdu({ naxis: [width, height], pixels: rows(0, height), cards }));
      return;
    }
    await file.append(emptyPrimary());
    const image = {
      ...storage,
      naxis: [width, height],
      bitpix,
      cards,
      kind: "extension",
      planes: rows,
    } as const;
    await file.appendThrough((sink) => packed(image, sink, signal));
    for (const companion of design.companions) {
      await file.appendThrough((sink) => packed(companionImage(companion), sink, signal));
    }
  });
  await writeTextFile(join(folder, design.labelName), frameLabel(design, wcs));
  return { wcs, stars };
}

function starsOf(design: FrameDesign, sources: readonly SkySource[] | undefined, wcs: Wcs, seed: number) {
  return sources === undefined ? madeStars(design, wcs, seed) : placedStars(sources, wcs);
}

function packed(image: TiledImageToWrite, sink: ByteSink, signal: AbortSignal | undefined): Promise<number> {
  return writeTiledImage(image, sink, signal === undefined ? {} : { signal });
}

/** Stored values of the next rows, called in order. */
function storedRows(
  { width, bitpix, bzero }: FrameDesign,
  next: NextRow,
): (first: number, count: number) => StoredArray {
  const row = new Float64Array(width);
  return (_, count) => {
    const stored = storedArray(bitpix, width * count) as Int16Array | Float32Array | Float64Array;
    for (let y = 0; y < count; y++) {
      next(row);
      const at = y * width;
      if (bitpix === 16) {
        for (let x = 0; x < width; x++) {
          stored[at + x] = Math.min(65_535, Math.max(0, Math.round(row[x]!))) - bzero;
        }
      } else for (let x = 0; x < width; x++) stored[at + x] = row[x]! - bzero;
    }
    return stored;
  };
}

/** An image of 16-bit integers that are nearly all the same. */
function companionImage({ name, width, height }: CompanionImage): TiledImageToWrite {
  const row = new Int16Array(width);
  return {
    naxis: [width, height],
    bitpix: 16,
    codec: "RICE_1",
    kind: "extension",
    cards: [valueCard("EXTNAME", name)],
    planes: (y) => {
      for (let x = 0; x < width; x++) row[x] = (x * 7 + y * 13) % 1009 === 0 ? 8 : 0;
      return row;
    },
  };
}
