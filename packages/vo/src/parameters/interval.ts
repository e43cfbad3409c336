import { usageError } from "../errors.ts";

/** An interval with its bounds, which may be infinite; low <= high. */
export type Interval = readonly [low: number, high: number];

const ALLOWED = "one number, or two numbers of which the first is not larger; bounds may be -Inf and +Inf";

/**
 * An interval: two numbers, or one for both bounds (SIA 2.0, 2.1.2 to 2.1.9). Errors: VO_USAGE.
 */
export function readInterval(parameter: string, text: string): Interval {
  const numbers = readNumbers(text) ?? [];
  const [low, high = low, ...rest] = numbers;
  if (low === undefined || high === undefined || rest.length > 0 || low > high)
    throw usageError(parameter, text, ALLOWED);
  return [low, high];
}

/** Whether two intervals have a number in common. */
export function overlap([low, high]: Interval, [otherLow, otherHigh]: Interval): boolean {
  return low <= otherHigh && otherLow <= high;
}

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

/** Numbers separated by blanks; undefined if one of them is not a number. */
export function readNumbers(text: string): readonly number[] | undefined {
  const numbers = text.split(" ").map(readNumber);
  return numbers.every((value) => value !== undefined) ? numbers : undefined;
}
