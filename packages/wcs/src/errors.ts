import { CodedError } from "@sbnsis/fits";

/** WCS_INVALID: the header contradicts the standard; WCS_UNSUPPORTED: valid, but not implemented. */
export type WcsErrorCode = "WCS_INVALID" | "WCS_UNSUPPORTED";

/** The error class of this package. The message names the keyword and its value. */
export class WcsError<C extends WcsErrorCode = WcsErrorCode> extends CodedError<C> {
  override readonly name: string = "WcsError";
}
