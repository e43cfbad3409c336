import { type Card, CodedError } from "@sbnsis/fits";
import { unreadableMessage } from "@sbnsis/fits/internal";

/**
 * WCS_INVALID: the header contradicts the standard; WCS_UNSUPPORTED: valid, but not implemented.
 */
export type WcsErrorCode = "WCS_INVALID" | "WCS_UNSUPPORTED";

/** The error class of this package. The message names the keyword and its value. */
export class WcsError<C extends WcsErrorCode = WcsErrorCode> extends CodedError<C> {
  override readonly name: string = "WcsError";
}

/** WCS_INVALID for a card with an unusable value. */
export function unreadableCard(card: Card, reason?: string): WcsError<"WCS_INVALID"> {
  return new WcsError("WCS_INVALID", unreadableMessage(card, reason), { details: { keyword: card.keyword } });
}
