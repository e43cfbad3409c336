import { Type } from "typebox";
import { invalidParameter } from "../../config/text-value.ts";
import type { SisError } from "../../errors/sis-error.ts";
import {
  BATCH_MARKS,
  type BatchFormat,
  type BatchMark,
  type BatchOptions,
  batchId,
} from "../../moving-objects/batch-request.ts";
import type { ObjectList } from "../../moving-objects/object-row.ts";
import { readList } from "../../moving-objects/read-list.ts";
import { cutoutSize } from "../../products/request/cutout-size.ts";
import { pictureQueryProperties } from "../images/picture-query.ts";
import { pictureRequest } from "../images/picture-request.ts";
import { compileQuery, type GivenQuery } from "../requests/query-validator.ts";
import { type BatchQuery, batchQuerySchema } from "./batch-query.ts";

const read = compileQuery(batchQuerySchema);
const PICTURE_NAMES = Object.keys(pictureQueryProperties) as (keyof typeof pictureQueryProperties)[];
const ORDER: readonly BatchFormat[] = ["fits", "jpeg", "png"];

/** A validated query of POST /batch. Errors: INVALID_PARAMETER. */
export function batchQuery(given: GivenQuery): BatchQuery {
  const result = read(given);
  if ("error" in result) throw result.error;
  return result.value as BatchQuery;
}

/** Options beside the rows of a JSON list, as texts of a query. Errors: INVALID_PARAMETER. */
function writtenOptions(options: ObjectList["options"]): GivenQuery {
  const texts: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(batchQuerySchema.properties, name.toLowerCase())) continue;
    const values = Array.isArray(value) ? value : [value];
    if (values.some((one) => typeof one === "object" && one !== null)) {
      throw invalidParameter(name, JSON.stringify(value), "text, a number or a list of them");
    }
    texts[name.toLowerCase()] = values.filter((one) => one !== null).map(String);
  }
  return texts;
}

function formatsOf({ format = ["fits"] }: BatchQuery): readonly BatchFormat[] {
  const given = new Set(format.map((name) => (name === "jpg" ? "jpeg" : name)));
  return ORDER.filter((name) => given.has(name));
}

function marksOf({ marks }: BatchQuery): readonly BatchMark[] {
  if (marks === undefined) return [];
  const given = marks.split(",").map((name) => name.trim());
  const unknown = given.find((name) => !(BATCH_MARKS as readonly string[]).includes(name));
  if (unknown !== undefined) throw invalidParameter("marks", marks, BATCH_MARKS.join(", "));
  return BATCH_MARKS.filter((name) => given.includes(name));
}

function sizeOf({ size, pixels }: BatchQuery): string {
  if (size !== undefined && pixels !== undefined) {
    throw invalidParameter("pixels", String(pixels), "only without size");
  }
  return cutoutSize(size ?? (pixels === undefined ? "5arcmin" : `${pixels}px`)).text;
}

function needsPicture(name: string, value: string): SisError {
  return invalidParameter(name, value, "only together with format=jpeg or format=png");
}

/**
 * The options of a batch: those of the query, then those of the list, then the defaults. Errors:
 * INVALID_PARAMETER.
 */
export function batchOptions(
  given: GivenQuery,
  list: Pick<ObjectList, "form" | "isEphemeris" | "options">,
): BatchOptions {
  const query = batchQuery({ ...writtenOptions(list.options), ...given });
  const formats = formatsOf(query);
  const pictures = formats.filter((format) => format !== "fits");
  const marks = marksOf(query);
  const format = formats.includes("jpeg") ? "jpeg" : (pictures[0] ?? "fits");
  if (pictures.length === 0 && marks.length > 0) throw needsPicture("marks", marks.join(","));
  if (pictures.length === 0 && query.align === true) throw needsPicture("align", "true");
  const picture = pictureRequest({ ...query, format, align: false, download: false }, format);
  const pictureQuery = new URLSearchParams();
  for (const name of PICTURE_NAMES) {
    const value = query[name];
    if (value === undefined || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) pictureQuery.append(name, String(one));
  }
  return {
    size: sizeOf(query),
    formats,
    pack: query.pack ?? "none",
    header: query.header ?? "full",
    align: query.align ?? false,
    picture: picture ?? null,
    pictureQuery: pictureQuery.toString(),
    marks,
    center: query.center ?? "position",
    images: query.images ?? "science",
    find: query.find ?? (list.isEphemeris ? "ephemeris" : "time"),
  };
}

/** A list for the frames of `sbnsis test-data`, as JSON: the example of the API document. */
export const EXAMPLE_LIST = {
  rows: [{ obs_id: "urn:nasa:pds:survey:test-collection:test-000000", ra: 351.45, dec: 0.05 }],
};

/** The id of the batch of EXAMPLE_LIST: ids are hashes of the list and its options. */
function exampleId(): string {
  const bytes = new TextEncoder().encode(JSON.stringify(EXAMPLE_LIST));
  const list = readList(bytes, "application/json", { maximumRows: 1, uncTheta: "theta" });
  return batchId({ target: list.target, options: batchOptions({}, list), rows: list.rows });
}

/** Path parameters of a batch; the example is the id of the batch that EXAMPLE_LIST makes. */
export const batchIdParams = Type.Object({
  id: Type.String({ description: "Id of the batch.", examples: [exampleId()] }),
});
