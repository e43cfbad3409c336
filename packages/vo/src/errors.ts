import { CodedError } from "@sbnsis/fits";

/**
 * VO_USAGE: a parameter cannot be understood; VO_MULTIPLE: it has more values than a synchronous
 * request allows; VO_FORBIDDEN: the job does not allow it in its phase.
 */
export type VoErrorCode = "VO_USAGE" | "VO_MULTIPLE" | "VO_FORBIDDEN";

/** The error class of this package. Messages are for clients, and name the parameter. */
export class VoError<C extends VoErrorCode = VoErrorCode> extends CodedError<C> {
  override readonly name: string = "VoError";
}

/** Maximum number of characters of a value quoted in a message. */
const SHOWN = 60;

/** A name or value from a request as quoted in a message; long ones are truncated. */
export function shownText(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/** The error for an invalid value: names the parameter, the value, and what is allowed. */
export function usageError(parameter: string, value: string, allowed: string): VoError {
  return new VoError("VO_USAGE", `${parameter}=${shownText(value)} is not allowed; allowed: ${allowed}.`, {
    details: { parameter, allowed },
  });
}
