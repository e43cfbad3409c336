import { usageError, VoError } from "../errors.ts";

/** The largest number of values of one parameter. */
export const MAXIMUM_VALUES = 1000;

/**
 * Parameters of a request (DALI 1.1, 3): names are case-insensitive, runs of blanks in values count
 * as one, and an empty value counts as absent.
 */
export class GivenParameters {
  /** Name and value as given, without empty values, in order. */
  readonly entries: readonly (readonly [name: string, value: string])[];
  readonly #values = new Map<string, string[]>();

  constructor(given: Iterable<readonly [name: string, value: string]>) {
    const entries: (readonly [string, string])[] = [];
    for (const [name, written] of given) {
      const value = withSingleBlanks(written);
      if (value === "") continue;
      entries.push([name, value]);
      const upper = name.toUpperCase();
      const values = this.#values.get(upper);
      if (values === undefined) this.#values.set(upper, [value]);
      else values.push(value);
    }
    this.entries = entries;
  }

  /** All values of a parameter. Errors: VO_USAGE for more than `limit`. */
  all(name: string, limit = MAXIMUM_VALUES): readonly string[] {
    const values = this.#values.get(name) ?? [];
    if (values.length > limit)
      throw new VoError("VO_USAGE", `${name} has ${values.length} values; at most ${limit} are allowed.`, {
        details: { parameter: name, allowed: `at most ${limit} values` },
      });
    return values;
  }

  /** The value of a parameter that may be given once. Errors: VO_USAGE. */
  one(name: string): string | undefined {
    const values = this.#values.get(name) ?? [];
    if (values.length > 1) throw usageError(name, values.join(", "), "one value");
    return values[0];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }
}

/** Not a regular expression, which would take quadratic time for many blanks in the middle. */
function withSingleBlanks(text: string): string {
  return text.includes("\t") || text.includes("\n") || text.includes("\r") || text.includes(" ")
    ? text
        .split(/[ \t\n\r]/)
        .filter((part) => part !== "")
        .join(" ")
    : text;
}
