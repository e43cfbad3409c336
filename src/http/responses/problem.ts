import { randomUUID } from "node:crypto";
import { ERROR_CATALOGUE, type ErrorEntry } from "../../errors/catalogue.ts";
import { isSisError, type KnownError, publicDetailOf, SisError } from "../../errors/sis-error.ts";

/**
 * A problem document (RFC 9457, 3) with members of our own: `code`, `job_id`, the facts of a 4xx
 * error, and the `reason` of a CORRUPT_SOURCE.
 */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly job_id: string;
  readonly [fact: string]: unknown;
}

/**
 * The problem document of an error. For a 5xx the client sees only the sentence of the catalogue.
 */
export function problemOf(error: KnownError, jobId: string): Problem {
  const { title, status, publicCode }: ErrorEntry = ERROR_CATALOGUE[error.code];
  const facts = status < 500 ? error.details : publicCode === undefined ? {} : { reason: error.code };
  return {
    ...facts,
    type: "about:blank",
    title,
    status,
    detail: publicDetailOf(error),
    code: publicCode ?? error.code,
    job_id: jobId,
  };
}

/** Whether a client asks for text rather than JSON: Accept names a text type and no JSON. */
export function prefersText(accept: string | undefined): boolean {
  return accept !== undefined && /\btext\//i.test(accept) && !/json/i.test(accept);
}

/**
 * Converts any error to a SisError: what Fastify and Node's HTTP parser refuse has a code too, and
 * anything unexpected is INTERNAL.
 */
export function toSisError(error: unknown): KnownError {
  if (isSisError(error)) return error;
  const { statusCode } = error as { readonly statusCode?: unknown };
  if (statusCode === 413) {
    return new SisError("LIST_TOO_LARGE", "The body of the request is larger than this service allows.", {
      cause: error,
    });
  }
  if (statusCode === 414) return new SisError("URI_TOO_LONG", "The URL is too long.", { cause: error });
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return new SisError("MALFORMED_REQUEST", "The request is malformed.", { cause: error });
  }
  return new SisError("INTERNAL", "an unexpected error", { cause: error });
}

/** Header with the job id of every response. */
export const JOB_ID_HEADER = "x-job-id";

/**
 * A new job id: 32 hexadecimal digits. It links a response, its problem document and its log lines.
 */
export function newJobId(): string {
  return randomUUID().replaceAll("-", "");
}
