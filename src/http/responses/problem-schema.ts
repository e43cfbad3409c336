import { Type } from "typebox";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { SisError } from "../../errors/sis-error.ts";
import { type Problem, problemOf } from "./problem.ts";

/** Schema of problem documents. */
const problemSchema = Type.Object(
  {
    type: Type.String({ description: "Always about:blank; code identifies the error." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "Description of the error for people." }),
    code: Type.String({ description: "Identifier of the error for programs; see docs/errors.md." }),
    job_id: Type.String({ description: "Identifies the request in the log of the service." }),
  },
  { additionalProperties: true },
);

/** What responses of each status have in common. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "The request is invalid; `detail` states the reason.",
  403: "The image is stored in a place that the service is not allowed to read.",
  404: "No such image, or its file is missing.",
  412: "If-Match or If-Unmodified-Since does not hold for the current product.",
  409: "The batch is not complete.",
  413: "The list has more bytes, rows or pixels than the service allows.",
  414: "The URL is too long.",
  416: "The range begins after the end of the product.",
  429: "Too many requests from this client. Try again after the time in Retry-After.",
  500: "The service failed, or the file of the image is damaged; the log has the reason under `job_id`.",
  501: "The image uses a feature that this service does not support.",
  502: "The archive that holds the image failed.",
  503: "The service is busy, or the database cannot be reached. Try again after the time in Retry-After.",
  504: "The archive that holds the image did not respond in time.",
  507: "The product needs more memory than the service allows, or could not be stored.",
};

/** A 4xx error as the service reports it; 5xx errors have one public sentence each. */
const EXAMPLES: Partial<Record<ErrorCode, readonly [string, SisError["details"]?]>> = {
  INVALID_PARAMETER: [
    'Parameter ra is "400"; allowed: a number from 0 to 360.',
    { parameter: "ra", value: "400", allowed: "a number from 0 to 360" },
  ],
  INCOMPLETE_CUTOUT: ["If one of ra, dec, or size is defined, then all must be defined."],
  ALIGN_NEEDS_PICTURE: ["align=true requires format=jpeg, png"],
  CUTOUT_TOO_LARGE: [
    "size=4deg is 1200 x 1200 pixels of this image; at most 1024 pixels along a side are allowed.",
    { parameter: "size", value: "4deg", requested: [1200, 1200], limit: 1024 },
  ],
  FRAME_TOO_LARGE: [
    "This image has 30000 x 30000 pixels; pictures of whole images may have up to 268435456 pixels. Request a cutout.",
    { width: 30_000, height: 30_000, limit: 268_435_456 },
  ],
  OFF_IMAGE: ["The position ra=10, dec=5 is not on this image.", { ra: 10, dec: 5 }],
  REGION_OFF_IMAGE: [
    "No pixel of this image is in the region CIRCLE 10 5 0.1.",
    { region: "CIRCLE 10 5 0.1" },
  ],
  NO_CELESTIAL_WCS: [
    "This image has no celestial coordinate system in its header, so cutouts around a position are not possible. Request the whole image.",
  ],
  NO_IMAGE: ["The file of this image contains no two-dimensional image."],
  LIST_UNREADABLE: ["The list cannot be read: line 2, column 9: this is not JSON.", { line: 2, column: 9 }],
  LIST_TOO_LARGE: ["The list has more than 2000 rows, which is the limit.", { limit: 2000 }],
  CATCH_FAILED: ["CATCH returned 404 for https://catch.example.org/caught/0123456789abcdef0123456789abcdef."],
  ROWS_CHANGED: [
    "The frames of 2 rows have changed since they were made: 3, 7. POST to /batch/{id}/retry makes them again.",
    { rows: [3, 7] },
  ],
  EPHEMERIS_FRAME: [
    "The ephemeris cannot be used: it has no column of right ascensions. Request an observer table with quantity 1 (astrometric RA and Dec, ICRF) from Horizons.",
  ],
  JOB_NOT_FOUND: ["There is no batch with this id; it may have expired."],
  TOO_MANY_JOBS: ["This client has 2 batches waiting or running; at most 2 are allowed.", { limit: 2 }],
  MALFORMED_REQUEST: ["The request is malformed."],
  IMAGE_NOT_FOUND: ["Image ID not found in database."],
  PRECONDITION_FAILED: ["The product is not the one that the request asks for."],
  URI_TOO_LONG: ["The URL is too long."],
  RANGE_NOT_SATISFIABLE: ["The product has 2880 bytes; the range begins after them.", { size: 2880 }],
  RATE_LIMITED: ["Too many requests; try again in 5 s.", { per_minute: 60 }],
};

/** Errors that every operation can return. */
const COMMON_CODES: readonly ErrorCode[] = [
  "MALFORMED_REQUEST",
  "URI_TOO_LONG",
  "RATE_LIMITED",
  "INTERNAL",
  "OVERLOADED",
  "STOPPING",
  "CATALOG_UNAVAILABLE",
  "CATALOG_SCHEMA",
];

/**
 * The error responses of an operation by status, each code with an example, for the OpenAPI
 * document.
 */
export function problemResponses(codes: readonly ErrorCode[]) {
  const examples: Record<number, Record<string, { readonly value: Problem }>> = {};
  for (const code of [...codes, ...COMMON_CODES]) {
    const [message, details] = EXAMPLES[code] ?? [""];
    const error = new SisError(code, message, details && { details });
    const value = problemOf(error, "013f7515aa074ee58ad5929c8391a366");
    examples[value.status] = { ...examples[value.status], [code]: { value } };
  }
  return Object.fromEntries(
    Object.entries(examples).map(([status, all]) => [
      status,
      {
        description: DESCRIPTIONS[Number(status)] ?? "",
        content: { "application/problem+json": { schema: problemSchema, examples: all } },
      },
    ]),
  );
}
