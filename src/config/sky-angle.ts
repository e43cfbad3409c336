import { invalidParameter, textReader } from "./text-value.ts";

/**
 * Syntax of an angle on the sky: the sexagesimal letter of its first field, and its range in
 * degrees.
 */
interface SkyAngle {
  /** Degrees per unit of the first field when it has no letter. */
  readonly degreesPerUnit: 1 | 15;
  readonly signed: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** Limits in decimal form, and a description of all allowed forms. */
  readonly decimal: string;
  readonly sexagesimal: string;
}

const RIGHT_ASCENSION: SkyAngle = {
  degreesPerUnit: 15,
  signed: false,
  minimum: 0,
  maximum: 360,
  decimal: "a number from 0 to 360",
  sexagesimal: "hours from 0 to 24, minutes and seconds such as 10:00:00.5 or 10h00m00.5s",
};

const DECLINATION: SkyAngle = {
  degreesPerUnit: 1,
  signed: true,
  minimum: -90,
  maximum: 90,
  decimal: "a number from -90 to 90",
  sexagesimal: "degrees from -90 to 90, minutes and seconds such as -30:15:02 or -30d15m02s",
};

/** A description of a right ascension, for parameters that contain one. */
export const RA_ALLOWED = `${RIGHT_ASCENSION.decimal}, or ${RIGHT_ASCENSION.sexagesimal}`;
export const DEC_ALLOWED = `${DECLINATION.decimal}, or ${DECLINATION.sexagesimal}`;

/** An angle in degrees, or a description of what is allowed instead. */
export type ReadAngle = { readonly degrees: number } | { readonly allowed: string };

/** Parses a right ascension: decimal degrees, or hours, minutes and seconds. */
export function readRightAscension(text: string): ReadAngle {
  return readAngle(text, RIGHT_ASCENSION);
}

/** Parses a declination: decimal degrees, or degrees, minutes and seconds. */
export function readDeclination(text: string): ReadAngle {
  return readAngle(text, DECLINATION);
}

/** The angle in degrees. Errors: INVALID_PARAMETER, describing what is allowed instead. */
export function angleOf(name: string, text: string, read: (text: string) => ReadAngle): number {
  const found = read(text);
  if ("degrees" in found) return found.degrees;
  throw invalidParameter(name, text, found.allowed);
}

const NUMBER_SHAPE = /^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/;

/**
 * Three fields separated by colons or spaces, or one to three with letters; only the last may have
 * a fraction.
 */
const FIELDS = [
  /^(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{0,12})?)$/,
  /^(\d{1,3}) +(\d{1,2}) +(\d{1,2}(?:\.\d{0,12})?)$/,
];
const LETTERS =
  /^(\d{1,3})(?:([hd°]) ?(?:(\d{1,2})[m'′] ?(?:(\d{1,2}(?:\.\d{0,12})?)(?:s|"|″|''))?)?|([hd°]))$/i;

function readAngle(written: string, angle: SkyAngle): ReadAngle {
  const text = written.trim();
  if (NUMBER_SHAPE.test(text)) {
    const { minimum, maximum } = angle;
    const value = textReader({ type: "number", minimum, maximum })(text);
    return typeof value === "number" ? { degrees: value } : { allowed: angle.decimal };
  }
  const sign = /^[+\-−]/.exec(text)?.[0] ?? "";
  const fields = fieldsOf(text.slice(sign.length).trimStart(), angle);
  if (fields === undefined || (sign !== "" && sign !== "+" && !angle.signed)) {
    return { allowed: `${angle.decimal}, or ${angle.sexagesimal}` };
  }
  const { degreesPerUnit, units, minutes, seconds } = fields;
  if (minutes >= 60 || seconds >= 60)
    return { allowed: `minutes and seconds below 60 in ${angle.sexagesimal}` };
  // one division, so that the result is the nearest number
  const degrees = ((units * 3600 + minutes * 60 + seconds) * degreesPerUnit) / 3600;
  if (degrees > angle.maximum) return { allowed: angle.sexagesimal };
  return { degrees: sign === "" || sign === "+" ? degrees : -degrees };
}

interface Fields {
  readonly degreesPerUnit: 1 | 15;
  readonly units: number;
  readonly minutes: number;
  readonly seconds: number;
}

function fieldsOf(text: string, angle: SkyAngle): Fields | undefined {
  for (const pattern of FIELDS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [units, minutes, seconds] = match.slice(1).map(Number) as [number, number, number];
    return { degreesPerUnit: angle.degreesPerUnit, units, minutes, seconds };
  }
  const match = LETTERS.exec(text);
  if (match === null) return undefined;
  const letter = (match[2] ?? match[5] ?? "d").toLowerCase();
  // hours apply to right ascension only
  if (letter === "h" && angle.degreesPerUnit === 1) return undefined;
  return {
    degreesPerUnit: letter === "h" ? 15 : 1,
    units: Number(match[1]),
    minutes: Number(match[3] ?? 0),
    seconds: Number(match[4] ?? 0),
  };
}
