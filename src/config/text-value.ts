import { Type } from "typebox";
import { SisError } from "../errors/sis-error.ts";

/**
 * The part of JSON Schema that a single text value can have: a query parameter or a variable of
 * `.env`.
 */
export interface TextSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Describes what is allowed where the schema alone would not be clear. */
  readonly "x-allowed"?: string;
}

export type TextValue = string | number | boolean;

/** Parses a value; undefined when the schema does not allow it. */
export type TextReader = (text: string) => TextValue | undefined;

/**
 * Decimal numbers as people and programs write them; no hexadecimal, NaN, Infinity or surrounding
 * blanks.
 */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** No sensible number has more characters. */
const LONGEST_NUMBER = 400;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/** Compiles the parser of one value. Booleans are `true` and `false`, in upper or lower case. */
export function textReader(schema: TextSchema): TextReader {
  switch (schema.type) {
    case "boolean":
      return (text) => BOOLEANS.get(text.toLowerCase());
    case "integer":
      return numberReader(schema, Number.isSafeInteger);
    case "number":
      return numberReader(schema, Number.isFinite);
    default:
      return stringReader(schema);
  }
}

function numberReader(schema: TextSchema, valid: (value: number) => boolean): TextReader {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  return (text) => {
    if (text.length > LONGEST_NUMBER || !DECIMAL.test(text)) return undefined;
    const value = Number(text);
    return valid(value) && value >= minimum && value <= maximum ? value : undefined;
  };
}

function stringReader(schema: TextSchema): TextReader {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const allowed = schema.enum === undefined ? undefined : new Set(schema.enum);
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  return (text) => {
    if (text.includes("\0") || text.length < minLength || text.length > maxLength) return undefined;
    if (allowed !== undefined && !allowed.has(text)) return undefined;
    return pattern === undefined || pattern.test(text) ? text : undefined;
  };
}

/** What a schema allows, in words: "a number from 0 to 360". */
export function allowedText(schema: TextSchema): string {
  const own = schema["x-allowed"];
  if (own !== undefined) return own;
  if (schema.enum !== undefined) return schema.enum.filter((value) => value !== "").join(", ");
  if (schema.type === "boolean") return "true, false";
  if (schema.type === "integer" || schema.type === "number") {
    return `${schema.type === "integer" ? "an integer" : "a number"}${rangeText(schema)}`;
  }
  const length = schema.maxLength === undefined ? "" : ` of at most ${schema.maxLength} characters`;
  return schema.pattern === undefined ? `text${length}` : `text${length} that matches ${schema.pattern}`;
}

function rangeText({ minimum, maximum }: TextSchema): string {
  if (minimum === undefined) return maximum === undefined ? "" : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/**
 * A value as an error message may show it: at most 60 characters, and nothing that could break a
 * line.
 */
export function shownValue(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return JSON.stringify(cut);
}

/**
 * Removes trailing slashes. In one pass from the end: a pattern would also try each earlier run of
 * slashes.
 */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end--;
  return text.slice(0, end);
}

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

/** A variable that is text. */
export const text = (description: string, fallback: string, options: object = {}) =>
  Type.String({ description, default: fallback, ...options });

/** A variable that is a whole number. */
export const integer = (description: string, fallback: number, minimum: number, maximum: number) =>
  Type.Integer({ description, default: fallback, minimum, maximum });
