import type { SkyCorners } from "@sbnsis/wcs/internal";
import { type TSchema, Type } from "typebox";
import { IMAGE_COLUMNS } from "../../catalog/columns.ts";
import type { ColumnResponse, ColumnType, ImageColumn } from "../../catalog/model/column.ts";

const EXTENDED = "Only with the parameters after offset.";
const AROUND = "Only with pos; null where such a cutout is not possible.";

/** A column of the catalog that responses show. */
export type ShownColumn = ImageColumn & { readonly response: ColumnResponse };

/** The columns of a table of the catalog that responses show, in order. */
export function shownColumns(table: ImageColumn["table"]): readonly ShownColumn[] {
  const columns: readonly ImageColumn[] = IMAGE_COLUMNS;
  return columns.filter(
    (column): column is ShownColumn => column.table === table && column.response !== undefined,
  );
}

const TYPES: Readonly<Record<ColumnType, () => TSchema>> = {
  text: () => Type.String(),
  integer: () => Type.Integer(),
  bigint: () => Type.Integer(),
  real: () => Type.Number(),
  corners: () => Type.Array(Type.Array(Type.Number())),
};

function orNull(type: TSchema, description: string): TSchema {
  return Type.Union([type, Type.Null()], description === "" ? {} : { description });
}

function memberSchema({ type, isRequired, response: { note = "" } }: ShownColumn): TSchema {
  return isRequired === true ? TYPES[type]() : orNull(TYPES[type](), note);
}

function extendedSchema({ type, response: { note } }: ShownColumn): TSchema {
  return Type.Optional(orNull(TYPES[type](), note === undefined ? EXTENDED : `${note} ${EXTENDED}`));
}

function membersOf(table: ImageColumn["table"], schema: (column: ShownColumn) => TSchema) {
  return Object.fromEntries(
    shownColumns(table).map((column) => [column.response.name, schema(column)] as const),
  );
}

/** A value in a row of /query. */
export type CellValue = string | number | SkyCorners | null;
/** One row of /query, by the names of its members. */
export type SearchRow = Readonly<Record<string, CellValue>>;

/** One row of /query. */
const searchRowSchema = Type.Object({
  ...membersOf("image", memberSchema),
  access_url: Type.String({ description: "URL of the image." }),
  ...membersOf("image_detail", extendedSchema),
  distance: Type.Optional(
    orNull(
      Type.Number(),
      "Degrees from the position to the middle of the corners. Only with pos; null without corners.",
    ),
  ),
  cutout_url: Type.Optional(
    orNull(
      Type.String(),
      `URL of a FITS cutout around the position, as wide as the circle, or 5 arcmin without radius. ${AROUND}`,
    ),
  ),
  preview_url: Type.Optional(
    orNull(Type.String(), `URL of the same cutout as a JPEG picture with north up. ${AROUND}`),
  ),
});

/** Response of GET /query. */
export const searchResponseSchema = Type.Object(
  {
    total: Type.Integer({ description: "Number of matching images." }),
    offset: Type.Integer(),
    count: Type.Integer({ description: "Number of rows in this response." }),
    next: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: `Value of after for the next page; null on the last page. ${EXTENDED}`,
      }),
    ),
    without_footprint: Type.Optional(
      Type.Integer({
        description:
          "Only with pos, and only if there are any: number of images without a footprint, which cannot be found by position. Also in the header X-Without-Footprint.",
      }),
    ),
    results: Type.Array(searchRowSchema),
  },
  {
    description: "The matching images.",
    examples: [
      {
        total: 1,
        offset: 0,
        count: 1,
        next: null,
        results: [
          {
            obs_id: "urn:nasa:pds:gbo.ast.neat.survey:data_geodss:g19960417_obsdata_960417070119d",
            collection: "urn:nasa:pds:gbo.ast.neat.survey:data_geodss",
            facility: "Maui Space Surveillance Site",
            instrument: "GEODSS camera",
            dptype: "image",
            calibration_level: 2,
            target: "Multiple Asteroids",
            pixel_scale: 0.000397,
            access_url:
              "http://127.0.0.1:5000/images/urn%3Anasa%3Apds%3Agbo.ast.neat.survey%3Adata_geodss%3Ag19960417_obsdata_960417070119d?format=fits",
            start: "1996-04-17T07:01:19Z",
            stop: "1996-04-17T07:01:39Z",
            exposure: 20,
            filter: "Clear",
            corners: [
              [175.44, 18.75],
              [173.81, 18.75],
              [173.81, 17.13],
              [175.44, 17.13],
            ],
            mid_mjd: 50189.292697,
            center_ra: 174.62,
            center_dec: 17.940034,
          },
        ],
      },
    ],
  },
);

/** What a response says besides its rows, in order. */
export interface SearchHead {
  readonly total: number;
  readonly offset: number;
  readonly count: number;
  /** Only in extended responses. */
  readonly next?: string | null;
  readonly without_footprint?: number;
}
