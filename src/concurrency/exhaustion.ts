import { SisError } from "../errors/sis-error.ts";

let failures = 0;

/**
 * How often this process or thread could not open a file or connection because too many were open.
 */
export function exhaustionCount(): number {
  return failures;
}

/**
 * Counts a failure caused by a lack of descriptors. Returns OVERLOADED, because a later request may
 * succeed.
 */
export function exhausted(code: string, cause: unknown): SisError<"OVERLOADED"> {
  failures += 1;
  return new SisError("OVERLOADED", `too many open files or connections (${code})`, { cause });
}

/** Whether the system refused another descriptor. */
export function isExhaustion(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EMFILE" || code === "ENFILE";
}

let lastResidentBytes = 0;

/**
 * Resident memory of this process in bytes. Reading it takes a descriptor; without one, the last
 * known value.
 */
export function residentBytes(): number {
  try {
    lastResidentBytes = process.memoryUsage.rss();
  } catch {
    failures += 1;
  }
  return lastResidentBytes;
}
