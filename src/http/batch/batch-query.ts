import { type Static, Type } from "typebox";
import { BATCH_MARKS } from "../../moving-objects/batch-request.ts";
import { SIZE_ALLOWED, SIZE_PATTERN } from "../../products/request/cutout-size.ts";
import { pictureQueryProperties } from "../images/picture-query.ts";

const MARKS_ALLOWED = `names separated by commas: ${BATCH_MARKS.join(", ")}`;

/**
 * Options of POST /batch, in the query or beside the rows of a JSON list. They have no defaults
 * here, so that one that is absent from the query can come from the list.
 */
export const batchQuerySchema = Type.Object({
  size: Type.Optional(
    Type.String({
      pattern: SIZE_PATTERN,
      maxLength: 32,
      description:
        "Size of the cutouts, as in GET /images; a row may have its own. Default: 5arcmin, or pixels.",
      examples: ["5arcmin"],
      "x-allowed": SIZE_ALLOWED,
    }),
  ),
  pixels: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: "Side of the cutouts in pixels of each frame, instead of size.",
      examples: [121],
    }),
  ),
  format: Type.Optional(
    Type.Array(Type.Enum(["fits", "jpeg", "jpg", "png"], { type: "string" }), {
      maxItems: 3,
      description: "Formats of every row. Repeatable. Default: fits.",
      examples: [["fits"]],
      "x-allowed": "fits, jpeg, jpg, png",
    }),
  ),
  align: Type.Optional(Type.Boolean({ description: "Pictures: north up and east left. Default: false." })),
  pack: Type.Optional(
    Type.Enum(["none", "rice"], {
      type: "string",
      description: "FITS cutouts: as in GET /images. Default: none.",
    }),
  ),
  header: Type.Optional(
    Type.Enum(["full", "minimal"], {
      type: "string",
      description: "FITS cutouts: as in GET /images. Default: full.",
    }),
  ),
  ...pictureQueryProperties,
  marks: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: "^[a-z]+(?: *, *[a-z]+)*$",
      description: `Pictures: marks from the values of each row, ${MARKS_ALLOWED}. Marks for which a row has no values are left out.`,
      examples: ["object,ellipse,motion"],
      "x-allowed": MARKS_ALLOWED,
    }),
  ),
  center: Type.Optional(
    Type.Enum(["position", "exposure"], {
      type: "string",
      description:
        "Center of the cutouts: the position as given, or carried along rate and pa to the middle of the exposure. Default: position.",
    }),
  ),
  images: Type.Optional(
    Type.Enum(["science", "difference", "both"], {
      type: "string",
      description:
        "Frames, their difference images (ATLAS), or both, each with a row of its own. Default: science.",
    }),
  ),
  find: Type.Optional(
    Type.Enum(["time", "ephemeris"], {
      type: "string",
      description:
        "Rows without a frame are single positions, whose frames were exposed at that time, or the nodes of an ephemeris, along which all frames are found. Default: ephemeris for Horizons, time for the others.",
    }),
  ),
  unc_theta: Type.Optional(
    Type.Enum(["theta", "pa"], {
      type: "string",
      description:
        "Meaning of unc_theta of CATCH: the angle from east towards north that Horizons states, or the position angle that CATCH documents. Default: theta.",
    }),
  ),
  dry: Type.Optional(
    Type.Boolean({
      description:
        "Respond with the rows as interpreted and their problems, without making anything. Default: false.",
    }),
  ),
});
export type BatchQuery = Static<typeof batchQuerySchema>;

/** Parameters of the manifests. */
export const manifestQuerySchema = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: "Only rows after this number.", examples: [100] }),
  ),
  maxrec: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000_000, description: "Maximum number of rows.", examples: [100] }),
  ),
  status: Type.Optional(
    Type.Enum(["done", "partial", "failed", "skipped"], {
      type: "string",
      description: "Only rows with this status.",
      examples: ["failed"],
    }),
  ),
});
export type ManifestQuery = Static<typeof manifestQuerySchema>;
