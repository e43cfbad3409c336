import { isSisError, type KnownError, publicDetailOf, statusOf } from "../errors/sis-error.ts";

/** How an error is reported by SODA, UWS and other services that respond with text. */
export interface SodaError {
  readonly status: number;
  /** A code of SODA 1.0 (5.2), a colon, and a sentence. */
  readonly text: string;
}

/** Statuses of requests that may succeed later. */
const TRANSIENT: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The response of SODA to an error. */
export function sodaError(error: KnownError): SodaError {
  const status = error.code === "TOO_MANY_JOBS" ? 403 : statusOf(error);
  return { status, text: `${sodaCode(error, status)}: ${publicDetailOf(error)}` };
}

/** Whether the same request may succeed later. */
export function isTransient(status: number): boolean {
  return TRANSIENT.has(status);
}

function sodaCode(error: KnownError, status: number): string {
  if (isSisError(error, "VO_MULTIPLE")) return "MultiValuedParamNotSupported";
  if (isTransient(status)) return "ServiceUnavailable";
  // the image is known, but its file cannot be served
  if (status >= 500 || isSisError(error, "SOURCE_MISSING", "SOURCE_NOT_ALLOWED")) return "Error";
  return "UsageError";
}
