/** What conditional and range headers are compared with. */
export interface Validators {
  /** Strong entity tag, quoted. */
  readonly etag: string;
  /** Last modification, in whole seconds, as a Date header writes it; undefined if unknown. */
  readonly lastModified: string | undefined;
}

/** Request headers that set conditions. */
export interface ConditionHeaders {
  readonly "if-match"?: string | undefined;
  readonly "if-unmodified-since"?: string | undefined;
  readonly "if-none-match"?: string | undefined;
  readonly "if-modified-since"?: string | undefined;
  readonly "if-range"?: string | undefined;
  readonly range?: string | undefined;
}

/**
 * Whether the client asks for another representation than the current one (RFC 9110, 13.1.1,
 * 13.1.4), so that the response is 412. A date that is invalid or has nothing to be compared with
 * is ignored.
 */
export function isPreconditionFailed(headers: ConditionHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers["if-match"];
  if (tags === undefined) {
    const since = headers["if-unmodified-since"];
    return since !== undefined && Date.parse(lastModified ?? "") > Date.parse(since);
  }
  if (tags.trim() === "*") return false;
  // strong comparison: a weak tag matches nothing
  for (const [, weak, tag] of tags.matchAll(/(W\/)?("[^"]*")/g)) {
    if (weak === undefined && tag === etag) return false;
  }
  return true;
}

/**
 * Whether the client has the current representation (RFC 9110, 13.1.2, 13.1.3), so that the
 * response is 304.
 */
export function isNotModified(headers: ConditionHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers["if-none-match"];
  if (tags !== undefined) return matchesTag(tags, etag);
  const since = headers["if-modified-since"];
  // an invalid date is NaN, which compares false with everything
  return since !== undefined && Date.parse(lastModified ?? "") <= Date.parse(since);
}

/** Weak comparison (RFC 9110, 8.8.3.2) with each tag of a list. */
function matchesTag(list: string, etag: string): boolean {
  if (list.trim() === "*") return true;
  for (const [, tag] of list.matchAll(/(?:W\/)?("[^"]*")/g)) {
    if (tag === etag) return true;
  }
  return false;
}

/** Bytes `first` to `last`, both inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The requested part (RFC 9110, 14.2): one range, "unsatisfiable", or undefined for the whole.
 * Several ranges, other units and malformed ranges are ignored, as the standard allows, and so is a
 * range whose If-Range does not match.
 */
export function requestedRange(
  headers: ConditionHeaders,
  size: number,
  validators: Validators,
): ByteRange | "unsatisfiable" | undefined {
  const { range } = headers;
  if (range === undefined || !rangeApplies(headers["if-range"], validators)) return undefined;
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(range);
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "") {
    if (to === "") return undefined;
    const length = Math.min(Number(to), size);
    return length === 0 ? "unsatisfiable" : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= size) return "unsatisfiable";
  return { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

/** If-Range (RFC 9110, 13.1.5): the strong tag, or exactly the date that was sent. */
function rangeApplies(condition: string | undefined, { etag, lastModified }: Validators): boolean {
  return condition === undefined || condition === etag || condition === lastModified;
}
