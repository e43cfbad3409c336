import { CodedError } from "@sbnsis/fits";

/** LABEL_INVALID: not a valid label; LABEL_SKIPPED: a valid label, but not of an image. */
export type LabelErrorCode = "LABEL_INVALID" | "LABEL_SKIPPED";

/** The error class of this package. The message names the faulty element. */
export class LabelError<C extends LabelErrorCode = LabelErrorCode> extends CodedError<C> {
  override readonly name: string = "LabelError";
}
