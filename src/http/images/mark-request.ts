import type { Mark } from "@sbnsis/imaging";
import { readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { invalidParameter, textReader } from "../../config/text-value.ts";
import {
  ARROW_ALLOWED,
  ELLIPSE_ALLOWED,
  MARK_ALLOWED,
  MAXIMUM_MARK_RADIUS,
  TRAIL_ALLOWED,
} from "./picture-query.ts";

const readLength = textReader({ type: "number", minimum: Number.MIN_VALUE, maximum: MAXIMUM_MARK_RADIUS });
const readAngle = textReader({ type: "number", minimum: -360, maximum: 360 });
const readLabel = textReader({ type: "string", pattern: "^[ -~]{1,16}$" });

/** A mark at RA,DEC: a cross, or with RADIUS a circle. Errors: INVALID_PARAMETER. */
export function markOf(text: string): Mark {
  const { lon, lat, numbers } = placed("mark", text, MARK_ALLOWED, [[], [readLength]]);
  const [radiusArcsec] = numbers;
  return radiusArcsec === undefined
    ? { kind: "cross", lon, lat }
    : { kind: "circle", lon, lat, radiusArcsec };
}

/** RA,DEC,A,B,PA. Errors: INVALID_PARAMETER. */
export function ellipseOf(text: string): Mark {
  const forms = [[readLength, readLength, readAngle]];
  const { lon, lat, numbers } = placed("ellipse", text, ELLIPSE_ALLOWED, forms);
  const [a, b, positionAngle] = numbers as [number, number, number];
  return { kind: "ellipse", lon, lat, semiAxesArcsec: [a, b], positionAngle };
}

/** RA,DEC,LENGTH,PA. Errors: INVALID_PARAMETER. */
export function trailOf(text: string): Mark {
  const { lon, lat, numbers } = placed("trail", text, TRAIL_ALLOWED, [[readLength, readAngle]]);
  const [lengthArcsec, positionAngle] = numbers as [number, number];
  return { kind: "trail", lon, lat, lengthArcsec, positionAngle };
}

/** PA or PA,LABEL. Errors: INVALID_PARAMETER. */
export function arrowOf(text: string): Mark {
  const comma = text.indexOf(",");
  const positionAngle = readAngle((comma < 0 ? text : text.slice(0, comma)).trim());
  if (typeof positionAngle !== "number") throw invalidParameter("arrow", text, ARROW_ALLOWED);
  if (comma < 0) return { kind: "arrow", positionAngle };
  const label = readLabel(text.slice(comma + 1));
  if (typeof label !== "string") throw invalidParameter("arrow", text, ARROW_ALLOWED);
  return { kind: "arrow", positionAngle, label };
}

/**
 * A position, followed by numbers in one of the `forms`: a reader for each number.
 */
function placed(
  name: string,
  text: string,
  allowed: string,
  forms: readonly (readonly ReturnType<typeof textReader>[])[],
): { readonly lon: number; readonly lat: number; readonly numbers: readonly number[] } {
  const [first = "", second = "", ...rest] = text.split(",").map((part) => part.trim());
  const [ra, dec] = [readRightAscension(first), readDeclination(second)];
  const numbers = forms.find(({ length }) => length === rest.length)?.map((read, i) => read(rest[i]!));
  if ("allowed" in ra || "allowed" in dec || !numbers?.every((value) => typeof value === "number"))
    throw invalidParameter(name, text, allowed);
  return { lon: ra.degrees, lat: dec.degrees, numbers: numbers as number[] };
}
