import type { SkyCorners } from "../../packages/wcs/src/sky/footprint.ts";
import type { SkyPoint } from "../../packages/wcs/src/sky/vectors.ts";
import type { ImageRecord } from "../../src/catalog/catalog.ts";
import type { GivenDetail } from "../../src/catalog/model/image.ts";
import { anyPlace, seeded, squareFrame } from "../../test/support/inputs/sky-frames.ts";

/**
 * Half sides of the frames, degrees: a small camera, a Schmidt camera, and a field of 5.5 degrees.
 */
const HALF_SIDES = [0.2, 1.4, 2.75];
const FILTERS = ["c", "o", "clear", "r"];
/** Frames per night of all surveys together. */
const NIGHT = 800;
/**
 * Half of the frames are from four large surveys, each with several telescopes, the others from
 * small collections, 400 collections in total.
 */
const LARGE = 4;
const COLLECTIONS = 400;

/** Survey and telescope of a frame. */
function surveyOf(random: () => number): { readonly survey: number; readonly telescope: number } {
  const large = random() < 0.5;
  const survey = large ? Math.floor(random() * LARGE) : LARGE + Math.floor(random() * (COLLECTIONS - LARGE));
  return { survey, telescope: large ? Math.floor(random() * 4) : survey % 20 };
}

/** Row `i` of the table `image`; the rows of all collections are mixed. */
export function madeRecord(i: number): ImageRecord {
  const random = seeded(2 * i + 1);
  const { survey, telescope } = surveyOf(random);
  const collection = `urn:nasa:pds:made.survey${survey}:data`;
  const night = 59_000 + Math.floor(i / NIGHT);
  return {
    obsId: `${collection}:frame${String(i).padStart(8, "0")}.fits`,
    collection,
    facility: `Observatory ${telescope}`,
    // sometimes a different camera is mounted
    instrument: random() < 0.001 ? "Guest camera" : `Camera ${telescope % 7}`,
    dataProductType: "image",
    calibrationLevel: 2,
    target: i % 10 === 0 ? `Asteroid ${i % 5000}` : "Multiple Asteroids",
    pixelScale: 5e-4,
    imageUrl: `file:///survey/data/made${survey}/${night}/frame${i}.fits.fz`,
    labelUrl: `file:///survey/data/made${survey}/${night}/frame${i}.xml`,
  };
}

/** Corners with five decimals, as surveys write them. */
function asInLabels(corners: SkyCorners): SkyCorners {
  const rounded = ([ra, dec]: SkyPoint): SkyPoint => [Number(ra.toFixed(5)), Number(dec.toFixed(5))];
  const [a, b, c, d] = corners;
  return [rounded(a), rounded(b), rounded(c), rounded(d)];
}

/** Other label values of row `i`: frames all over the sky, consecutive in time. */
export function madeDetail(i: number): GivenDetail {
  const random = seeded(2 * i + 2);
  const start = 59_000 + Math.floor(i / NIGHT) + 0.2 + (i % NIGHT) / 2000;
  const half = HALF_SIDES[Math.floor(random() * HALF_SIDES.length)]!;
  return {
    versionId: "1.0",
    labelDigest: String(i).padStart(22, "0"),
    title: `Made survey, frame ${i}`,
    startTime: new Date((start - 40_587) * 86_400_000).toISOString(),
    stopTime: new Date((start - 40_587) * 86_400_000 + 30_000).toISOString(),
    startMjd: start,
    stopMjd: start + 30 / 86_400,
    exposure: 30,
    filter: FILTERS[i % FILTERS.length]!,
    fieldId: String(i % 2000),
    limitingMagnitude: 19.5,
    corners: asInLabels(squareFrame(anyPlace(random), half, random() * 6.3)),
    md5: null,
    fileSize: 25_000_000 + i,
  };
}
