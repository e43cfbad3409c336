import { Type } from "typebox";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { SisError } from "../../errors/sis-error.ts";
import { type Problem, problemOf } from "./problem.ts";

/** Schema of problem documents. */
const problemSchema = Type.Object(
  {
    type: Type.String({ description: "Always about:blank: the status says the kind." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What is wrong, for a person." }),
    code: Type.String({ description: "What is wrong, for a program; docs/errors.md lists all codes." }),
    job_id: Type.String({ description: "Finds the request in the log of the service." }),
  },
  { additionalProperties: true },
);

/** What responses of each status have in common. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "The request cannot be answered as it is; `detail` says why.",
  403: "The operator does not allow what this image needs.",
  404: "No such image, or its file is missing.",
  414: "The URL is too long.",
  416: "The range begins after the end of the product.",
  429: "The client asks too often. Try again after the time in Retry-After.",
  500: "The service, or the file of the image, has failed; `job_id` finds the reason in the log.",
  501: "The image needs something that this service does not do.",
  502: "The archive that holds the image failed.",
  503: "Busy, or the database cannot be reached. Try again after the time in Retry-After.",
  504: "The archive that holds the image takes too long.",
  507: "The product could not be stored.",
};

/** An error of a 4xx status as the service states it; those of 5xx have one public sentence each. */
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
    "This image has 30000 x 30000 pixels; pictures of whole images are made up to 268435456 pixels. Ask for a cutout.",
    { width: 30_000, height: 30_000, limit: 268_435_456 },
  ],
  OFF_IMAGE: ["The position ra=10, dec=5 is not on this image.", { ra: 10, dec: 5 }],
  NO_CELESTIAL_WCS: [
    "This image has no celestial coordinate system in its header, so no cutout around a position can be made of it. Ask for the whole image.",
  ],
  NO_IMAGE: ["The file of this image holds no two-dimensional image."],
  MALFORMED_REQUEST: ["The request is malformed."],
  IMAGE_NOT_FOUND: ["Image ID not found in database."],
  URI_TOO_LONG: ["The URL is too long."],
  RANGE_NOT_SATISFIABLE: ["The product has 2880 bytes; the range begins after them.", { size: 2880 }],
  RATE_LIMITED: ["Too many requests; the next one is answered in 5 s.", { per_minute: 60 }],
};

/** Errors that every operation can give. */
const COMMON_CODES: readonly ErrorCode[] = [
  "MALFORMED_REQUEST",
  "URI_TOO_LONG",
  "RATE_LIMITED",
  "INTERNAL",
  "OVERLOADED",
  "CATALOG_UNAVAILABLE",
  "CATALOG_SCHEMA",
];

/** The error responses of an operation by status, each code with an example, for the OpenAPI document. */
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
