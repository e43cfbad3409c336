import { CodedError } from "@sbnsis/fits";

/** PICTURE_FAILED: no picture can be made from this frame. */
export type ImagingErrorCode = "PICTURE_FAILED";

/** The error class of this package. */
export class ImagingError<C extends ImagingErrorCode = ImagingErrorCode> extends CodedError<C> {
  override readonly name: string = "ImagingError";
}
