import { CUTS, STRETCH_FUNCTIONS } from "@sbnsis/imaging";
import { type Static, Type } from "typebox";
import { imageQuerySchema, type WithDefaults } from "../images/image-query.ts";

/** How colors are made: after Lupton et al., or each channel with a stretch of grey pictures. */
const COLOR_STRETCHES = [
  "lupton",
  ...STRETCH_FUNCTIONS.map(({ name }) => name).filter((name) => name !== "power"),
] as const;

const { ra, dec, size, download } = imageQuerySchema.properties;
const identifier = (color: string) =>
  Type.Optional(
    Type.String({
      maxLength: 255,
      description: `PDS4 logical identifier of the image shown in ${color}.`,
      examples: ["urn:nasa:pds:survey:test-collection:test-000000"],
      "x-prefilled": true,
    }),
  );

export const MINIMUM_ALLOWED = "a finite number, or three separated by commas";

/** Parameters of GET /colour. */
export const colorQuerySchema = Type.Object({
  r: identifier("red"),
  g: Type.Optional(
    Type.String({
      maxLength: 255,
      description: "PDS4 logical identifier of the image shown in green. Default: the mean of red and blue.",
    }),
  ),
  b: identifier("blue"),
  collection: Type.Optional(
    Type.String({
      maxLength: 255,
      description: "Instead of r, g and b, with filters: the collection whose images are searched.",
    }),
  ),
  filters: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        "Instead of r, g and b: two or three filters for red, (green) and blue, separated by commas, for example i,r,g. For each, the image with this filter whose middle is closest to the position is used.",
    }),
  ),
  ra: { ...ra, "x-prefilled": true },
  dec: { ...dec, "x-prefilled": true },
  size: { ...size, "x-prefilled": true },
  format: Type.Optional(
    Type.Enum(["jpeg", "jpg", "png"], {
      type: "string",
      default: "jpeg",
      description: "JPEG or PNG picture; jpg is the same as jpeg.",
    }),
  ),
  stretch: Type.Optional(
    Type.Enum([...COLOR_STRETCHES], {
      type: "string",
      description:
        "lupton: asinh of the mean of the channels, which keeps colors (make_lupton_rgb of astropy); the others: each channel by itself, as in pictures of one image. Default: lupton.",
      examples: ["lupton"],
    }),
  ),
  q: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1e10,
      description: "stretch=lupton: softening Q of the asinh. Default: 8.",
      examples: [8],
    }),
  ),
  softening: Type.Optional(
    Type.Number({
      minimum: 1e-30,
      maximum: 1e30,
      description:
        "stretch=lupton: the linear stretch, in the units of the images. Default: the range of zscale of the mean of the channels.",
      examples: [200],
    }),
  ),
  minimum: Type.Optional(
    Type.String({
      maxLength: 120,
      pattern: "^\\S.*$",
      description:
        "stretch=lupton: the value shown as black, one for all channels, or one for each: R,G,B. Default: the lower limits of zscale.",
      examples: ["100,120,90"],
      "x-allowed": MINIMUM_ALLOWED,
    }),
  ),
  cut: Type.Optional(
    Type.Enum([...CUTS], {
      type: "string",
      description:
        "Other stretches: which values of a channel are black and white, for example percentile. Default: zscale.",
    }),
  ),
  interpolation: Type.Optional(
    Type.Enum(["nearest", "bilinear"], {
      type: "string",
      description: "Interpolation between pixels. Default: bilinear.",
      examples: ["nearest"],
    }),
  ),
  quality: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: "JPEG quality. Default: 95.", examples: [85] }),
  ),
  download,
});

/** A validated query of /colour, with defaults filled in. */
export type ColorQuery = WithDefaults<Static<typeof colorQuerySchema>, "format" | "download">;
