import { type Static, Type } from "typebox";
import { pictureQueryProperties } from "./picture-query.ts";

/** How a size is written. */
const SIZE_PATTERN = "^\\d+(\\.\\d*)?(arcsec|arcmin|deg|degree|rad|radian)$";

/** A query whose parameters `K` have defaults. */
export type WithDefaults<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/** Formats by the names clients may write. */
export const formatSchema = Type.Enum(["fits", "jpeg", "jpg", "png", "label"], {
  type: "string",
  default: "fits",
  description: "Format of the answer: the FITS file, a picture, or the PDS4 label. jpg is the same as jpeg.",
});

/** Parameters of GET /images/{id}. */
export const imageQuerySchema = Type.Object({
  format: Type.Optional(formatSchema),
  ra: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 360,
      description: "Right ascension of the centre of a cutout, ICRS (J2000), degrees.",
      examples: [174.62244],
    }),
  ),
  dec: Type.Optional(
    Type.Number({
      minimum: -90,
      maximum: 90,
      description: "Declination of the centre of a cutout, ICRS (J2000), degrees.",
      examples: [17.97594],
    }),
  ),
  size: Type.Optional(
    Type.String({
      pattern: SIZE_PATTERN,
      maxLength: 32,
      description: "Side of a cutout with its unit. Sizes below 1 arcsec are raised to 1 arcsec.",
      examples: ["5arcmin", "7.20arcmin", "0.001radian"],
      "x-allowed": "a number and a unit of arcsec, arcmin, deg, degree, rad, radian, such as 5arcmin",
    }),
  ),
  align: Type.Optional(
    Type.Boolean({
      default: false,
      description: "Turn a jpeg or png so that north is up and east is left.",
    }),
  ),
  ...pictureQueryProperties,
  download: Type.Optional(
    Type.Boolean({
      default: false,
      description: "Ask the browser to keep the file rather than to show it.",
    }),
  ),
});

/** A validated query of /images: defaults are filled in. */
export type ImageQuery = WithDefaults<Static<typeof imageQuerySchema>, "format" | "align" | "download">;

/** Path parameter of GET /images/{id}. */
export const imageParamsSchema = Type.Object({
  id: Type.String({
    description: "PDS4 logical identifier, raw or percent-encoded.",
    examples: ["urn:nasa:pds:gbo.ast.neat.survey:data_geodss:g19960417_obsdata_960417070119d"],
  }),
});
