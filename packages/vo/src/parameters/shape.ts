import { usageError, VoError } from "../errors.ts";
import { readNumbers } from "./interval.ts";

/** The largest number of vertices of a polygon. */
const MAXIMUM_VERTICES = 1000;

/** A part of the sky in ICRS degrees; longitudes are from 0 to 360. */
export type Shape =
  | { readonly kind: "circle"; readonly lon: number; readonly lat: number; readonly radius: number }
  | {
      readonly kind: "range";
      /** From west to east; the first is larger where the range contains the meridian 0. */
      readonly lon: readonly [number, number];
      readonly lat: readonly [number, number];
    }
  | {
      readonly kind: "polygon";
      /** At least three, in either direction, the first not repeated; edges are great circles. */
      readonly vertices: readonly (readonly [lon: number, lat: number])[];
    };

const CIRCLE = "CIRCLE longitude latitude radius";
const RANGE = "RANGE longitude1 longitude2 latitude1 latitude2";
const POLYGON = "POLYGON with at least three pairs of longitude and latitude";
const DEGREES = "in degrees, longitudes from -360 to 720, latitudes from -90 to 90";

/**
 * A value of POS (SIA 2.0, 2.1.1). Aladin writes an equals sign after the keyword. Rules that need
 * spherical geometry are not checked. Errors: VO_USAGE.
 */
export function readPosition(parameter: string, text: string): Shape {
  const [, keyword = "", rest = ""] = /^([a-z]+)[ =](.*)$/i.exec(text) ?? [];
  switch (keyword.toUpperCase()) {
    case "CIRCLE":
      return readCircle(parameter, rest, text, `${CIRCLE} ${DEGREES}, 0 < radius <= 180`);
    case "RANGE":
      return readRange(parameter, rest, text);
    case "POLYGON":
      return readPolygon(parameter, rest, text, `${POLYGON} ${DEGREES}`);
    default:
      throw usageError(parameter, text, `${CIRCLE}, ${RANGE} or ${POLYGON}, ${DEGREES}`);
  }
}

/** A value of CIRCLE (SODA 1.0, 3.3.2): longitude, latitude and radius. Errors: VO_USAGE. */
export function readCircle(
  parameter: string,
  text: string,
  given = text,
  allowed = `longitude, latitude and radius ${DEGREES}, 0 < radius <= 180`,
): Shape {
  const numbers = readNumbers(text) ?? [];
  const [lon, lat, radius] = numbers;
  const isRight =
    numbers.length === 3 && isLongitude(lon!) && isLatitude(lat!) && radius! > 0 && radius! <= 180;
  if (!isRight) throw usageError(parameter, given, allowed);
  return { kind: "circle", lon: reduced(lon!), lat: lat!, radius: radius! };
}

/** A value of POLYGON (SODA 1.0, 3.3.3): pairs of longitude and latitude. Errors: VO_USAGE. */
export function readPolygon(
  parameter: string,
  text: string,
  given = text,
  allowed = `at least three pairs of longitude and latitude ${DEGREES}`,
): Shape {
  const numbers = readNumbers(text) ?? [];
  if (numbers.length > 2 * MAXIMUM_VERTICES) {
    throw new VoError(
      "VO_USAGE",
      `${parameter} has ${numbers.length / 2} vertices; at most ${MAXIMUM_VERTICES} are allowed.`,
      { details: { parameter, allowed: `at most ${MAXIMUM_VERTICES} vertices` } },
    );
  }
  const vertices: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const [lon, lat] = [numbers[i]!, numbers[i + 1]!];
    if (!isLongitude(lon) || !isLatitude(lat)) throw usageError(parameter, given, allowed);
    vertices.push([reduced(lon), lat]);
  }
  const [first, last] = [vertices[0], vertices.at(-1)];
  if (vertices.length > 1 && first![0] === last![0] && first![1] === last![1]) vertices.pop();
  if (numbers.length % 2 !== 0 || vertices.length < 3) throw usageError(parameter, given, allowed);
  return { kind: "polygon", vertices };
}

function readRange(parameter: string, text: string, given: string): Shape {
  const allowed = `${RANGE} ${DEGREES} with latitude1 <= latitude2; -Inf and +Inf for open ends`;
  const numbers = readNumbers(text) ?? [];
  const [west, east, south, north] = numbers as [number, number, number, number];
  const lat = [Math.max(south, -90), Math.min(north, 90)] as const;
  const isRight =
    numbers.length === 4 &&
    [west, east].every((lon) => isLongitude(lon) || !Number.isFinite(lon)) &&
    west !== Number.POSITIVE_INFINITY &&
    east !== Number.NEGATIVE_INFINITY &&
    (isLatitude(south) || south === Number.NEGATIVE_INFINITY) &&
    (isLatitude(north) || north === Number.POSITIVE_INFINITY) &&
    south <= north;
  if (!isRight) throw usageError(parameter, given, allowed);
  const lon = east - west >= 360 ? ([0, 360] as const) : ([reduced(west), reduced(east)] as const);
  return { kind: "range", lon, lat };
}

function isLongitude(lon: number): boolean {
  return lon >= -360 && lon <= 720;
}

function isLatitude(lat: number): boolean {
  return lat >= -90 && lat <= 90;
}

/** A longitude from 0 up to 360. */
function reduced(lon: number): number {
  const remainder = lon % 360;
  const positive = remainder < 0 ? remainder + 360 : remainder;
  return positive === 360 ? 0 : positive + 0;
}
