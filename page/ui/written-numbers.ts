const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A decimal number in an address. NaN for anything else, including the empty string, which Number()
 * reads as 0.
 */
export function decimalOf(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

/** Decimal numbers separated by commas; undefined unless there are `count` finite ones. */
export function decimalsOf(text: string, count: number): readonly number[] | undefined {
  const numbers = text.split(",").map(decimalOf);
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined;
}

/** Numbers as `3,7-9`, in ascending order. */
export function rangesText(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let k = 0; k < sorted.length; ) {
    let end = k;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    parts.push(end === k ? `${sorted[k]}` : `${sorted[k]}-${sorted[end]}`);
    k = end + 1;
  }
  return parts.join(",");
}

/** Largest number of a range, so that a short text cannot exhaust the memory. */
const MOST = 100_000;

/** Reads rangesText. Errors: a RangeError that names what cannot be read. */
export function numbersOf(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || to < from || to > MOST)
      throw new RangeError(`${part} is not a number or a range`);
    return Array.from({ length: to - from + 1 }, (_, k) => from + k);
  });
}
