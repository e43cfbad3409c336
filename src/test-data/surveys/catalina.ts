import { realCard, valueCard } from "@sbnsis/fits";
import { matrixCards, pointingCards, pvCards, rawCard, timeAfter, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const SMALL = 300;
/** Position of a small frame on the detector, as a fraction of its side. */
const CUT_FROM = 0.7;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Station, pixels along a side, arcsec per pixel. */
const STATIONS = [
  ["703", 5280, 3.0],
  ["G96", 10_560, 0.76],
  ["I52", 5280, 1.0],
  ["V06", 5280, 1.05],
] as const;

/** SCAMP's polynomials under CTYPE TAN. */
const PV: readonly (readonly [number, number, number])[] = [1, 2].flatMap((axis) => [
  [axis, 0, axis === 1 ? 2e-5 : -1e-5] as const,
  [axis, 1, 1.0001] as const,
  [axis, 2, 1e-5] as const,
  [axis, 4, -3e-6] as const,
  [axis, 5, 4e-6] as const,
  [axis, 6, 2e-6] as const,
  [axis, 7, 5e-5] as const,
  [axis, 8, -1e-6] as const,
  [axis, 9, 4.8e-5] as const,
  [axis, 10, 1e-6] as const,
]);

function catalinaFrame({ index, seed, fullSize }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("catalina", index, seed));
  const [station, detector, arcsec] = STATIONS[index % STATIONS.length]!;
  const size = fullSize ? detector : SMALL;
  const cut = fullSize ? 0 : Math.floor(detector * CUT_FROM);
  const start = timeOfMjd(59_306 + Math.floor(index / 4) + random.between(0.1, 0.45));
  const date = start.slice(0, 10).replaceAll("-", "");
  const field = `N${String(Math.floor(random.between(1, 90))).padStart(2, "0")}${String(index).padStart(3, "0")}`;
  const name = `${station}_${date}_2B_${field}_01_000${1 + (index % 4)}`;
  const day = `${date.slice(2, 4)}${MONTHS[Number(date.slice(4, 6)) - 1]}${date.slice(6)}`;
  const scale = arcsec / 3600;
  const ra = index === 0 ? 359.9 : Number(random.between(0, 360).toFixed(7));
  const dec = Number(random.between(-25, 85).toFixed(7));
  const middle = timeAfter(start, 15);
  return {
    label: {
      lid: `urn:nasa:pds:gbo.ast.catalina.survey:data_calibrated:${name.toLowerCase()}.arch`,
      title: `Catalina Sky Survey look-alike ${name}`,
      facility: `Catalina ${station} look-alike`,
      instrument: `${station} camera look-alike`,
      target: "Multiple Asteroids",
      start,
      exposureSeconds: 30,
      filter: "OPEN",
      fieldId: field,
      limitingMagnitude: 20.1,
      matrix: true,
    },
    folder: `data_calibrated/${station}/${date.slice(0, 4)}/${day}`,
    fileName: `${name}.arch`,
    storedName: `${name}.arch.fz`,
    labelName: `${name}.xml`,
    width: size,
    height: size,
    bitpix: 16,
    bzero: 32768,
    cards: [
      valueCard("BZERO", 32768),
      valueCard("BSCALE", 1),
      valueCard("OBJECT", field),
      valueCard("MPCCODE", station),
      valueCard("DATE-OBS", start),
      rawCard(`DATE-MID= '${middle} / UTC`),
      realCard("EXPTIME", 30),
      ...pointingCards("TAN", { ra, dec, crpix: [detector / 2 + 4 - cut, detector / 2 - 7.5 - cut] }),
      ...matrixCards([-scale, 1e-6 * arcsec, 1.2e-6 * arcsec, scale]),
      realCard("CDELT1", -scale),
      realCard("CDELT2", scale),
      realCard("CROTA1", 0),
      realCard("CROTA2", 0),
      ...pvCards(PV),
      valueCard("RADECSYS", "FK5"),
      valueCard("RADESYS", "ICRS"),
      realCard("EQUINOX", 2000),
    ],
    pixels: { kind: "stars", background: 1500, sigma: 30 },
    storage: { codec: "RICE_1" },
    companions: [],
  };
}

/**
 * Look-alikes of the Catalina Sky Survey: TAN that means TPV, three forms of the matrix, a string
 * without its closing quote.
 */
export const CATALINA: MadeSurvey = {
  name: "catalina",
  folder: "gbo.ast.catalina.survey",
  usualFrames: 8,
  defaultFrames: 4,
  frame: catalinaFrame,
};
