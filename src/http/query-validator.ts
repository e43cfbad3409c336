import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import {
  allowedText,
  type TextReader,
  type TextSchema,
  type TextValue,
  textReader,
} from "../config/text-value.ts";
import { SisError } from "../errors/sis-error.ts";
import { invalidParameter } from "./invalid-parameter.ts";

interface Parameter {
  readonly name: string;
  readonly schema: TextSchema;
  readonly read: TextReader;
  readonly fallback: TextValue | undefined;
  /** How often it may be given; undefined where its value is no list. */
  readonly maxItems: number | undefined;
}

/** A list in a query is a parameter that is repeated. */
interface ListSchema {
  readonly type?: string;
  readonly items?: TextSchema;
  readonly maxItems?: number;
}

type QueryValue = TextValue | readonly TextValue[];

/** A validated query, or the error of its first wrong parameter. */
type QueryResult = { readonly value: Record<string, QueryValue> } | { readonly error: SisError };

/**
 * Compiles the schema of a query string: an object of single values, and of lists where a parameter may be repeated. Unknown parameters are dropped, defaults filled in.
 * Errors: INVALID_PARAMETER for a parameter that is repeated, empty or not allowed, naming it, its value and what is allowed.
 */
function compileQuery(schema: TSchema): (query: unknown) => QueryResult {
  const { properties = {} } = schema as {
    readonly properties?: Record<string, TextSchema & ListSchema & { default?: TextValue }>;
  };
  const parameters: readonly Parameter[] = Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property,
    read: textReader(property.items ?? property),
    fallback: property.default,
    maxItems: property.items && (property.maxItems ?? 1),
  }));
  return (query) => {
    const given = query as Readonly<Record<string, string | readonly string[] | undefined>>;
    const value: Record<string, QueryValue> = {};
    for (const { name, schema: property, read, fallback, maxItems } of parameters) {
      const text = given[name];
      if (text === undefined) {
        if (fallback !== undefined) value[name] = fallback;
        continue;
      }
      if (maxItems !== undefined) {
        const texts = typeof text === "string" ? [text] : text;
        if (texts.length > maxItems) return { error: tooMany(name, texts.length, maxItems) };
        const list = texts.map((item) => (item === "" ? undefined : read(item)));
        const wrong = list.indexOf(undefined);
        if (wrong >= 0) return { error: invalidParameter(name, texts[wrong]!, allowedText(property)) };
        value[name] = list as readonly TextValue[];
        continue;
      }
      if (typeof text !== "string") return { error: repeated(name) };
      const found = text === "" ? undefined : read(text);
      if (found === undefined) return { error: invalidParameter(name, text, allowedText(property)) };
      value[name] = found;
    }
    return { value };
  };
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

/** Lets Fastify validate query strings by `compileQuery`. Paths are checked by their routes: what is no id is not found. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart !== "querystring") return (value) => ({ value });
  return compileQuery(schema);
};
