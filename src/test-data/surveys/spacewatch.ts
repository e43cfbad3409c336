import { realCard, valueCard } from "@sbnsis/fits";
import { matrixCards, pointingCards, pvCards, rotatedMatrix, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const DETECTOR = [4608, 2048] as const;
const SMALL = 300;
const SCALE = 1 / 3600;
/** Some names are of fields, others of the target asteroids. */
const FIELDS = ["09.01", "38.07", "2003BM80", "K04_Q.2"];

function spacewatchFrame({ index, seed, fullSize }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("spacewatch", index, seed));
  const [width, height] = fullSize ? DETECTOR : [SMALL, SMALL];
  const start = timeOfMjd(52_721 + Math.floor(index / 4) + random.between(0.1, 0.45));
  const field = FIELDS[index % FIELDS.length]!;
  const stamp = start.replaceAll(/[-T:]/g, "_");
  const name = `sw_${String(993 + index).padStart(4, "0")}_${field}_${stamp}.00${1 + (index % 3)}.fits`;
  const ra = index === 0 ? 0.01 : Number(random.between(0, 360).toFixed(8));
  const dec = Number(random.between(-15, 40).toFixed(8));
  const cut = fullSize ? 0 : 1500;
  return {
    label: {
      lid: `urn:nasa:pds:gbo.ast.spacewatch.survey:data:${name.toLowerCase()}`,
      title: `Spacewatch look-alike ${name}`,
      facility: "Spacewatch 0.9-m look-alike",
      instrument: "Spacewatch mosaic look-alike",
      target: "Multiple Asteroids",
      start,
      exposureSeconds: 120,
      filter: "OG-515",
      fieldId: field,
      limitingMagnitude: 21.2,
      matrix: true,
    },
    folder: `data/${start.slice(0, 10).replaceAll("-", "/")}`,
    fileName: name,
    storedName: name,
    labelName: `${name}.xml`,
    width,
    height,
    bitpix: -32,
    bzero: 0,
    cards: [
      valueCard("OBJECT", field),
      valueCard("DATE-OBS", start),
      realCard("EXPTIME", 120),
      ...pointingCards("TAN", { ra, dec, crpix: [2304.5 - cut, 1024.5 - Math.min(cut, 700)] }),
      ...matrixCards(rotatedMatrix(SCALE, 91.3)),
      ...pvCards([
        [1, 0, 1e-5],
        [1, 1, 1.0004],
        [1, 2, -2e-5],
        [1, 4, 6e-5],
        [1, 7, 2e-3],
        [1, 9, 2e-3],
        [2, 0, -2e-5],
        [2, 1, 0.9998],
        [2, 2, 1e-5],
        [2, 5, 3e-5],
        [2, 7, 2e-3],
        [2, 9, 2e-3],
      ]),
      valueCard("RADECSYS", "FK5"),
      realCard("EQUINOX", 2000),
    ],
    pixels: { kind: "stars", background: 2790, sigma: 14 },
    storage: "plain",
    companions: [],
  };
}

/** Look-alikes of Spacewatch: plain float32, mixed-case names with dots. */
export const SPACEWATCH: MadeSurvey = {
  name: "spacewatch",
  folder: "gbo.ast.spacewatch.survey",
  usualFrames: 8,
  defaultFrames: 4,
  frame: spacewatchFrame,
};
