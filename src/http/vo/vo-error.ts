import { VOTABLE_TYPE, votableError } from "@sbnsis/vo";
import type { FastifyRequest } from "fastify";
import { type KnownError, publicDetailOf } from "../../errors/sis-error.ts";
import { isTransient, sodaError } from "../../soda/soda-error.ts";
import { type VoErrorFormat, voErrorFormatAt } from "./vo-paths.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** How an error of this request is written, if its parameters say so. */
    voError?: { readonly format: VoErrorFormat; readonly contentType: string };
  }
}

/** An error as a client of the Virtual Observatory reads it. */
export interface VoErrorResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Whether the same request may succeed later. */
  readonly isTransient: boolean;
}

const TEXT = "text/plain; charset=utf-8";

/**
 * The response to a request below /vo that failed: a VOTable or text (DALI 1.1, 4.2), because
 * clients show nothing else; undefined for other requests.
 */
export function voErrorResponse(
  error: KnownError,
  request: Pick<FastifyRequest, "url" | "voError">,
  prefix: string,
): VoErrorResponse | undefined {
  const usual = request.url.startsWith(prefix)
    ? voErrorFormatAt(request.url.slice(prefix.length))
    : undefined;
  if (usual === undefined) return undefined;
  const { status, text } = sodaError(error);
  const common = { status, isTransient: isTransient(status) };
  const { format, contentType } = request.voError ?? { format: usual, contentType: VOTABLE_TYPE };
  if (format === "text") return { ...common, contentType: TEXT, body: `${text}\n` };
  const message = `${faultOf(status)}: ${publicDetailOf(error)}`;
  return { ...common, contentType, body: votableError(message) };
}

/** Faults of SIA 2.0 (3.2) and DataLink 1.1 (3.4). */
function faultOf(status: number): string {
  if (isTransient(status)) return "TransientFault";
  return status >= 500 ? "FatalFault" : "UsageFault";
}
