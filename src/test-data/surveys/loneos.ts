import { realCard, valueCard } from "@sbnsis/fits";
import { matrixCards, pointingCards, rawCard, rotatedMatrix, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const DETECTOR = [2046, 4096] as const;
const SMALL = 300;
const SCALE = 2.53 / 3600;

function loneosFrame({ index, seed, fullSize }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("loneos", index, seed));
  const [width, height] = fullSize ? DETECTOR : [SMALL, SMALL];
  const start = timeOfMjd(
    (index % 2 === 0 ? 53_365 : 53_420) + Math.floor(index / 4) + random.between(0.1, 0.45),
  );
  const day = start.slice(2, 10).replaceAll("-", "");
  const name = `${day}_2${"ab"[index % 2]}_${String(82 + index).padStart(3, "0")}`;
  const program = start < "2005" ? "lois_3_2_0_beta" : "lois_4_2_0";
  const ra = index === 0 ? 359.99 : Number(random.between(0, 360).toFixed(6));
  const dec = Number(random.between(-10, 45).toFixed(6));
  const cards = [
    valueCard("BSCALE", 1),
    valueCard("BZERO", 32768),
    valueCard("OBJECT", name),
    valueCard("DATE-OBS", start),
    realCard("EXPTIME", 45),
    ...pointingCards("TAN", { ra, dec, crpix: [width / 2 + 0.5, height / 2 + 0.5] }),
    ...matrixCards(rotatedMatrix(SCALE, 180)),
    realCard("EQUINOX", 2000),
  ];
  // Early headers have a blank card after each card.
  const early = index % 2 === 0 ? cards.flatMap((card) => [card, rawCard("")]) : cards;
  return {
    label: {
      lid: `urn:nasa:pds:gbo.ast.loneos.survey:data_augmented:${name}_fits`,
      title: `LONEOS look-alike ${name}`,
      facility: "LONEOS 0.6-m Schmidt look-alike",
      instrument: "LONEOS camera look-alike",
      target: "Multiple Asteroids",
      start,
      exposureSeconds: 45,
      filter: "clear",
      fieldId: name,
      limitingMagnitude: 19.3,
      matrix: true,
      cornerError: 0.05,
    },
    folder: `data_augmented/${program}/${day}`,
    fileName: `${name}.fits`,
    storedName: `${name}.fits`,
    labelName: `${name}.xml`,
    width,
    height,
    bitpix: 16,
    bzero: 32768,
    cards: early,
    pixels: { kind: "stars", background: 900, sigma: 18 },
    storage: "plain",
    companions: [],
  };
}

/**
 * Look-alikes of LONEOS: plain unsigned integers, rotated by 180 degrees, label corners off by
 * arcminutes.
 */
export const LONEOS: MadeSurvey = {
  name: "loneos",
  folder: "gbo.ast.loneos.survey",
  usualFrames: 8,
  defaultFrames: 4,
  frame: loneosFrame,
};
