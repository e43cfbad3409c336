import { SisError } from "../errors/sis-error.ts";

/** A place in a list: line and column, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A list of which nothing can be read: LIST_UNREADABLE, naming line and column. */
export function unreadable(reason: string, { line, column }: TextPlace): SisError<"LIST_UNREADABLE"> {
  return new SisError(
    "LIST_UNREADABLE",
    `The list cannot be read: line ${line}, column ${column}: ${reason}.`,
    { details: { line, column } },
  );
}

/** A list with more rows than allowed: LIST_TOO_LARGE. */
export function tooManyRows(limit: number): SisError<"LIST_TOO_LARGE"> {
  return new SisError("LIST_TOO_LARGE", `The list has more than ${limit} rows, which is the limit.`, {
    details: { limit },
  });
}

/** A list with more bytes than allowed: LIST_TOO_LARGE. */
export function tooManyBytes(limit: number): SisError<"LIST_TOO_LARGE"> {
  return new SisError("LIST_TOO_LARGE", `The list has more than ${limit} bytes, which is the limit.`, {
    details: { limit },
  });
}

/** Line and column of an offset in a text. */
export function placeOf(text: string, offset: number): TextPlace {
  let [line, start] = [1, 0];
  for (let at = 0; at < offset; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) {
      line += 1;
      start = at + 1;
    }
  }
  return { line, column: offset - start + 1 };
}
