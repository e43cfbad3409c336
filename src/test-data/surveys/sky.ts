import { realCard, valueCard } from "@sbnsis/fits";
import { matrixCards, pointingCards, rotatedMatrix, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const SIDE = 300;
/** 12 arcsec per pixel: a frame is one degree wide. */
const SCALE = 12 / 3600;
const COLUMNS = 20;
const STEP = 0.95;
/** The last frames of every 20 are at the poles. */
const POLAR = 19;

/** Adjacent fields around RA 0, Dec 0, and every twentieth near a pole. */
function centre(index: number, random: ReturnType<typeof seededRandom>): readonly [number, number] {
  const row = Math.floor(index / COLUMNS);
  const column = index % COLUMNS;
  if (column === POLAR) return [random.between(0, 360), (row % 2 === 0 ? 1 : -1) * random.between(89.2, 90)];
  const dec = (((row + 9) % 19) - 9) * STEP;
  const ra = ((column - 9) * STEP) / Math.cos((dec * Math.PI) / 180);
  return [(ra + 360) % 360, dec];
}

function skyFrame({ index, seed }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("sky", index, seed));
  const [ra, dec] = centre(index, random);
  const crpix = [random.between(120, 180), random.between(120, 180)] as const;
  const angle = index % 3 === 0 ? 0 : random.between(-180, 180);
  const [a, b, c, d] = rotatedMatrix(SCALE, angle);
  // Every fifth frame is mirrored.
  const cd = (index % 5 === 4 ? [-a, b, -c, d] : [a, b, c, d]) as [number, number, number, number];
  const name = `test-${String(index).padStart(6, "0")}`;
  const start = timeOfMjd(59_000 + index / 24);
  const packed = index % 4 === 3;
  return {
    label: {
      lid: `urn:nasa:pds:survey:test-collection:${name}`,
      title: `${name}.fits`,
      facility: index % 2 === 0 ? "Test Telescope" : "Second Test Telescope",
      instrument: "Test CCD",
      target: "Multiple",
      start,
      exposureSeconds: 30,
      filter: ["clear", "g", "r"][index % 3]!,
      fieldId: `F${String(index).padStart(4, "0")}`,
      limitingMagnitude: 21,
      matrix: true,
    },
    folder: `row${String(Math.floor(index / COLUMNS)).padStart(2, "0")}`,
    fileName: `${name}.fits`,
    storedName: packed ? `${name}.fits.fz` : `${name}.fits`,
    labelName: `${name}.xml`,
    width: SIDE,
    height: SIDE,
    bitpix: -64,
    bzero: 0,
    cards: [
      valueCard("OBJECT", "sky", "RA on even-even pixels, Dec on odd-odd ones"),
      valueCard("DATE-OBS", start, "start of the exposure"),
      realCard("EXPTIME", 30, "[s]"),
      ...pointingCards("TAN", { ra, dec, crpix }),
      ...matrixCards(cd),
      valueCard("RADESYS", "ICRS"),
    ],
    pixels: { kind: "sky" },
    storage: packed ? { codec: "GZIP_2" } : "plain",
    companions: [],
  };
}

/**
 * Frames whose pixels are their own sky positions, so that every cutout of them verifies itself.
 */
export const SKY: MadeSurvey = {
  name: "sky",
  folder: "sky",
  usualFrames: 400,
  defaultFrames: 400,
  frame: skyFrame,
};
