/** Length limit of text read as a number: far more digits than a double or a 64-bit integer has. */
const LONGEST = 100;

// No two parts can match the same digits, so a failed match takes time proportional to the text.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[EeDd][+-]?\d+)?$/;

/**
 * Whether a text without blanks is a decimal number in FITS notation (FITS 4.0, 4.2.3 and 4.2.4).
 */
export function isDecimal(text: string): boolean {
  return text.length <= LONGEST && DECIMAL.test(text);
}

/**
 * The value of a decimal number with an E or D exponent; undefined for any other text and beyond
 * the range of a double.
 */
export function decimalValue(text: string): number | undefined {
  if (!isDecimal(text)) return undefined;
  const value = Number(text.replace(/[Dd]/, "e"));
  return Number.isFinite(value) ? value : undefined;
}
