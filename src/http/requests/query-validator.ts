import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import {
  allowedText,
  invalidParameter,
  type TextReader,
  type TextSchema,
  type TextValue,
  textReader,
} from "../../config/text-value.ts";
import { SisError } from "../../errors/sis-error.ts";

interface Parameter {
  readonly name: string;
  readonly schema: TextSchema;
  /** Removes white space that is not part of the value. */
  readonly trim: (text: string) => string;
  readonly read: TextReader;
  readonly fallback: TextValue | undefined;
  /** How often the parameter may be given; undefined if its value is not a list. */
  readonly maxItems: number | undefined;
}

/** A list in a query is a repeated parameter. */
interface ListSchema {
  readonly type?: string;
  readonly items?: TextSchema;
  readonly maxItems?: number;
}

type QueryValue = TextValue | readonly TextValue[];

/** A validated query, or the error of its first invalid parameter. */
type QueryResult = { readonly value: Record<string, QueryValue> } | { readonly error: SisError };

/** A query as given: the texts of each parameter. */
export type GivenQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Compiles the schema of a query string: an object of single values, and of lists where a parameter
 * may be repeated. Names are case-insensitive. Empty values, which HTML forms send for fields left
 * blank, count as absent. Unknown parameters are dropped, defaults filled in.
 * Errors: INVALID_PARAMETER for a parameter that is repeated or not allowed, naming it, its value
 * and what is allowed.
 */
export function compileQuery(schema: TSchema): (query: unknown) => QueryResult {
  const { properties = {} } = schema as {
    readonly properties?: Record<string, TextSchema & ListSchema & { default?: TextValue }>;
  };
  const parameters: readonly Parameter[] = Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property,
    trim: trimmer(property.items ?? property),
    read: textReader(property.items ?? property),
    fallback: property.default,
    maxItems: property.items && (property.maxItems ?? 1),
  }));
  return (query) => {
    const given = lowerCased(query as GivenQuery);
    const value: Record<string, QueryValue> = {};
    for (const { name, schema: property, trim, read, fallback, maxItems } of parameters) {
      const texts = givenTexts(given[name], trim);
      const [text] = texts;
      if (text === undefined) {
        if (fallback !== undefined) value[name] = fallback;
        continue;
      }
      if (texts.length > (maxItems ?? 1)) {
        return { error: maxItems === undefined ? repeated(name) : tooMany(name, texts.length, maxItems) };
      }
      const list = texts.map(read);
      const wrong = list.indexOf(undefined);
      if (wrong >= 0) return { error: invalidParameter(name, texts[wrong]!, allowedText(property)) };
      value[name] = maxItems === undefined ? list[0]! : (list as readonly TextValue[]);
    }
    return { value };
  };
}

/** The query with its names in lower case; `POS=1&pos=2` gives pos twice. */
function lowerCased(query: GivenQuery): GivenQuery {
  const names = Object.keys(query);
  if (!names.some((name) => name !== name.toLowerCase())) return query;
  const merged = Object.create(null) as Record<string, string | readonly string[]>;
  for (const name of names) {
    const lower = name.toLowerCase();
    const values = query[name] ?? [];
    const known = merged[lower];
    merged[lower] = known === undefined ? values : [known, values].flat();
  }
  return merged;
}

/** The values of a parameter that are not empty. */
function givenTexts(
  given: string | readonly string[] | undefined,
  trim: (text: string) => string,
): readonly string[] {
  if (given === undefined) return [];
  const texts = typeof given === "string" ? [given] : given;
  return texts.map(trim).filter((text) => text !== "");
}

/**
 * A plus sign in a query means a space, so `dec=+17.97` arrives with a space before the number.
 * Text without a pattern is compared unchanged with the text of labels.
 */
function trimmer({ type, pattern, enum: names }: TextSchema): (text: string) => string {
  if (type === "number" || type === "integer") return (text) => text.trim();
  if (type === "string" && pattern === undefined && names === undefined) return (text) => text;
  return withoutBlanks;
}

/** Not a regular expression: spaces in the middle would make it take quadratic time. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(sign: string | undefined): boolean {
  return sign === " " || sign === "\t";
}

function repeated(parameter: string): SisError {
  return new SisError(
    "INVALID_PARAMETER",
    `Parameter ${parameter} is given more than once; allowed: one value.`,
    {
      details: { parameter, allowed: "one value" },
    },
  );
}

function tooMany(parameter: string, count: number, limit: number): SisError {
  const allowed = `at most ${limit} times`;
  return new SisError(
    "INVALID_PARAMETER",
    `Parameter ${parameter} is given ${count} times; allowed: ${allowed}.`,
    { details: { parameter, allowed } },
  );
}

/**
 * Makes Fastify validate query strings with `compileQuery`. Routes check their own paths: an
 * invalid id is reported as not found.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart !== "querystring") return (value) => ({ value });
  return compileQuery(schema);
};
