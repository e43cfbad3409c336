import { invalidParameter } from "../../config/text-value.ts";
import type { CutoutSide, CutoutSize } from "../product.ts";

const ARCSEC_PER_DEGREE = 3600;
const ARCSEC_PER_RADIAN = (180 / Math.PI) * ARCSEC_PER_DEGREE;
const ARCSEC_PER_UNIT: Readonly<Record<string, number>> = {
  arcsec: 1,
  arcmin: 60,
  deg: ARCSEC_PER_DEGREE,
  degree: ARCSEC_PER_DEGREE,
  rad: ARCSEC_PER_RADIAN,
  radian: ARCSEC_PER_RADIAN,
};

/** Smallest angular side of a cutout, arcseconds. */
const MINIMUM_SIZE_ARCSEC = 1;

const UNITS = "arcsec|arcmin|deg|degree|rad|radian|px";

/**
 * Syntax of a size: a side, or width x height; if only the height has a unit, it applies to both.
 */
export const SIZE_PATTERN = `^(?:(\\d+(?:\\.\\d*)?)(${UNITS})?x)?(\\d+(?:\\.\\d*)?)(${UNITS})$`;

export const SIZE_ALLOWED =
  "a number and a unit of arcsec, arcmin, deg, degree, rad, radian, px, such as 5arcmin or 64px, or WIDTHxHEIGHT such as 64x128px or 5arcminx2arcmin";

const size = new RegExp(SIZE_PATTERN);

/**
 * Parses a size that matches the schema's pattern; angles below 1 arcsec become 1 arcsec. Errors:
 * INVALID_PARAMETER for a number of pixels that is not whole or is zero.
 */
export function cutoutSize(text: string): CutoutSize {
  const match = size.exec(text);
  if (match === null) throw invalidParameter("size", text, SIZE_ALLOWED);
  const [, width, widthUnit, height, heightUnit] = match as unknown as [
    string,
    string?,
    string?,
    string?,
    string?,
  ];
  const second = side(text, height!, heightUnit!);
  if (width === undefined) {
    return second.unit === "arcsec" ? { text, arcsec: second.length } : { text, sides: [second, second] };
  }
  return { text, sides: [side(text, width, widthUnit ?? heightUnit!), second] };
}

function side(text: string, digits: string, unit: string): CutoutSide {
  const length = Number(digits);
  if (unit !== "px") {
    return {
      unit: "arcsec",
      length: Math.max(MINIMUM_SIZE_ARCSEC, length * (ARCSEC_PER_UNIT[unit] ?? Number.NaN)),
    };
  }
  if (!Number.isSafeInteger(length) || length < 1)
    throw invalidParameter("size", text, "whole numbers of pixels from 1");
  return { unit: "pixel", length };
}
