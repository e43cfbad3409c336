import { CodedError } from "@sbnsis/fits";
import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from "./catalogue.ts";

export type { ErrorDetails } from "@sbnsis/fits";

/** An error of the service or of an engine, with a code from the catalogue. */
export type KnownError<C extends ErrorCode = ErrorCode> = CodedError<C>;

/**
 * The error class of the service. The engines have their own classes, whose codes are in the
 * catalogue too. `details` are logged, and are sent to clients only with a 4xx status.
 */
export class SisError<C extends ErrorCode = ErrorCode> extends CodedError<C> {
  override readonly name: string = "SisError";

  /**
   * Milliseconds after which the same attempt may succeed; undefined for a permanent error. Set
   * where the cause is known, read where attempts are retried.
   */
  transientAfterMs: number | undefined;

  /** HTTP status of the code. */
  get status(): number {
    return statusOf(this);
  }
}

/** Whether `error` has a code from the catalogue and, if any codes are given, one of `codes`. */
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

/**
 * The sentence that a client may read: the message itself if it is public, otherwise the
 * catalogue's.
 */
export function publicDetailOf(error: KnownError): string {
  const entry: ErrorEntry = ERROR_CATALOGUE[error.code];
  return entry.publicDetail ?? error.message;
}
