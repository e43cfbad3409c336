import { COLORMAPS, CUTS, MAXIMUM_ZOOM, STRETCH_FUNCTIONS, ZOOM_PIXELS } from "@sbnsis/imaging";
import { Type } from "typebox";

/** Maximum number of marks of each kind in one picture. */
const MARK_LIMIT = 32;
const OUTLINE_LIMIT = 8;
const ARROW_LIMIT = 4;

/** Largest radius of a circle, semi-axis of an ellipse and length of a trail, arcseconds. */
export const MAXIMUM_MARK_RADIUS = 36_000;

/** Maximum number of characters of an arrow's label. */
const LABEL_LENGTH = 16;

const PLACE_ALLOWED = "RA from 0 to 360 and DEC from -90 to 90 degrees or both sexagesimal";
const LENGTH_ALLOWED = `above 0 to ${MAXIMUM_MARK_RADIUS} arcsec`;
const ANGLE_ALLOWED = "PA from -360 to 360 degrees";
export const MARK_ALLOWED = `RA,DEC or RA,DEC,RADIUS with ${PLACE_ALLOWED}, RADIUS ${LENGTH_ALLOWED}`;
export const ELLIPSE_ALLOWED = `RA,DEC,A,B,PA with ${PLACE_ALLOWED}, A and B ${LENGTH_ALLOWED}, ${ANGLE_ALLOWED}`;
export const TRAIL_ALLOWED = `RA,DEC,LENGTH,PA with ${PLACE_ALLOWED}, LENGTH ${LENGTH_ALLOWED}, ${ANGLE_ALLOWED}`;
export const ARROW_ALLOWED = `PA or PA,LABEL with ${ANGLE_ALLOWED} and LABEL of at most ${LABEL_LENGTH} printable ASCII characters`;
/** Longest side of a first look: more rows would take as long as all of them. */
export const MAXIMUM_QUICK_WIDTH = 1024;

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
    Type.Enum(
      STRETCH_FUNCTIONS.map(({ name }) => name),
      {
        type: "string",
        description:
          "Pictures: how values are converted to brightness, as in astropy.visualization. Default: linear.",
        examples: ["asinh"],
      },
    ),
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
  quick: Type.Optional(
    Type.Boolean({
      description: `Pictures of whole images: a first look, made from as many rows of the image as the picture has. Longer side 320, or width up to ${MAXIMUM_QUICK_WIDTH}. Cannot be combined with a cutout, zoom or interpolation.`,
      examples: [true],
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
  ellipse: Type.Optional(
    Type.Array(Type.String({ maxLength: 120 }), {
      maxItems: OUTLINE_LIMIT,
      description:
        "Pictures: an ellipse on the sky around RA,DEC (as in mark), such as the uncertainty of a position: RA,DEC,A,B,PA with semi-axes A and B in arcseconds and the position angle PA of A (degrees, north through east, ICRS). Repeatable.",
      examples: [["174.62244,17.97594,20,8,110"]],
      "x-allowed": ELLIPSE_ALLOWED,
    }),
  ),
  trail: Type.Optional(
    Type.Array(Type.String({ maxLength: 120 }), {
      maxItems: OUTLINE_LIMIT,
      description:
        "Pictures: the path of a moving object during the exposure, as a capsule around it: RA,DEC,LENGTH,PA with its middle at RA,DEC (as in mark), LENGTH in arcseconds and the position angle PA of the motion (degrees, north through east, ICRS). Repeatable.",
      examples: [["174.62244,17.97594,15,245.3"]],
      "x-allowed": TRAIL_ALLOWED,
    }),
  ),
  arrow: Type.Optional(
    Type.Array(Type.String({ maxLength: 60 }), {
      maxItems: ARROW_LIMIT,
      description:
        "Pictures: an arrow from the center along the position angle PA (degrees, north through east, ICRS), with an optional label: PA,LABEL. Repeatable.",
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
