import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import type { Hdu } from "../../packages/fits/src/file/hdu.ts";
import { headerBytes } from "../../packages/fits/src/header/header.ts";
import { imageHeader } from "../../packages/fits/src/header/image-header.ts";
import { physicalValues } from "../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../packages/fits/src/read/section-plan.ts";
import type { ByteSource } from "../../packages/fits/src/source/byte-source.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import {
  footprint,
  hasCelestialWcs,
  icrsToPixel,
  pixelMap,
  pixelScales,
  pixelToIcrs,
  pixelToWorld,
  type Wcs,
  wcsFromHeader,
  worldToPixel,
} from "../../packages/wcs/src/index.ts";
import { nodeInflate } from "../../src/archive/node-inflate.ts";
import { unpackedSource } from "../../src/archive/unpack/unpacked-source.ts";
import { isSisError } from "../../src/errors/sis-error.ts";

type Random = (most: number) => number;

/** Sides of the boxes that are read, and HDUs of a file that are examined. */
const SIDE = 48;
const HDUS = 6;
const UNPACKED = 8_388_608;

/**
 * The outcome of an input: how many sections and coordinate systems were read, and the codes of the
 * typed errors.
 */
export interface Outcome {
  sections: number;
  skies: number;
  refused: number;
}

/**
 * Runs one input through both engines. Typed errors are correct outcomes; anything else is thrown.
 */
export async function runEngines(bytes: Uint8Array, random: Random): Promise<Outcome> {
  const outcome: Outcome = { sections: 0, skies: 0, refused: 0 };
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isSisError(error)) throw error;
      outcome.refused++;
    }
  };
  await attempt(async () => {
    const packed = memorySource(bytes);
    const source = (await unpackedSource(packed, { limit: UNPACKED })) ?? packed;
    const { hdus } = await openFits(source, { recover: random(2) === 0 });
    for (const hdu of hdus.slice(0, HDUS)) {
      await attempt(async () => {
        await readBox(source, hdu, random);
        outcome.sections++;
      });
      await attempt(() => {
        if (useSky(hdu, random)) outcome.skies++;
      });
    }
  });
  return outcome;
}

async function readBox(source: ByteSource, hdu: Hdu, random: Random): Promise<void> {
  const image = await describeImage(source, hdu);
  if (image === undefined) return;
  const start = image.naxis.map((length) => (random(3) === 0 ? 0 : random(Math.min(length, 2 ** 31))));
  const shape = image.naxis.map(
    (length, axis) => 1 + random(Math.min(axis < 2 ? SIDE : 2, length - start[axis]!)),
  );
  const plan = planSection(image, { start, shape });
  const stored = await readSection(source, plan, random(2) === 0 ? { inflate: nodeInflate } : {});
  if (stored.length !== plan.pixels) throw new Error(`${stored.length} pixels for a box of ${plan.pixels}`);
  physicalValues(image, stored);
}

function useSky(hdu: Hdu, random: Random): boolean {
  const header = imageHeader(hdu);
  headerBytes(header.cards);
  if (!hasCelestialWcs(header)) return false;
  const wcs = wcsFromHeader(header);
  pixelScales(wcs);
  footprint(wcs, [40, 30]);
  const [x, y] = [random(2000) - 500, random(2000) - 500];
  const world = pixelToWorld(wcs, x, y);
  finite("pixelToWorld", world);
  if (world !== undefined) finite("worldToPixel", worldToPixel(wcs, world.lon, world.lat));
  finite("pixelToIcrs", pixelToIcrs(wcs, x, y));
  finite("icrsToPixel", icrsToPixel(wcs, random(360), random(180) - 90));
  useMap(wcs);
  return true;
}

function finite(what: string, found: object | undefined): void {
  if (found !== undefined && !Object.values(found).every(Number.isFinite))
    throw new Error(`${what} gives ${Object.values(found)}`);
}

const WIDTH = 16;
const OUT_X = new Float64Array(WIDTH);
const OUT_Y = new Float64Array(WIDTH);

function useMap(wcs: Wcs): void {
  pixelMap(wcs, wcs, [WIDTH, 4]).rows(2, 0, 1, WIDTH, OUT_X, OUT_Y);
}
