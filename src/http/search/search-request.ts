import type { ImageFilter, ImageSearch, SearchCursor, SearchOrder } from "../../catalog/catalog.ts";
import { type SearchParameter, searchedColumns } from "../../catalog/model/image.ts";
import { invalidParameter, textReader } from "../../config/text-value.ts";
import {
  AFTER_ALLOWED,
  MAXIMUM_RADIUS,
  POS_ALLOWED,
  RADIUS_ALLOWED,
  type SearchQuery,
  TIME_ALLOWED,
} from "./search-query.ts";
import { timeInterval } from "./search-time.ts";

const readRa = textReader({ type: "number", minimum: 0, maximum: 360 });
const readDec = textReader({ type: "number", minimum: -90, maximum: 90 });
const PER_DEGREE: Readonly<Record<string, number>> = { arcsec: 3600, arcmin: 60, deg: 1 };

/** Values of the parameters that match one column each. */
function matchesOf<By extends "counted" | "exact">(
  by: By,
  query: SearchQuery,
): { readonly [P in SearchParameter<By>]?: string } {
  const given: Readonly<Record<string, unknown>> = query;
  const values: Record<string, unknown> = {};
  for (const { search } of searchedColumns(by)) {
    const value = given[search.parameter];
    if (value !== undefined) values[search.parameter] = value;
  }
  return values as ReturnType<typeof matchesOf<By>>;
}

/** The filters that the existing service has too. */
export function imageFilter(query: SearchQuery): Omit<ImageFilter, "after"> {
  const { maxrec, offset } = query;
  return { ...matchesOf("counted", query), maxrec, offset };
}

/**
 * The search that a validated query with any search parameter expresses.
 * Errors: INVALID_PARAMETER for a value that the schema cannot refuse, and for parameters that
 * exclude each other.
 */
export function imageSearch(query: SearchQuery): ImageSearch {
  const { time: timeText, obs_id: obsId, order = "id", after: afterText, offset } = query;
  const place = placeOf(query);
  if (order === "distance" && place === undefined) {
    throw invalidParameter("order", order, "id, time; distance only with pos");
  }
  const time = timeText === undefined ? undefined : timeInterval(timeText);
  if (timeText !== undefined && time === undefined) throw invalidParameter("time", timeText, TIME_ALLOWED);
  if (afterText !== undefined && offset > 0) {
    throw invalidParameter("offset", String(offset), "0 together with after");
  }
  const after = afterText === undefined ? undefined : cursorOf(afterText, order);
  return {
    ...imageFilter(query),
    order,
    ...(place !== undefined && { place }),
    ...(time !== undefined && { time }),
    ...matchesOf("exact", query),
    ...(obsId !== undefined && { obsId }),
    ...(after !== undefined && { after }),
  };
}

function placeOf({ pos, radius }: SearchQuery): ImageSearch["place"] {
  if (pos === undefined) {
    if (radius !== undefined) throw invalidParameter("radius", radius, "only together with pos");
    return undefined;
  }
  const [ra, dec] = pos.split(",").map((text) => text.trim());
  const [x, y] = [readRa(ra ?? ""), readDec(dec ?? "")];
  if (typeof x !== "number" || typeof y !== "number") throw invalidParameter("pos", pos, POS_ALLOWED);
  return { ra: x, dec: y, radius: radius === undefined ? 0 : radiusOf(radius) };
}

function radiusOf(text: string): number {
  const [, number, unit = ""] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  const degrees = Number(number) / (PER_DEGREE[unit] ?? Number.NaN);
  if (degrees <= MAXIMUM_RADIUS) return degrees;
  throw invalidParameter("radius", text, RADIUS_ALLOWED);
}

/**
 * The end of a page, as `next` writes it: the id alone when sorting by id, otherwise KEY_ID, with
 * an empty key for a missing value.
 */
export function cursorText({ id, key }: SearchCursor, order: SearchOrder): string {
  return order === "id" ? String(id) : `${key ?? ""}_${id}`;
}

/** Parses a cursor; undefined for 0, the beginning. */
function cursorOf(text: string, order: SearchOrder): SearchCursor | undefined {
  if (text === "0") return undefined;
  const [first = "", last] = text.split("_");
  if ((order === "id") !== (last === undefined)) throw invalidParameter("after", text, AFTER_ALLOWED);
  if (last === undefined) return { id: Number(first), key: null };
  return { id: Number(last), key: first === "" ? null : Number(first) };
}
