import { COLORMAPS, CUTS, MAXIMUM_ZOOM, STRETCHES, ZOOM_PIXELS } from "@sbnsis/imaging";
import { Type } from "typebox";

/** Maximum number of marks and arrows in one picture. */
const MARK_LIMIT = 32;
const ARROW_LIMIT = 4;

/** Radius of a circle, arcseconds. */
export const MAXIMUM_MARK_RADIUS = 36_000;

/** Maximum number of characters of an arrow's label. */
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
      description: `Pictures: the value shown as ${which}, or a percentile such as 0.5%; replaces the limit found by cut.`,
      examples: [example],
      "x-allowed": CUT_ALLOWED,
    }),
  );

/** Parameters of GET /images/{id} that apply only to pictures. */
export const pictureQueryProperties = {
  stretch: Type.Optional(
    Type.Enum([...STRETCHES], {
      type: "string",
      description:
        "Pictures: how values are converted to brightness, as in astropy.visualization. Default: linear.",
      examples: ["asinh"],
    }),
  ),
  power: Type.Optional(
    Type.Number({
      minimum: 0.05,
      maximum: 20,
      description: "Exponent for stretch=power. Default: 2.",
      examples: [0.5],
    }),
  ),
  cut: Type.Optional(
    Type.Enum([...CUTS], {
      type: "string",
      description:
        "Pictures: which values are black and white: the limits of IRAF's zscale as computed by astropy, minimum and maximum, or the percentiles 0.5 and 99.5. Default: zscale.",
      examples: ["percentile"],
    }),
  ),
  min_cut: cutLevel("black", "0.5%"),
  max_cut: cutLevel("white", "99.5%"),
  cmap: Type.Optional(
    Type.Enum([...COLORMAPS], {
      type: "string",
      description: "Pictures: color map. Default: gray.",
      examples: ["viridis"],
    }),
  ),
  invert: Type.Optional(
    Type.Boolean({
      description: "Pictures: swap black and white. Pixels without data remain 0.",
      examples: [true],
    }),
  ),
  quality: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: "JPEG quality. Default: 95.", examples: [85] }),
  ),
  width: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 32768,
      description:
        "Pictures: length of the longer side in pixels; reduces by area averaging, never enlarges.",
      examples: [256],
    }),
  ),
  zoom: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAXIMUM_ZOOM,
      description: `Pictures: integer enlargement; each pixel becomes a square. Cannot be combined with width; up to ${ZOOM_PIXELS} pixels in total. Default: 1.`,
      examples: [4],
    }),
  ),
  interpolation: Type.Optional(
    Type.Enum(["nearest", "bilinear"], {
      type: "string",
      description: "Pictures: interpolation between pixels. Default: nearest.",
      examples: ["bilinear"],
    }),
  ),
  mark: Type.Optional(
    Type.Array(Type.String({ maxLength: 80 }), {
      maxItems: MARK_LIMIT,
      description:
        "Pictures: a cross at RA,DEC (ICRS, degrees or sexagesimal as in ra and dec), or a circle with a radius of RADIUS arcseconds: RA,DEC,RADIUS. Repeatable.",
      examples: [["174.62244,17.97594,12"]],
      "x-allowed": MARK_ALLOWED,
    }),
  ),
  arrow: Type.Optional(
    Type.Array(Type.String({ maxLength: 60 }), {
      maxItems: ARROW_LIMIT,
      description:
        "Pictures: an arrow from the center along the position angle PA (degrees, north through east), with an optional label: PA,LABEL. Repeatable.",
      examples: [["245.3,motion"]],
      "x-allowed": ARROW_ALLOWED,
    }),
  ),
  scalebar: Type.Optional(
    Type.Boolean({
      description: "Pictures: draw a bar labelled with its length on the sky.",
      examples: [true],
    }),
  ),
  compass: Type.Optional(
    Type.Boolean({ description: "Pictures: draw arrows to north and east.", examples: [true] }),
  ),
};
