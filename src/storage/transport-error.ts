import { isSisError, SisError } from "../errors/sis-error.ts";
import { passingError } from "./retry.ts";

const TIMEOUTS = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);
/** What another try will not mend: no such host, and headers beyond all measure. */
const LASTING = new Set(["ENOTFOUND", "UND_ERR_HEADERS_OVERFLOW", "UND_ERR_INVALID_ARG"]);

/**
 * What a failed connection to `host` means: SOURCE_TIMEOUT, SOURCE_UPSTREAM where it broke the rules of HTTP, else SOURCE_UNREACHABLE;
 * the signal's reason when that aborted. No message holds more of a URL than the host.
 */
export function transportError(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isSisError(error)) return error;
  const { code = (error as Error).name } = error as { readonly code?: string };
  const failure = new SisError(codeOf(code), `${host}: the connection failed (${code})`, { cause: error });
  return LASTING.has(code) || /CERT|SSL|TLS|SIGNATURE/.test(code) ? failure : passingError(failure);
}

function codeOf(code: string): "SOURCE_TIMEOUT" | "SOURCE_UPSTREAM" | "SOURCE_UNREACHABLE" {
  if (TIMEOUTS.has(code)) return "SOURCE_TIMEOUT";
  return /^HPE_|^HTTPParserError$|HEADERS_OVERFLOW|LENGTH_MISMATCH/.test(code)
    ? "SOURCE_UPSTREAM"
    : "SOURCE_UNREACHABLE";
}
