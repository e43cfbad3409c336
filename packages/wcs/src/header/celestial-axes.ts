import { type Header, headerInteger } from "@sbnsis/fits";
import { type Keywords, plainCount, plainNumber, textAt } from "./keywords.ts";

/** The pair of celestial axes of a header. */
export interface CelestialAxes {
  /** Axis numbers from 1, ascending. */
  readonly axes: readonly [number, number];
  readonly longitudeFirst: boolean;
  /** CTYPE as in the header, in upper case. */
  readonly ctype: readonly [string, string];
  /** Name of the longitude axis (`RA`, `GLON`, `HPLN`). */
  readonly longitude: string;
  /** Three letters of the projection. */
  readonly projection: string;
  /** Suffix after the projection (`SIP`), or blank. */
  readonly suffix: string;
  /** Number of axes of the coordinate system. */
  readonly naxis: number;
}

interface Axis {
  readonly number: number;
  readonly ctype: string;
  readonly name: string;
  readonly latitude: boolean;
  readonly pair: string;
  readonly projection: string;
  readonly suffix: string;
}

const MAX_AXES = 99;

/**
 * Finds the celestial axes; undefined when the header has no pair of them with the same projection.
 * Errors: WCS_INVALID when a CTYPEi or WCSAXES cannot be read. FITS 4.0, 8.2 and 8.3.
 */
export function celestialAxes(keywords: Keywords): CelestialAxes | undefined {
  const naxis = Math.min(MAX_AXES, axisCount(keywords));
  let first: Axis | undefined;
  for (let i = 1; i <= naxis; i++) {
    const axis = celestialAxis(i, ctypeAt(keywords, i));
    if (axis === undefined) continue;
    if (first === undefined) first = axis;
    else if (
      first.pair === axis.pair &&
      first.latitude !== axis.latitude &&
      first.projection === axis.projection
    ) {
      return {
        axes: [first.number, axis.number],
        longitudeFirst: !first.latitude,
        ctype: [first.ctype, axis.ctype],
        longitude: first.latitude ? axis.name : first.name,
        projection: first.projection,
        suffix: first.suffix === axis.suffix ? first.suffix : "",
        naxis,
      };
    }
  }
  return undefined;
}

/**
 * Whether both axes are axes of the header's image: those with more than one pixel (NAXISn > 1) or,
 * if fewer than two do, the first ones. True for a header without an image.
 */
export function areImageAxes(header: Header, axes: readonly [number, number]): boolean {
  const naxis = Math.min(MAX_AXES, headerInteger(header, "NAXIS") ?? 0);
  if (naxis < 1) return true;
  const all = Array.from({ length: Math.max(2, naxis) }, (_, i) => i + 1);
  const long = all.filter((axis) => (headerInteger(header, `NAXIS${axis}`) ?? 1) > 1);
  const image = long.length >= 2 ? long : [1, 2];
  return axes.every((axis) => image.includes(axis));
}

/** CTYPEi; a card without a value counts as blank. */
function ctypeAt(keywords: Keywords, axis: number): string {
  const card = keywords.header.index.get(`CTYPE${axis}${keywords.alternate}`);
  if (card !== undefined && card.value === undefined && card.malformed === undefined) return "";
  return textAt(keywords, `CTYPE${axis}`) ?? "";
}

function axisCount(keywords: Keywords): number {
  const named = plainCount(keywords, `WCSAXES${keywords.alternate}`) ?? 0;
  let highest = Math.max(named, plainNumber(keywords, "NAXIS") ?? 0, 2);
  for (const keyword of keywords.header.index.keys()) {
    if (!keyword.startsWith("CTYPE")) continue;
    const match = /^CTYPE([1-9]\d?)([A-Z]?)$/.exec(keyword);
    if (match !== null && match[2] === keywords.alternate) highest = Math.max(highest, Number(match[1]));
  }
  return Number.isSafeInteger(highest) ? highest : 2;
}

function celestialAxis(number: number, written: string): Axis | undefined {
  const ctype = written.toUpperCase();
  const match = /^([A-Z]{1,4}[A-Z]?)-+([A-Z]{3})(?:-([A-Z0-9]{1,3}))?\s*$/.exec(ctype);
  if (match === null || ctype.slice(0, 5).replace(/-/g, "") !== match[1]) return undefined;
  const name = match[1];
  const place =
    name === "RA"
      ? { latitude: false, pair: "RA" }
      : name === "DEC"
        ? { latitude: true, pair: "RA" }
        : name.length === 4 && (name.endsWith("LON") || name.endsWith("LAT"))
          ? { latitude: name.endsWith("LAT"), pair: name.slice(0, 1) }
          : name.length === 4 && (name.endsWith("LN") || name.endsWith("LT"))
            ? { latitude: name.endsWith("LT"), pair: name.slice(0, 2) }
            : undefined;
  if (place === undefined) return undefined;
  return { number, ctype, name, ...place, projection: match[2]!, suffix: match[3] ?? "" };
}
