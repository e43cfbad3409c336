import { commentCards, realCard, valueCard } from "@sbnsis/fits";
import { pointingCards, timeOfMjd } from "../cards.ts";
import type { FrameDesign, FrameRequest, MadeSurvey } from "../frame-design.ts";
import { mixedSeed, seededRandom } from "../random.ts";

const DETECTOR = 4080;
const SMALL = 300;

/** Look-alike of one camera of NEAT. */
interface Camera {
  readonly collection: string;
  readonly prefix: string;
  readonly title: string;
  /** Arcsec per pixel. */
  readonly scale: number;
  readonly facility: string;
  readonly firstMjd: number;
}

const TRICAM: Camera = {
  collection: "data_tricam",
  prefix: "p",
  title: "NEAT TRI-CAM IMAGE",
  scale: 1.01,
  facility: "Palomar 1.2-m look-alike",
  firstMjd: 52_233,
};
const GEODSS: Camera = {
  collection: "data_geodss",
  prefix: "g",
  title: "NEAT GEODSS IMAGE",
  scale: 1.43,
  facility: "GEODSS 1.0-m look-alike",
  firstMjd: 50_191,
};

function neatFrame({ index, seed, fullSize }: FrameRequest): FrameDesign {
  const random = seededRandom(mixedSeed("neat", index, seed));
  const camera = index % 4 === 3 ? GEODSS : TRICAM;
  const size = fullSize ? DETECTOR : SMALL;
  const start = timeOfMjd(
    camera.firstMjd + Math.floor(index / 8) + 0.1 + 0.04 * ((index % 8) + random.between(0, 0.9)),
  );
  const stamp = start.replaceAll(/[-T:]/g, "");
  const day = `${camera.prefix}${stamp.slice(0, 8)}`;
  const name = `${stamp}${"abcd"[index % 4]}`;
  const ra = index === 0 ? 0.02 : Number(random.between(0, 360).toFixed(6));
  const dec = Number(random.between(-30, 60).toFixed(6));
  const pixel = Number((camera.scale / 3600).toExponential(6));
  return {
    label: {
      lid: `urn:nasa:pds:gbo.ast.neat.survey:${camera.collection}:${day}_obsdata_${name}`,
      title: camera.title,
      facility: camera.facility,
      instrument: `NEAT ${camera === TRICAM ? "three-CCD" : "CCD"} camera look-alike`,
      target: "Multiple Asteroids",
      start,
      exposureSeconds: camera === TRICAM ? 60 : 20,
      filter: "NONE",
      fieldId: String(index),
      limitingMagnitude: 20.5,
      matrix: false,
    },
    folder: `${camera.collection}/${day}/obsdata`,
    fileName: `${name}.fit`,
    storedName: `${name}.fit.fz`,
    labelName: `${name}.xml`,
    width: size,
    height: size,
    bitpix: -32,
    bzero: 32768,
    cards: [
      realCard("BZERO", 32768, "added also to floats"),
      realCard("BSCALE", 1),
      valueCard("ORIGIN", "made, with the traits of a header that IRAF has written"),
      valueCard("DATE-OBS", start),
      valueCard("OBJECT", "SKY FIELD", "Object name"),
      valueCard("TELESCOP", camera === TRICAM ? "PAL 1.2M" : "GEODSS1"),
      realCard("EXPOSURE", camera === TRICAM ? 60 : 20, "Exposure time (s)"),
      valueCard("SHUTTER", "OPEN"),
      realCard("EQUINOX", 2000, "Coordinate system for RA and Dec values"),
      realCard("PLTSCALE", 67, "Plate scale in arcsec per mm"),
      realCard("XPIXELSZ", 15, "X pixel size (microns)"),
      realCard("YPIXELSZ", 15, "Y pixel size (microns)"),
      ...pointingCards("TAN", { ra, dec, crpix: [size / 2 + 0.5, size / 2 + 0.5] }),
      realCard("CDELT1", -pixel, "X pixel scale in degrees"),
      realCard("CDELT2", -pixel, "Y pixel scale in degrees: north is at the first row"),
      realCard("CROTA2", 0),
      ...commentCards("COMMENT", ""),
      ...commentCards("COMMENT", "  /FORMAT='HALF'"),
      ...commentCards("COMMENT", "  /BUFSIZ=8160"),
    ],
    pixels: { kind: "stars", background: 700, sigma: 12 },
    storage: {
      codec: "RICE_1",
      quantization: { level: 4, method: "SUBTRACTIVE_DITHER_1", zdither0: 1 + (index % 10_000) },
    },
    companions: [],
  };
}

/**
 * Look-alikes of NEAT: quantized floats with a BZERO, mirrored axes, keywords that mislead readers
 * into the mode for DSS plates.
 */
export const NEAT: MadeSurvey = {
  name: "neat",
  folder: "gbo.ast.neat.survey",
  usualFrames: 8,
  defaultFrames: 4,
  frame: neatFrame,
};
