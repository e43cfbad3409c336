import { icrsToPixel, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import type { FrameDesign, SkySource } from "./frame-design.ts";
import { noiseSource, seededRandom } from "./random.ts";

/** A star of a generated frame. */
export interface MadeStar {
  /** Pixel counted from 0. */
  readonly x: number;
  readonly y: number;
  /** ICRS, degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Peak height above the background. */
  readonly peak: number;
}

/** Pixels per star. */
const PIXELS_PER_STAR = 5000;
/** Width of a star as a standard deviation, and the radius to which it is drawn, pixels. */
const WIDTH = 1.4;
const REACH = 7;
const FAINTEST = 300;
const BRIGHTEST = 28_000;

/** The stars of a frame, by y; none if its coordinate system is not celestial. */
export function madeStars({ width, height }: FrameDesign, wcs: Wcs, seed: number): readonly MadeStar[] {
  const random = seededRandom(seed ^ 0x57a5);
  const count = Math.ceil((width * height) / PIXELS_PER_STAR);
  const stars: MadeStar[] = [];
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(4, width - 5), random.between(4, height - 5)];
    const peak = Math.min(BRIGHTEST, FAINTEST * (1 - random.next()) ** -0.8);
    const sky = pixelToIcrs(wcs, x, y);
    if (sky !== undefined) stars.push({ x, y, ...sky, peak });
  }
  return stars.sort((a, b) => a.y - b.y);
}

/** Point sources of the sky as stars of a frame, by y; those far off it are not drawn. */
export function placedStars(sources: readonly SkySource[], wcs: Wcs): readonly MadeStar[] {
  const stars = sources.flatMap(({ ra, dec, peak }): readonly MadeStar[] => {
    const pixel = icrsToPixel(wcs, ra, dec);
    return pixel === undefined ? [] : [{ ...pixel, ra, dec, peak }];
  });
  return stars.sort((a, b) => a.y - b.y);
}

/** Writes the physical values of the next row of a frame, from the first on, into `row`. */
export type NextRow = (row: Float64Array) => void;

/** Rows of background, noise and stars. */
export function starRows(
  pixels: { readonly background: number; readonly sigma: number },
  stars: readonly MadeStar[],
  seed: number,
): NextRow {
  const addNoise = noiseSource(seed);
  let y = 0;
  let first = 0;
  return (row) => {
    row.fill(pixels.background);
    addNoise(row, pixels.sigma);
    while (first < stars.length && stars[first]!.y < y - REACH) first++;
    for (let i = first; i < stars.length && stars[i]!.y <= y + REACH; i++) addStar(row, stars[i]!, y);
    y++;
  };
}

function addStar(row: Float64Array, star: MadeStar, y: number): void {
  const peak = star.peak * Math.exp(-((y - star.y) ** 2) / (2 * WIDTH ** 2));
  const end = Math.min(row.length - 1, Math.floor(star.x + REACH));
  for (let x = Math.max(0, Math.ceil(star.x - REACH)); x <= end; x++) {
    row[x] = row[x]! + peak * Math.exp(-((x - star.x) ** 2) / (2 * WIDTH ** 2));
  }
}

/**
 * Rows of sky positions: ICRS right ascension where x and y (from 0) are even, declination where
 * both are odd, 0 elsewhere.
 */
export function skyRows(wcs: Wcs): NextRow {
  let y = 0;
  return (row) => {
    row.fill(0);
    for (let x = y & 1; x < row.length; x += 2) {
      const sky = pixelToIcrs(wcs, x, y);
      row[x] = sky === undefined ? Number.NaN : y & 1 ? sky.dec : sky.ra;
    }
    y++;
  };
}
