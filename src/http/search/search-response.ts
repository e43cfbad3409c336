import type { SkyCorners } from "@sbnsis/wcs/internal";
import { type Static, Type } from "typebox";

const EXTENDED = "Only with the parameters after offset.";
const AROUND = "Only with pos; null where such a cutout is not possible.";

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
  access_url: Type.String({ description: "URL of the image." }),
  start: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `Start of the exposure (UTC), as written in the label. ${EXTENDED}`,
    }),
  ),
  stop: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `End of the exposure (UTC), as written in the label. ${EXTENDED}`,
    }),
  ),
  exposure: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], { description: `Exposure time, seconds. ${EXTENDED}` }),
  ),
  filter: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: EXTENDED })),
  corners: Type.Optional(
    Type.Unsafe<SkyCorners | null>(
      Type.Union([Type.Array(Type.Array(Type.Number())), Type.Null()], {
        description: `Right ascension and declination of the four corners, degrees, in order around the image. ${EXTENDED}`,
      }),
    ),
  ),
  cutout_url: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `URL of a FITS cutout around the position, as wide as the circle, or 5 arcmin without radius. ${AROUND}`,
    }),
  ),
  preview_url: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `URL of the same cutout as a JPEG picture with north up. ${AROUND}`,
    }),
  ),
});
export type SearchRow = Static<typeof searchRowSchema>;

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
          },
        ],
      },
    ],
  },
);
export type SearchResponse = Static<typeof searchResponseSchema>;
