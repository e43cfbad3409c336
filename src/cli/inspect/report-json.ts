import type { InspectedFile } from "./describe-file.ts";

/**
 * Placeholder for digits until the document is written: JSON.stringify never produces this text
 * otherwise.
 */
const DIGITS = /"\\u0001(-?\d+)\\u0001"/g;

/**
 * A report of a file as one JSON document. JSON has no infinite numbers: they are the strings
 * "Infinity", "-Infinity" and "NaN". Integers of 64 bits are written with all their digits.
 */
export function reportJson(report: InspectedFile): string {
  const text = JSON.stringify(report, (_, value: unknown) => {
    if (typeof value === "bigint") return `\u0001${value}\u0001`;
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });
  return text.replace(DIGITS, "$1");
}
