/** Longest text that is read as a number: far more digits than a double or a 64-bit integer has. */
const LONGEST = 100;

// No two parts can take the same digits, so a failed match costs time proportional to the text.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[EeDd][+-]?\d+)?$/;

/** Whether a text without blanks is a decimal number as FITS writes it (FITS 4.0, 4.2.3 and 4.2.4). */
export function isDecimal(text: string): boolean {
  return text.length <= LONGEST && DECIMAL.test(text);
}

/** The value of a decimal number, with E or D as the letter of its exponent; undefined for any other text and beyond a double. */
export function decimalValue(text: string): number | undefined {
  if (!isDecimal(text)) return undefined;
  const value = Number(text.replace(/[Dd]/, "e"));
  return Number.isFinite(value) ? value : undefined;
}
