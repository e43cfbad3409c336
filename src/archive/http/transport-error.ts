import { exhausted } from "../../concurrency/exhaustion.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { transientError } from "./retry.ts";

const TIMEOUTS = new Set(["CONNECT_TIMEOUT", "HEADERS_TIMEOUT", "BODY_TIMEOUT", "ETIMEDOUT"]);
/**
 * Codes that a retry does not change: no such host, an excessive header, an address that is not
 * allowed.
 */
const PERMANENT = new Set(["ENOTFOUND", "HPE_HEADER_OVERFLOW", "ERR_INVALID_URL"]);
/** This process has run out of descriptors, or the system out of ports: not the archive's fault. */
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM"]);

/**
 * The error for a failed connection to `host`: SOURCE_TIMEOUT, SOURCE_UPSTREAM when it violated
 * HTTP, otherwise SOURCE_UNREACHABLE; the signal's reason if it was aborted. Messages contain only
 * the host of a URL.
 */
export function transportError(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isSisError(error)) return error;
  const { code = (error as Error).name } = error as { readonly code?: string };
  if (EXHAUSTED.has(code)) return exhausted(code, error);
  const failure = new SisError(codeOf(code), `${host}: the connection failed (${code})`, { cause: error });
  return PERMANENT.has(code) || /CERT|SSL|TLS|SIGNATURE/.test(code) ? failure : transientError(failure);
}

function codeOf(code: string): "SOURCE_TIMEOUT" | "SOURCE_UPSTREAM" | "SOURCE_UNREACHABLE" {
  if (TIMEOUTS.has(code)) return "SOURCE_TIMEOUT";
  return /^HPE_/.test(code) ? "SOURCE_UPSTREAM" : "SOURCE_UNREACHABLE";
}

/** An error with a code in addition to its message, like Node's own connection errors. */
export function codedError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
