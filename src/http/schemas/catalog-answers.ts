import { type Static, Type } from "typebox";
import { formatSchema, type WithDefaults } from "./image-query.ts";

const filter = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 512, description, examples: [example] }));

/** Parameters of GET /query. */
export const searchQuerySchema = Type.Object({
  collection: filter(
    "Only images of this collection: the first five fields of their logical identifiers.",
    "urn:nasa:pds:gbo.ast.neat.survey:data_geodss",
  ),
  facility: filter("Only images of this facility.", "Maui Space Surveillance Site"),
  instrument: filter("Only images of this instrument.", "GEODSS camera"),
  dptype: filter("Only images of this data product type.", "image"),
  format: Type.Optional(formatSchema),
  maxrec: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1000, default: 100, description: "Most rows to return." }),
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      default: 0,
      description: "Rows to skip, in the order in which images were added.",
    }),
  ),
});

/** A validated query of /query: defaults are filled in. */
export type SearchQuery = WithDefaults<Static<typeof searchQuerySchema>, "format" | "maxrec" | "offset">;

/** One row of /query. */
const searchRowSchema = Type.Object({
  obs_id: Type.String(),
  collection: Type.String(),
  facility: Type.String(),
  instrument: Type.String(),
  dptype: Type.String(),
  calibration_level: Type.Union([Type.Integer(), Type.Null()]),
  target: Type.Union([Type.String(), Type.Null()]),
  pixel_scale: Type.Union([Type.Number(), Type.Null()], { description: "Degrees per pixel." }),
  access_url: Type.String({ description: "Where the image is served." }),
});

/** Answer of GET /query. */
export const searchAnswerSchema = Type.Object(
  {
    total: Type.Integer({ description: "Rows that match in all." }),
    offset: Type.Integer(),
    count: Type.Integer({ description: "Rows in this answer." }),
    results: Type.Array(searchRowSchema),
  },
  { description: "The matching images." },
);
export type SearchAnswer = Static<typeof searchAnswerSchema>;

/** Answer of GET /summary. */
export const summaryAnswerSchema = Type.Array(
  Type.Object({
    collection: Type.String(),
    facility: Type.String(),
    instrument: Type.String(),
    count: Type.Integer(),
  }),
  { description: "One row per combination of collection, facility and instrument." },
);
export type SummaryAnswer = Static<typeof summaryAnswerSchema>;
