import { exhausted, isExhaustion } from "../../concurrency/exhaustion.ts";
import { SisError } from "../../errors/sis-error.ts";

/**
 * The error for a failed file operation: SOURCE_MISSING when the file does not exist, OVERLOADED
 * when no more files can be opened, otherwise SOURCE_UNREADABLE.
 */
export function sourceError(error: unknown): SisError<"SOURCE_MISSING" | "SOURCE_UNREADABLE" | "OVERLOADED"> {
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (isExhaustion(error)) return exhausted(systemCode, error);
  if (systemCode === "ENOENT" || systemCode === "ENOTDIR") {
    return new SisError("SOURCE_MISSING", `the source does not exist (${systemCode})`, { cause: error });
  }
  return new SisError("SOURCE_UNREADABLE", `the source cannot be read (${systemCode})`, { cause: error });
}
