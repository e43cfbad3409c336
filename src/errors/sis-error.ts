import { CodedError } from "@sbnsis/fits";
import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from "./catalogue.ts";

export type { ErrorDetails } from "@sbnsis/fits";

/** An error of the service or of an engine: its code is in the catalogue. */
export type KnownError<C extends ErrorCode = ErrorCode> = CodedError<C>;

/**
 * The error class of the service. The engines have classes of their own, whose codes are in the
 * catalogue too. `details` are logged, and sent to clients with a 4xx status only.
 */
export class SisError<C extends ErrorCode = ErrorCode> extends CodedError<C> {
  override readonly name: string = "SisError";

  /** HTTP status of the code. */
  get status(): number {
    return statusOf(this);
  }
}

/** Whether `error` has a code of the catalogue and, when any codes are given, one of `codes`. */
export function isSisError<C extends ErrorCode>(
  error: unknown,
  ...codes: readonly C[]
): error is KnownError<C> {
  if (!(error instanceof CodedError) || !(error.code in ERROR_CATALOGUE)) return false;
  return codes.length === 0 || codes.includes(error.code as C);
}

/** HTTP status of an error. */
export function statusOf(error: KnownError): number {
  return ERROR_CATALOGUE[error.code].status;
}

/** The sentence that a client may read: the message itself where it is public, else the catalogue's. */
export function publicDetailOf(error: KnownError): string {
  const entry: ErrorEntry = ERROR_CATALOGUE[error.code];
  return entry.publicDetail ?? error.message;
}
