import { SisError } from "../errors/sis-error.ts";
import { type HeaderFields, headerField } from "./http/http-response.ts";

/**
 * What distinguishes one state of a source from another. A local file has a size and a time; an
 * archive sends what it has.
 */
export interface SourceIdentity {
  /** Bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970; from an archive, in whole seconds. */
  readonly mtimeMs?: number;
  /** Entity tag as sent, including its quotes and `W/` (RFC 9110, 8.8.3). */
  readonly etag?: string;
  /**
   * Whether the entity tag decides rather than the time: in an S3 store, where it belongs to the
   * object and is the same on every node, and if it is a digest.
   */
  readonly tagDecides?: true;
  /**
   * Whether the archive responded less than a second after `mtimeMs`, so that the file may have
   * changed once more in that second (RFC 9110, 8.8.2.2). Not set where the entity tag decides.
   */
  readonly hasWeakTime?: true;
}

/** An entity tag that is an MD5 digest; of an S3 upload in parts, with their number. */
const DIGEST = /^"[0-9a-f]{32}(-\d+)?"$/;

/**
 * The identity stated by a response, for a file of `size` bytes. `isStoreTag` is set for
 * a tag of an S3 store.
 */
export function identityOfResponse(
  fields: HeaderFields,
  size: number,
  isStoreTag: true | undefined,
): SourceIdentity {
  const etag = headerField(fields, "etag");
  const mtimeMs = Date.parse(headerField(fields, "last-modified") ?? "");
  const tagDecides = etag !== undefined && (isStoreTag || DIGEST.test(etag)) ? true : undefined;
  // both in whole seconds; a time in the future is that of another clock
  const age = Date.parse(headerField(fields, "date") ?? "") - mtimeMs;
  return {
    size,
    ...(Number.isFinite(mtimeMs) && { mtimeMs }),
    ...(etag !== undefined && { etag }),
    ...(tagDecides ? { tagDecides } : Math.abs(age) < 1000 && { hasWeakTime: true as const }),
  };
}

/**
 * Whether two identities can be of the same state. Entity tags decide if both identities say so. If
 * not, size and time decide if both have them: nodes of one archive may derive different tags for
 * the same file, for example from its inode. Otherwise, and for files that were seen in the second
 * of their last change, entity tags decide as well, compared weakly (RFC 9110, 8.8.3.2).
 */
export function sameState(one: SourceIdentity, other: SourceIdentity): boolean {
  if (one.size !== other.size) return false;
  // an object may be replaced within the second that Last-Modified counts
  if (one.tagDecides && other.tagDecides) return !tagsDiffer(one, other);
  const haveTimes = one.mtimeMs !== undefined && other.mtimeMs !== undefined;
  if (haveTimes && one.mtimeMs !== other.mtimeMs) return false;
  if (haveTimes && !one.hasWeakTime && !other.hasWeakTime) return true;
  return !tagsDiffer(one, other);
}

/** Whether both have entity tags and these differ. */
export function tagsDiffer(one: SourceIdentity, other: SourceIdentity): boolean {
  return one.etag !== undefined && other.etag !== undefined && opaque(one.etag) !== opaque(other.etag);
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, "");
}

/**
 * The If-Range value for a state: its strong entity tag or strong time (RFC 9110, 13.1.5);
 * undefined when it has neither. `byTime` is for archives whose nodes disagree on tags.
 */
export function rangeValidator(
  { etag, mtimeMs, hasWeakTime }: SourceIdentity,
  byTime = false,
): string | undefined {
  const strongTimeMs = hasWeakTime ? undefined : mtimeMs;
  if (etag !== undefined && !(byTime && strongTimeMs !== undefined))
    return etag.startsWith("W/") ? undefined : etag;
  return strongTimeMs === undefined ? undefined : new Date(strongTimeMs).toUTCString();
}

/** The error of a source that is no longer in the state in which it was opened. */
export function sourceChanged(what: string): SisError<"SOURCE_CHANGED"> {
  return new SisError("SOURCE_CHANGED", `the source changed while it was being read: ${what}`);
}
