const FINITE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const INFINITE = /^([+-]?)inf$/i;

/**
 * A number as VOTable writes doubles (VOTable 1.4, 2.2.2 and DALI 1.1, 3.3): decimal, or infinite
 * in any case. Undefined for anything else, also NaN and numbers too large for a double.
 */
export function readNumber(text: string): number | undefined {
  if (FINITE.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const [, sign] = INFINITE.exec(text) ?? [];
  if (sign === undefined) return undefined;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Numbers separated by blanks; undefined if one of them is none. */
export function readNumbers(text: string): readonly number[] | undefined {
  const numbers = text.split(" ").map(readNumber);
  return numbers.every((value) => value !== undefined) ? numbers : undefined;
}
