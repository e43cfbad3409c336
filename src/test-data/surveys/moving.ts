import { valueCard } from "@sbnsis/fits";
import { unixMsOfMjd } from "@sbnsis/pds4";
import { offsetAlong } from "@sbnsis/wcs/internal";
import { matrixCards, mjdOf, pointingCards, rotatedMatrix, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey, SkySource } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const SIDE = 300;
const SCALE = 1.86 / 3600;
const EXPOSURE = 30;
const NOISE = 20;

/**
 * The object: its position at the epoch, its motion, and its peak above the sky, as high as the
 * noise.
 */
const PLACE = [150.1, 20.05] as const;
const EPOCH = 59_305.3;
const RATE = 25;
const POSITION_ANGLE = 110;
const PEAK = NOISE;

/** Time from one frame to the next, days: 10 minutes. */
const CADENCE = 10 / 1440;

/** Stars of the field, within this distance of the place, degrees. */
const STARS = 60;
const FIELD = 0.12;

/** Position of the object, ICRS degrees, at a time, MJD (UTC). */
function objectAt(mjd: number): readonly [number, number] {
  return offsetAlong(PLACE, POSITION_ANGLE, (RATE * (mjd - EPOCH) * 24) / 3600);
}

/** The stars of the field, the same in every frame of a seed. */
function stars(seed: number): readonly SkySource[] {
  const random = seededRandom(mixedSeed("moving", "stars", seed));
  return Array.from({ length: STARS }, () => {
    const [ra, dec] = offsetAlong(PLACE, random.between(0, 360), FIELD * Math.sqrt(random.next()));
    return { ra, dec, peak: Math.min(6000, 90 * (1 - random.next()) ** -0.9) };
  });
}

const lidOf = (index: number) =>
  `urn:nasa:pds:survey:moving-object:frame-${String(index + 1).padStart(3, "0")}`;

const startOf = (index: number) => timeOfMjd(EPOCH + index * CADENCE);

const middleOf = (index: number) => mjdOf(startOf(index)) + EXPOSURE / 2 / 86_400;

function movingFrame({ index, seed }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("moving", index, seed));
  const name = `frame-${String(index + 1).padStart(3, "0")}`;
  const [ra, dec] = objectAt(middleOf(index));
  const pointing = {
    ra: ra + random.between(-0.01, 0.01),
    dec: dec + random.between(-0.01, 0.01),
    crpix: [SIDE / 2 + random.next(), SIDE / 2 + random.next()] as const,
  };
  return {
    label: {
      lid: lidOf(index),
      title: "Field of a moving object",
      facility: "Generated 0.5-m telescope",
      instrument: "Generated CCD camera",
      target: "Multiple Asteroids",
      start: startOf(index),
      exposureSeconds: EXPOSURE,
      filter: "o",
      fieldId: "moving",
      limitingMagnitude: 19.5,
      matrix: true,
    },
    folder: "data",
    fileName: `${name}.fits`,
    storedName: `${name}.fits.fz`,
    labelName: `${name}.xml`,
    width: SIDE,
    height: SIDE,
    bitpix: 16,
    bzero: 32_768,
    cards: [
      valueCard("BZERO", 32_768),
      valueCard("BSCALE", 1),
      valueCard("DATE-OBS", startOf(index)),
      valueCard("EXPTIME", EXPOSURE, "[s]"),
      ...pointingCards("TAN", pointing),
      ...matrixCards(rotatedMatrix(SCALE, 180 + random.between(-1, 1))),
      valueCard("RADESYS", "ICRS"),
      valueCard("FWHM", 1.77, "[pix] of a point source"),
    ],
    pixels: {
      kind: "stars",
      background: 1000 + 20 * (index % 5),
      sigma: NOISE,
      sources: [...stars(seed), { ra, dec, peak: PEAK }],
    },
    storage: { codec: "RICE_1" },
    companions: [],
  };
}

/**
 * The response of CATCH to a search for the object: every frame with the position at the middle of
 * its exposure. unc_theta counts from east towards north, as Horizons states it.
 */
function catchList(frames: number): string {
  const turn = (POSITION_ANGLE * Math.PI) / 180;
  const data = Array.from({ length: frames }, (_, index) => {
    const mjd = middleOf(index);
    const [ra, dec] = objectAt(mjd);
    return {
      product_id: lidOf(index),
      source: "made_survey",
      mjd_start: mjdOf(startOf(index)),
      mjd_stop: mjdOf(startOf(index)) + EXPOSURE / 86_400,
      filter: "o",
      exposure: EXPOSURE,
      seeing: 3.3,
      date: `${new Date(unixMsOfMjd(mjd)).toISOString().replace("T", " ").slice(0, 23)}`,
      ra: Number(ra.toFixed(6)),
      dec: Number(dec.toFixed(6)),
      dra: Number((RATE * Math.sin(turn)).toFixed(4)),
      ddec: Number((RATE * Math.cos(turn)).toFixed(4)),
      unc_a: 9,
      unc_b: 3,
      unc_theta: 90 - POSITION_ANGLE,
      vmag: 20.4,
    };
  });
  const parameters = { target: "65P", uncertainty_ellipse: false, padding: 0 };
  const job_id = "5f3a2b1c0d9e48f7a6b5c4d3e2f10987";
  return `${JSON.stringify({ count: frames, job_id, version: "made", parameters, status: [], data }, null, 1)}\n`;
}

/**
 * One field with the same stars in every frame, and an object that moves through it, too faint to
 * be seen in one frame; with `catch.json`, the list that CATCH would return for it.
 */
export const MOVING: MadeSurvey = {
  name: "moving",
  folder: "moving-object",
  usualFrames: 24,
  defaultFrames: 24,
  frame: movingFrame,
  list: { name: "catch.json", textOf: catchList },
};
