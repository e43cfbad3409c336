import { type Card, realCard, valueCard } from "@sbnsis/fits";
import { matrixCards, mjdOf, pointingCards, pvCards, rawCard, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const DETECTOR = 10_560;
const SMALL = 300;
/** A small frame is cut from the detector where its distortion is large. */
const CUT_FROM = [7800, 1400] as const;
const SCALE = 1.86 / 3600;
/** Cards of a complete header, including seven structural ones. */
const CARDS = 425;
const STRUCTURE = 7;
const TELESCOPES = ["Haleakala", "Mauna Loa"];
/** Radial distortion: terms in r^3 and r^5, degrees. */
const CUBIC = -6.4e-4;
const QUINTIC = -4.7e-6;

/** TPV terms, out of order as in real headers. */
const PV: readonly (readonly [number, number, number])[] = [
  [1, 0, 1.1e-4],
  [1, 1, 1.00021],
  [1, 2, -1.9e-5],
  [2, 1, 1.00018],
  [1, 4, -2.86e-5],
  [1, 5, 1.3e-5],
  [1, 6, 8e-6],
  [2, 4, -2.1e-5],
  [2, 2, -1.3e-9],
  [2, 0, -9e-5],
  [2, 5, 1.7e-5],
  [2, 6, 1.2e-5],
  [2, 7, CUBIC],
  [2, 8, 1e-6],
  [2, 9, CUBIC],
  [2, 10, 4e-7],
  [1, 10, -6e-7],
  [1, 9, CUBIC],
  [1, 8, 2e-6],
  [1, 7, CUBIC],
  [1, 12, 3e-7],
  [1, 13, 1.4e-7],
  [1, 14, -2e-7],
  [1, 15, 1e-7],
  [1, 16, 5e-8],
  [2, 12, -1e-7],
  [2, 13, 2e-7],
  [2, 14, 1e-7],
  [2, 15, -3e-7],
  [2, 16, 1e-7],
  [1, 17, QUINTIC],
  [1, 18, 1e-8],
  [1, 19, 2 * QUINTIC],
  [1, 20, -1e-8],
  [1, 21, QUINTIC],
  [1, 22, 1e-8],
  [2, 22, 1e-8],
  [2, 21, QUINTIC],
  [2, 20, 2e-8],
  [2, 19, 2 * QUINTIC],
  [2, 18, -2e-8],
  [2, 17, QUINTIC],
];

/**
 * SIP polynomials of order 5 that express about the same distortion again: applying both doubles
 * it.
 */
function sipCards(random: ReturnType<typeof seededRandom>): Card[] {
  const cards = (["A", "B", "AP", "BP"] as const).map((name) => valueCard(`${name}_ORDER`, 5, "SIP order"));
  for (const name of ["A", "B", "AP", "BP"] as const) {
    const sign = name.length === 1 ? 1 : -1;
    for (let i = 0; i <= 5; i++) {
      for (let j = 0; i + j <= 5; j++) {
        if (name.length === 1 && i + j < 2) continue;
        const own = name.startsWith("A") ? [i, j] : [j, i];
        const radial = own[0] === 3 || (own[0] === 1 && own[1] === 2);
        const value =
          radial && i + j === 3
            ? sign * CUBIC * SCALE ** 2
            : random.between(-1, 1) * 10 ** (-3 - 4 * (i + j));
        cards.push(realCard(`${name}_${i}_${j}`, Number(value.toPrecision(13)), "SIP coefficient"));
      }
    }
  }
  return cards;
}

function atlasFrame({ index, seed, fullSize }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("atlas", index, seed));
  const telescope = index % 2 === 0 ? "02" : "01";
  const night = 58_678 + Math.floor(index / 4);
  const exposure = String(10 + Math.floor(220 * ((index % 4) + random.next()))).padStart(4, "0");
  const name = `${telescope}a${night}o${exposure}${"oc"[index % 2]}`;
  // Every fourth is a difference image.
  const kind = index % 4 === 3 ? "diff" : "fits";
  const size = fullSize ? DETECTOR : SMALL;
  const cut = fullSize ? [0, 0] : CUT_FROM;
  const ra = index === 0 ? 0.35 : Number(random.between(0, 360).toFixed(5));
  const dec = Number(random.between(-48, 70).toFixed(5));
  const start = timeOfMjd(night + 0.25 + 0.0005 * Number(exposure));
  const pointing = { ra, dec, crpix: [5337 - cut[0]!, 5275 - cut[1]!] as const };
  const filter = index % 2 === 0 ? "o" : "c";
  const cards = [
    valueCard("TIMESYS", "UTC", "time scale"),
    valueCard("RADESYS", "ICRS", "coordinate system"),
    realCard("MJD-OBS", Number(mjdOf(start).toFixed(8)), "[d] start of the exposure"),
    realCard("EXPTIME", 30, "[s] exposure time"),
    valueCard("EXTNAME", "image"),
    valueCard("BZERO", 32768),
    valueCard("BSCALE", 1),
    valueCard("AUXBIN", 8, "binning of the companion images"),
    rawCard(`DATE-OBS= '${start}+0000' / time of observation`),
    rawCard(`OBSID   = '${name}'     / identification of the exposure`),
    rawCard(`FILTER  = '${filter}'                  / filter`),
    rawCard("FILTID  = ''                   / identification of the filter"),
    rawCard("DOMEDROP=               'OPEN' / state of the dome"),
    rawCard("OBSKIND =                  'S' / kind of exposure"),
    valueCard("OBJECT", `SU${String(index).padStart(3, "0")}N09`, "field"),
    valueCard("DETECTOR", "made", "detector"),
    valueCard("WCSAXES", 2),
    ...pointingCards("TPV", pointing),
    realCard("EQUINOX", 2000),
    realCard("LONPOLE", 180),
    realCard("LATPOLE", dec),
    ...matrixCards([SCALE, 1.21e-6, 1.07e-6, -SCALE]),
    ...sipCards(random).slice(0, 40),
    ...pvCards(PV),
    ...sipCards(random).slice(40),
  ];
  for (let i = 0; cards.length < CARDS - STRUCTURE; i++) {
    cards.push(realCard(`RP_X${String(i).padStart(4, "0")}`, i * 1.25, "one of many parameters"));
  }
  return {
    label: {
      lid: `urn:nasa:pds:gbo.ast.atlas.survey.240:${night}:${name}.${kind}`,
      title: `ATLAS look-alike ${name}.${kind}`,
      facility: `ATLAS ${TELESCOPES[telescope === "01" ? 0 : 1]} look-alike`,
      instrument: "ATLAS camera look-alike",
      target: "Multiple Asteroids",
      start,
      exposureSeconds: 30,
      filter,
      fieldId: `SU${String(index).padStart(3, "0")}N09`,
      limitingMagnitude: 19.5,
      matrix: true,
    },
    folder: `${telescope}a/${night}`,
    fileName: `${name}.${kind}`,
    storedName: `${name}.${kind}.fz`,
    labelName: `${name}.${kind}.xml`,
    width: size,
    height: size,
    bitpix: 16,
    bzero: 32768,
    cards,
    pixels: { kind: "stars", background: kind === "diff" ? 3000 : 783, sigma: 40 },
    storage: { codec: "RICE_1" },
    companions: [
      { name: "mask", width: size, height: size },
      ...["var", "sky", "gain", "bkg", "bin", "cbias", "rbias"].map((name) => ({
        name,
        width: size >> 3,
        height: size >> 3,
      })),
    ],
  };
}

/** Look-alikes of ATLAS: ten HDUs, the image in HDU 1, TPV and SIP in one header of 425 cards. */
export const ATLAS: MadeSurvey = {
  name: "atlas",
  folder: "gbo.ast.atlas.survey",
  usualFrames: 8,
  defaultFrames: 4,
  frame: atlasFrame,
};
