/** A sexagesimal angle: hours or degrees, minutes, seconds. */
const SEXAGESIMAL = /^([+-]?)(\d{1,3})([:hd ])\s*(\d{1,2})(?:[:m ]\s*(\d{1,2}(?:\.\d*)?)s?|[:m]?)$/;

/** @param perUnit degrees of the first field without a letter: 15 for a right ascension */
function angle(text: string, perUnit: 1 | 15): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  const match = SEXAGESIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, first, letter, minutes, seconds = "0"] = match;
  // hours apply to right ascension only, which may be in degrees too
  if (letter === "h" && perUnit === 1) return undefined;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const value =
    (Number(first) + Number(minutes) / 60 + Number(seconds) / 3600) * (letter === "d" ? 1 : perUnit);
  return sign === "-" ? -value : value;
}

/**
 * Reads a position as people write it: two numbers in degrees, or hours and degrees in sexagesimal
 * form with colons, letters, signs or spaces. ICRS, degrees; undefined for anything else.
 */
export function readPlace(written: string): readonly [ra: number, dec: number] | undefined {
  const text = written
    .trim()
    .replace(/[−–]/g, "-")
    .replaceAll("°", "d")
    .replace(/[′']/g, "m")
    .replace(/[″"]/g, "s")
    .replace(/([hdms]) (?=\d)/g, "$1");
  const fields = text.split(/[\s,]+/).filter((field) => field !== "");
  const [first, second] =
    fields.length === 6 ? [fields.slice(0, 3).join(":"), fields.slice(3).join(":")] : fields;
  if (first === undefined || second === undefined || (fields.length !== 6 && fields.length !== 2))
    return undefined;
  const [ra, dec] = [angle(first, 15), angle(second, 1)];
  if (ra === undefined || dec === undefined || ra < 0 || ra > 360 || Math.abs(dec) > 90) return undefined;
  return [ra, dec];
}

/** A position as the parameter pos of /query. */
export function placeParameter([ra, dec]: readonly [ra: number, dec: number]): string {
  return [ra, dec].map((degrees) => String(Number(degrees.toFixed(7)))).join(",");
}
