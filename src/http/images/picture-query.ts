import { COLORMAPS, CUTS, MAXIMUM_ZOOM, STRETCHES, ZOOM_PIXELS } from "@sbnsis/imaging";
import { Type } from "typebox";

/** Most marks and arrows of one picture. */
const MARK_LIMIT = 32;
const ARROW_LIMIT = 4;

/** Radius of a circle, arcseconds. */
export const MAXIMUM_MARK_RADIUS = 36_000;

/** Characters of an arrow's label. */
const LABEL_LENGTH = 16;

export const MARK_ALLOWED = `RA,DEC or RA,DEC,RADIUS with RA from 0 to 360 and DEC from -90 to 90 degrees or both sexagesimal, RADIUS above 0 to ${MAXIMUM_MARK_RADIUS} arcsec`;
export const ARROW_ALLOWED = `PA or PA,LABEL with PA from -360 to 360 degrees and LABEL of at most ${LABEL_LENGTH} printable ASCII characters`;
export const CUT_ALLOWED = "a finite number, or a percentage from 0% to 100%";

const NUMBER = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?";

const cutLevel = (which: string, example: string) =>
  Type.Optional(
    Type.String({
      pattern: `^${NUMBER}%?$`,
      maxLength: 40,
      description: `Pictures: the value that is drawn ${which}, or the percentage of pixels below it; in place of the one that cut finds.`,
      examples: [example],
      "x-allowed": CUT_ALLOWED,
    }),
  );

/** Parameters of GET /images/{id} that only pictures have. */
export const pictureQueryProperties = {
  stretch: Type.Optional(
    Type.Enum([...STRETCHES], {
      type: "string",
      description:
        "Pictures: how values between the cuts become brightness, as in astropy.visualization; linear without.",
      examples: ["asinh"],
    }),
  ),
  power: Type.Optional(
    Type.Number({
      minimum: 0.05,
      maximum: 20,
      description: "Exponent of stretch=power; 2 without.",
      examples: [0.5],
    }),
  ),
  cut: Type.Optional(
    Type.Enum([...CUTS], {
      type: "string",
      description:
        "Pictures: how the values are found that are drawn black and white: IRAF's zscale as astropy computes it (without this parameter too), the lowest and highest value, or the percentiles 0.5 and 99.5.",
      examples: ["percentile"],
    }),
  ),
  min_cut: cutLevel("black", "0.5%"),
  max_cut: cutLevel("white", "99.5%"),
  cmap: Type.Optional(
    Type.Enum([...COLORMAPS], {
      type: "string",
      description: "Pictures: colour map; gray without.",
      examples: ["viridis"],
    }),
  ),
  invert: Type.Optional(
    Type.Boolean({ description: "Pictures: white for black. Pixels without data stay 0.", examples: [true] }),
  ),
  quality: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: "Quality of a jpeg; 95 without.", examples: [85] }),
  ),
  width: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 32768,
      description: "Pictures: longer side in pixels. Reduced by area averaging, never enlarged.",
      examples: [256],
    }),
  ),
  zoom: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAXIMUM_ZOOM,
      description: `Pictures: whole factor of enlargement, each pixel a square; 1 without. Not together with width; up to ${ZOOM_PIXELS} pixels in all.`,
      examples: [4],
    }),
  ),
  interpolation: Type.Optional(
    Type.Enum(["nearest", "bilinear"], {
      type: "string",
      description: "Pictures: how values between pixels are made; nearest without.",
      examples: ["bilinear"],
    }),
  ),
  mark: Type.Optional(
    Type.Array(Type.String({ maxLength: 80 }), {
      maxItems: MARK_LIMIT,
      description:
        "Pictures: a cross at RA,DEC (ICRS, degrees or sexagesimal as in ra and dec), or a circle of RADIUS arcseconds about it: RA,DEC,RADIUS. May be repeated.",
      examples: [["174.62244,17.97594,12"]],
      "x-allowed": MARK_ALLOWED,
    }),
  ),
  arrow: Type.Optional(
    Type.Array(Type.String({ maxLength: 60 }), {
      maxItems: ARROW_LIMIT,
      description:
        "Pictures: an arrow from the middle along the position angle PA, degrees from north through east, with a label: PA,LABEL. May be repeated.",
      examples: [["245.3,motion"]],
      "x-allowed": ARROW_ALLOWED,
    }),
  ),
  scalebar: Type.Optional(
    Type.Boolean({ description: "Pictures: draw a bar with its length on the sky.", examples: [true] }),
  ),
  compass: Type.Optional(
    Type.Boolean({ description: "Pictures: draw arrows to the north and the east.", examples: [true] }),
  ),
};
