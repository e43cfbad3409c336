import { type Static, Type } from "typebox";
import type { ColumnSearch } from "../../catalog/model/column.ts";
import { type SearchParameter, searchedColumns } from "../../catalog/model/image.ts";
import { formatSchema, type WithDefaults } from "../images/image-query.ts";

const matching = ({ description, example }: ColumnSearch) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 512, description, examples: [example] }));

/** Parameters that match one column each. */
function matchingParameters<By extends "counted" | "exact">(
  by: By,
): Readonly<Record<SearchParameter<By>, ReturnType<typeof matching>>> {
  const parameters = searchedColumns(by).map(({ search }) => [search.parameter, matching(search)]);
  return Object.fromEntries(parameters) as ReturnType<typeof matchingParameters<By>>;
}

const [LID] = searchedColumns("prefix");

interface WrittenOptions {
  readonly pattern?: string;
  readonly maxLength: number;
  readonly description: string;
  readonly examples: string[];
  readonly "x-allowed": string;
}

const written = (options: WrittenOptions) => Type.Optional(Type.String({ minLength: 1, ...options }));

/** Maximum radius, degrees: it limits how many footprints a request makes the service check. */
export const MAXIMUM_RADIUS = 10;

/** Description of what `pos` allows. */
export const POS_ALLOWED =
  "RA,DEC in degrees, RA from 0 to 360, DEC from -90 to 90, such as 174.62244,17.97594";
/** Description of what `radius` allows. */
export const RADIUS_ALLOWED = `a number and a unit of arcsec, arcmin, deg, at most ${MAXIMUM_RADIUS} deg, such as 30arcsec`;
/** Description of what `time` allows. */
export const TIME_ALLOWED =
  "START/STOP, each ISO 8601 (UTC, such as 2021-04-01T05:00:00) or MJD (such as 59305.2), START not after STOP; empty or .. for an open end";
/** Description of what `after` allows. */
export const AFTER_ALLOWED = "0, or next of a response with the same order";

const filters = matchingParameters("counted");

/**
 * Parameters beyond those of the existing service; a query with none of them receives the response
 * of the existing service.
 */
const extensions = {
  pos: written({
    pattern: "^[^,]+,[^,]+$",
    maxLength: 64,
    description:
      "Only images that show this position (ICRS, J2000), according to the corners in their labels.",
    examples: ["351.45,0"],
    "x-allowed": POS_ALLOWED,
  }),
  radius: written({
    pattern: "^\\d+(\\.\\d*)?(arcsec|arcmin|deg)$",
    maxLength: 32,
    description:
      "With pos: images that show any part of the circle with this radius. Default: images that show the position itself.",
    examples: ["30arcsec", "0.5deg"],
    "x-allowed": RADIUS_ALLOWED,
  }),
  time: written({
    maxLength: 100,
    description:
      "Only images exposed at any time from START to STOP, both inclusive. A date, month or year means all of it.",
    examples: ["2020-05-01/2020-06-30T23:59:59", "59000/59001.5", "2020-05-31/.."],
    "x-allowed": TIME_ALLOWED,
  }),
  ...matchingParameters("exact"),
  obs_id: written({
    pattern: "^[^*]*\\*?$",
    maxLength: 255,
    description: LID!.search.description,
    examples: [LID!.search.example],
    "x-allowed": "a logical identifier of at most 255 characters, or its beginning and *",
  }),
  order: Type.Optional(
    Type.Enum(["id", "time", "distance"], {
      type: "string",
      description:
        "id: order of addition (default). time: by start time, images without one last. distance: by distance from pos to the middle of the image.",
    }),
  ),
  after: written({
    pattern: "^(\\d{1,15}|(-?\\d+(\\.\\d+)?(e-?\\d{1,3})?)?_\\d{1,15})$",
    maxLength: 64,
    description:
      "Cursor for paging: 0 for the first page, then next of the previous response. Faster than offset, and consistent while images are added.",
    examples: ["0", "1000"],
    "x-allowed": AFTER_ALLOWED,
  }),
  response: Type.Optional(
    Type.Enum(["json", "csv", "votable"], {
      type: "string",
      description: "Format of the response: JSON (default), CSV or VOTable 1.4.",
    }),
  ),
};

/** Parameters of GET /query. */
export const searchQuerySchema = Type.Object({
  ...filters,
  format: Type.Optional(formatSchema),
  maxrec: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: 100,
      description: "Maximum number of rows to return.",
    }),
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      default: 0,
      description: "Number of rows to skip.",
    }),
  ),
  ...extensions,
});

/** A validated query of /query, with defaults filled in. */
export type SearchQuery = WithDefaults<Static<typeof searchQuerySchema>, "format" | "maxrec" | "offset">;

/** Whether a query has any parameter that the existing service does not have. */
export function isExtended(query: SearchQuery): boolean {
  return Object.keys(extensions).some((name) => query[name as keyof typeof extensions] !== undefined);
}
