import { SisError } from "../errors/sis-error.ts";
import { shownValue } from "./text-value.ts";

/**
 * The error of a parameter with a value that is not allowed: INVALID_PARAMETER, with its name, its
 * value and what is allowed.
 */
export function invalidParameter(parameter: string, text: string, allowed: string): SisError {
  return new SisError(
    "INVALID_PARAMETER",
    `Parameter ${parameter} is ${shownValue(text)}; allowed: ${allowed}.`,
    { details: { parameter, value: text.slice(0, 60), allowed } },
  );
}

/** As invalidParameter, for a parameter that means nothing without others: `what`. */
export function onlyWith(parameter: string, value: unknown, what: string): SisError {
  return invalidParameter(parameter, String(value), `only together with ${what}`);
}
