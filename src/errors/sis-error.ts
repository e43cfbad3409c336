import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from "./catalogue.ts";

/** Facts of an error as plain data: parameter, value, limit, byte offset, HDU, tile. Logged, and sent to clients for 4xx only. */
export type ErrorDetails = Readonly<
  Record<string, string | number | boolean | null | readonly (string | number)[]>
>;

/** The one error class of this project. `code` is stable; the message says what and where, for an operator. */
export class SisError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "SisError";
  readonly code: C;
  readonly details: ErrorDetails;

  constructor(
    code: C,
    message: string,
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }

  /** The sentence a client may read: the message itself where it is public, else the catalogue's. */
  get publicDetail(): string {
    const entry: ErrorEntry = ERROR_CATALOGUE[this.code];
    return entry.publicDetail ?? this.message;
  }
}

/** Whether `error` is ours, and of one of `codes` when any are given. */
export function isSisError<C extends ErrorCode>(
  error: unknown,
  ...codes: readonly C[]
): error is SisError<C> {
  return error instanceof SisError && (codes.length === 0 || codes.includes(error.code as C));
}
