/**
 * Facts of an error as plain data: keyword, value, limit, byte offset, HDU, tile. An application
 * may log them or show them beside the message.
 */
export type ErrorDetails = Readonly<
  Record<string, string | number | boolean | null | readonly (string | number)[]>
>;

/** Options of an error besides its code and message. */
export interface ErrorOptions {
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/**
 * An error with a stable code. Each package derives its own class with its own codes; an
 * application that uses several packages checks the code with `hasCode`, whatever the class.
 */
export abstract class CodedError<C extends string = string> extends Error {
  readonly code: C;
  readonly details: ErrorDetails;

  constructor(code: C, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether `error` has a code and, if `codes` are given, whether it is one of them. */
export function hasCode<C extends string>(error: unknown, ...codes: readonly C[]): error is CodedError<C> {
  return error instanceof CodedError && (codes.length === 0 || codes.includes(error.code as C));
}

/**
 * What can be wrong with a FITS file, a request for a part of it, or its source.
 * FITS_SECTION and FITS_NO_SUCH_HDU are mistakes of the caller; FITS_UNSUPPORTED is a valid feature
 * that is not implemented; FITS_WRITE concerns files to be written; the other FITS_* codes are
 * damage. SOURCE_* come from `fetchSource`.
 */
export type FitsErrorCode =
  | "FITS_CORRUPT"
  | "FITS_NO_SUCH_HDU"
  | "FITS_SECTION"
  | "FITS_TILE_CORRUPT"
  | "FITS_TOO_LARGE"
  | "FITS_TRUNCATED"
  | "FITS_UNSUPPORTED"
  | "FITS_WRITE"
  | "SOURCE_CHANGED"
  | "SOURCE_MISSING"
  | "SOURCE_NO_RANGES"
  | "SOURCE_UNREACHABLE"
  | "SOURCE_UPSTREAM";

/** The error class of this package. The message says what is wrong and where. */
export class FitsError<C extends FitsErrorCode = FitsErrorCode> extends CodedError<C> {
  override readonly name: string = "FitsError";
}

/** Whether `error` is an error of this package. */
export function isFitsError(error: unknown): error is FitsError {
  return error instanceof FitsError;
}
