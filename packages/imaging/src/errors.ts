import { CodedError } from "@sbnsis/fits";

/**
 * PICTURE_FAILED: no picture can be made from this frame. STACK_NOISE: a frame of a weighted stack
 * has no measurable noise.
 */
export type ImagingErrorCode = "PICTURE_FAILED" | "STACK_NOISE";

/** The error class of this package. */
export class ImagingError<C extends ImagingErrorCode = ImagingErrorCode> extends CodedError<C> {
  override readonly name: string = "ImagingError";
}
