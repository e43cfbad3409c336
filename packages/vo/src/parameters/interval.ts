import { usageError } from "../errors.ts";
import { readNumbers } from "./number.ts";

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
