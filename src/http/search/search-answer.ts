import type { SkyCorners } from "@sbnsis/wcs/internal";
import { type Static, Type } from "typebox";

const EXTENDED = "Only in answers to the parameters after offset.";
const AROUND = "Only in answers to pos; null where no such cutout can be made.";

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
  start: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `Start of the exposure (UTC), as its label writes it. ${EXTENDED}`,
    }),
  ),
  stop: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `End of the exposure (UTC), as its label writes it. ${EXTENDED}`,
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
      description: `FITS cutout around the place: as wide as the circle, or 5 arcmin without a radius. ${AROUND}`,
    }),
  ),
  preview_url: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: `The same as a JPEG picture with north up. ${AROUND}`,
    }),
  ),
});
export type SearchRow = Static<typeof searchRowSchema>;

/** Answer of GET /query. */
export const searchAnswerSchema = Type.Object(
  {
    total: Type.Integer({ description: "Rows that match in all." }),
    offset: Type.Integer(),
    count: Type.Integer({ description: "Rows in this answer." }),
    next: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: `What after has to be for the next page; null on the last one. ${EXTENDED}`,
      }),
    ),
    without_footprint: Type.Optional(
      Type.Integer({
        description:
          "Only in answers to pos, and only if there are any: images of the catalogue without a footprint, which no place finds; also in the header X-Without-Footprint.",
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
export type SearchAnswer = Static<typeof searchAnswerSchema>;
