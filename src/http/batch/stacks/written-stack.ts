import { invalidParameter } from "../../../config/text-value.ts";
import type { BlinkRequest, StackRequest } from "../../../products/stack/stack-request.ts";
import { compileQuery } from "../../requests/query-validator.ts";
import { blinkRequest, type FoundRows, stackRequest } from "./stack-of-rows.ts";
import { type BlinkQuery, blinkQuerySchema, type StackQuery, stackQuerySchema } from "./stack-query.ts";

/** Formats of stacks and of animations, the default first. */
const FORMATS = { stack: ["fits", "png", "jpeg"], blink: ["png", "gif", "webp"] } as const;

const readers = {
  stack: { read: compileQuery(stackQuerySchema), properties: stackQuerySchema.properties },
  blink: { read: compileQuery(blinkQuerySchema), properties: blinkQuerySchema.properties },
};

/** A stack or an animation as a command names it, before there are rows. */
export interface WrittenStack {
  readonly format: string;
  /** Its request. Errors: STACK_INVALID, INVALID_PARAMETER. */
  readonly requestOf: (batch: FoundRows) => StackRequest | BlinkRequest;
}

/**
 * Reads the parameters of a stack or an animation, written as in the address of
 * GET /batch/{id}/stack.fits, with `format` beside them.
 * Errors: INVALID_PARAMETER, also for an unknown name.
 */
export function writtenStack(kind: "stack" | "blink", text: string): WrittenStack {
  const given = new URLSearchParams(text);
  const allowed: readonly string[] = FORMATS[kind];
  const format = given.get("format") ?? allowed[0]!;
  if (!allowed.includes(format)) throw invalidParameter("format", format, allowed.join(", "));
  given.delete("format");
  const { read, properties } = readers[kind];
  const unknown = [...given.keys()].find((name) => !Object.hasOwn(properties, name.toLowerCase()));
  if (unknown !== undefined) {
    throw invalidParameter(unknown, given.get(unknown) ?? "", `only the parameters of ${kind}.${format}`);
  }
  const result = read(Object.fromEntries([...given.keys()].map((name) => [name, given.getAll(name)])));
  if ("error" in result) throw result.error;
  const { value } = result;
  return {
    format,
    requestOf: (batch) =>
      kind === "stack"
        ? stackRequest(batch, format as StackRequest["format"], value as unknown as StackQuery)
        : blinkRequest(batch, format as BlinkRequest["format"], value as unknown as BlinkQuery),
  };
}
