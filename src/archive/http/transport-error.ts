import { exhausted } from "../../concurrency/exhaustion.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { passingError } from "./retry.ts";

const TIMEOUTS = new Set(["CONNECT_TIMEOUT", "HEADERS_TIMEOUT", "BODY_TIMEOUT", "ETIMEDOUT"]);
/** What another try does not change: no such host, headers beyond all measure, no address that may be asked. */
const LASTING = new Set(["ENOTFOUND", "HPE_HEADER_OVERFLOW", "ERR_INVALID_URL"]);
/** This process has used up its descriptors or the system its ports: no fault of the archive. */
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM"]);

/**
 * What a failed connection to `host` means: SOURCE_TIMEOUT, SOURCE_UPSTREAM where it broke the rules of HTTP, else SOURCE_UNREACHABLE;
 * the signal's reason when that aborted. No message holds more of a URL than the host.
 */
export function transportError(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isSisError(error)) return error;
  const { code = (error as Error).name } = error as { readonly code?: string };
  if (EXHAUSTED.has(code)) return exhausted(code, error);
  const failure = new SisError(codeOf(code), `${host}: the connection failed (${code})`, { cause: error });
  return LASTING.has(code) || /CERT|SSL|TLS|SIGNATURE/.test(code) ? failure : passingError(failure);
}

function codeOf(code: string): "SOURCE_TIMEOUT" | "SOURCE_UPSTREAM" | "SOURCE_UNREACHABLE" {
  if (TIMEOUTS.has(code)) return "SOURCE_TIMEOUT";
  return /^HPE_/.test(code) ? "SOURCE_UPSTREAM" : "SOURCE_UNREACHABLE";
}
