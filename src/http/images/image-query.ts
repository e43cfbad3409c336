import { type Static, Type } from "typebox";
import { DEC_ALLOWED, RA_ALLOWED } from "../../config/sky-angle.ts";
import { PICTURE_FORMATS } from "../../products/encode/formats/registry.ts";
import { SIZE_ALLOWED, SIZE_PATTERN } from "../../products/request/cutout-size.ts";
import { pictureQueryProperties } from "./picture-query.ts";

/**
 * An angle is decimal or sexagesimal; the route parses it, so that errors say which part is wrong.
 */
const ANGLE_PATTERN = "^\\S.*$";

/** Description of what `region` allows. */
export const REGION_ALLOWED =
  "CIRCLE ra dec radius, RANGE ra1 ra2 dec1 dec2, or POLYGON with at least three pairs of ra and dec, in degrees, such as CIRCLE 351.45 0.05 0.02";

/** Says which names mean the same format. */
const ALIASES = PICTURE_FORMATS.flatMap(({ name, aliases }) =>
  aliases.map((alias) => `${alias} is the same as ${name}`),
);

/** A query whose parameters `K` have defaults. */
export type WithDefaults<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/** Formats by the names that clients may use. */
export const formatSchema = Type.Enum(
  [
    "fits" as const,
    ...PICTURE_FORMATS.flatMap(({ name, aliases }) => [name, ...aliases]),
    "label" as const,
    "header" as const,
  ],
  {
    type: "string",
    default: "fits",
    description: `FITS file, picture, PDS4 label, or the FITS header as text with one card per line${ALIASES.map((text) => `; ${text}`).join("")}.`,
  },
);

/** Parameters of GET /images/{id}. */
export const imageQuerySchema = Type.Object({
  format: Type.Optional(formatSchema),
  ra: Type.Optional(
    Type.String({
      pattern: ANGLE_PATTERN,
      maxLength: 40,
      description:
        "Right ascension of the center of a cutout, ICRS (J2000): degrees from 0 to 360, or hours, minutes and seconds (10:00:00.5, 10h00m00.5s, 10 00 00.5).",
      examples: ["351.45", "23:25:48", "23h25m48s"],
      "x-allowed": RA_ALLOWED,
    }),
  ),
  dec: Type.Optional(
    Type.String({
      pattern: ANGLE_PATTERN,
      maxLength: 40,
      description:
        "Declination of the center of a cutout, ICRS (J2000): degrees from -90 to 90, or degrees, minutes and seconds (-30:15:02, -30d15m02s, -30 15 02).",
      examples: ["0.05", "+00:03:00", "0d03m00s"],
      "x-allowed": DEC_ALLOWED,
    }),
  ),
  size: Type.Optional(
    Type.String({
      pattern: SIZE_PATTERN,
      maxLength: 32,
      description:
        "Side of a cutout with its unit, or width x height along the axes of the image; px are pixels of the image. Angles below 1 arcsec are raised to 1 arcsec.",
      examples: ["5arcmin", "7.20arcmin", "0.001radian", "64px", "64x128px", "5arcminx2arcmin"],
      "x-allowed": SIZE_ALLOWED,
    }),
  ),
  region: Type.Optional(
    Type.String({
      pattern: "^ *(?:[Cc][Ii][Rr][Cc][Ll][Ee]|[Rr][Aa][Nn][Gg][Ee]|[Pp][Oo][Ll][Yy][Gg][Oo][Nn])[ =].*$",
      maxLength: 8000,
      description:
        "Instead of ra, dec and size: the smallest box with every pixel whose center is in a region of the sky, ICRS degrees: CIRCLE ra dec radius; RANGE ra1 ra2 dec1 dec2, between meridians and parallels; POLYGON ra1 dec1 ra2 dec2 ra3 dec3 ..., between great circles.",
      examples: ["CIRCLE 351.45 0.05 0.02", "RANGE 351.4 351.5 0 0.1", "POLYGON 351.4 0 351.5 0 351.45 0.1"],
      "x-allowed": REGION_ALLOWED,
    }),
  ),
  mask: Type.Optional(
    Type.Boolean({
      description:
        "With region: pixels whose centers are outside have no value: NaN, BLANK for integers, 0 in pictures. Default: false.",
    }),
  ),
  align: Type.Optional(
    Type.Boolean({
      default: false,
      description: "Rotate a picture so that north is up and east is left.",
    }),
  ),
  pack: Type.Optional(
    Type.Enum(["none", "rice"], {
      type: "string",
      description:
        "FITS cutouts: rice compresses the image in tiles (RICE_1), integers losslessly, floats quantized with dither: in the median step of their source, or in 16 steps per noise. Default: none.",
      examples: ["rice"],
    }),
  ),
  header: Type.Optional(
    Type.Enum(["full", "minimal"], {
      type: "string",
      description:
        "FITS cutouts: minimal leaves out all cards except structure, coordinate system with distortions, DATE-OBS, TIMESYS, MJD-OBS, EXPTIME, FILTER, BUNIT and SIS-OID. Default: full.",
      examples: ["minimal"],
    }),
  ),
  ...pictureQueryProperties,
  download: Type.Optional(
    Type.Boolean({
      default: false,
      description: "Make browsers save the file instead of showing it.",
    }),
  ),
});

/** A validated query of /images, with defaults filled in. */
export type ImageQuery = WithDefaults<Static<typeof imageQuerySchema>, "format" | "align" | "download">;

/** Path parameter of GET /images/{id}. */
export const imageParamsSchema = Type.Object({
  id: Type.String({
    description: "PDS4 logical identifier, raw or percent-encoded.",
    examples: ["urn:nasa:pds:survey:test-collection:test-000000"],
  }),
});
