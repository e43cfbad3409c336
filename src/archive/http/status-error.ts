import { SisError } from "../../errors/sis-error.ts";
import { beginningOf } from "../source/beginning-of.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { headerField } from "./http-answer.ts";
import { passingError } from "./retry.ts";

/** Statuses after which a retry may succeed (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509]);
/** Number of bytes of an error document that are inspected. */
const ERROR_DOCUMENT = 4096;

/**
 * Returns the error for a status other than 2xx, and closes the body: SOURCE_MISSING for 404 and
 * 410, unless an S3 store reports that the bucket is missing; SOURCE_CHANGED for 412; otherwise
 * SOURCE_UPSTREAM.
 */
export async function statusError({ status, fields, body, url }: HttpAnswer): Promise<SisError> {
  const document = Buffer.from(await beginningOf(body, ERROR_DOCUMENT)).toString("latin1");
  const reason = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(document)?.[1];
  const said = `${url.host} returned ${status}${reason === undefined ? "" : ` ${reason}`}`;
  if ((status === 404 || status === 410) && reason !== "NoSuchBucket") {
    return new SisError("SOURCE_MISSING", said);
  }
  if (status === 412) return new SisError("SOURCE_CHANGED", said);
  const error = new SisError("SOURCE_UPSTREAM", said, { details: { upstreamStatus: status } });
  return PASSING.has(status) ? passingError(error, retryAfterMs(headerField(fields, "retry-after"))) : error;
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds from now; 0 if missing or invalid. */
function retryAfterMs(written: string | undefined): number {
  if (written === undefined) return 0;
  const milliseconds = /^\d{1,9}$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}
