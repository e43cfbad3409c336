import type { ErrorCode } from "../errors/catalogue.ts";
import { type ErrorDetails, isSisError, SisError } from "../errors/sis-error.ts";

/**
 * Flags for threads started by piscina. It loads their program with `require` first, and
 * terminating a thread while Node 20 does that aborts the whole process (`v8::Module::IsGraphAsync
 * must be used on an instantiated module`). When `require` of ES modules is disabled, piscina uses
 * `import`, which can be interrupted.
 */
export const THREAD_FLAGS: readonly string[] = ["--no-experimental-require-module"];

/** An error as plain data: structured cloning loses its class, code and details. */
export interface ThrownByThread {
  readonly thrown: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details: ErrorDetails;
    readonly stack: string | undefined;
    readonly cause: string | undefined;
  };
}

/** Prepares an error to be sent from a thread. Anything but a known error becomes INTERNAL. */
export function describeThrown(error: unknown): ThrownByThread {
  const ours = isSisError(error)
    ? error
    : new SisError("INTERNAL", "a compute task failed", { cause: error });
  const { cause } = ours;
  return {
    thrown: {
      code: ours.code,
      message: ours.message,
      details: ours.details,
      stack: ours.stack,
      cause:
        cause === undefined
          ? undefined
          : cause instanceof Error
            ? (cause.stack ?? cause.message)
            : String(cause),
    },
  };
}

/** Restores the error, with the stack it had in its thread. */
export function reviveError({ thrown }: ThrownByThread): SisError {
  const cause = thrown.cause === undefined ? {} : { cause: new Error(thrown.cause) };
  const error = new SisError(thrown.code, thrown.message, { details: thrown.details, ...cause });
  if (thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}
