import { statSync } from "node:fs";
import type { RowLocations } from "../catalog/image-writer.ts";
import { withoutTrailingSlashes } from "../config/text-value.ts";

/** How paths become URLs: `base` and the path, without a leading `stripLeading`. */
export interface LocationRule {
  readonly baseUrl: string;
  readonly stripLeading: string;
}

/**
 * Percent-encodes a path, except slashes. Characters that a URL's path may contain stay (RFC 3986,
 * 3.3), so % # ? and spaces are encoded.
 */
function encodePath(path: string): string {
  return encodeURI(path)
    .replaceAll("?", "%3F")
    .replaceAll("#", "%23")
    .replaceAll("[", "%5B")
    .replaceAll("]", "%5D");
}

/**
 * Whether keys follow the base unencoded: those of S3 are not percent-encoded in `s3://bucket/key`.
 */
function isPlainBase(baseUrl: string): boolean {
  return /^s3:/i.test(baseUrl);
}

/**
 * Whether locations of the catalog may begin with it: `file:` on this machine, http and https with
 * a host, s3 with a bucket; no fragment.
 */
export function isBaseUrl(text: string): boolean {
  if (/[\s#\\]/.test(text)) return false;
  if (/^file:\/\/(?:localhost)?(?:\/|$)/i.test(text)) return true;
  if (/^s3:\/\/[A-Za-z0-9._-]+(?:\/|$)/i.test(text)) return true;
  // URL accepts http:host and http:///host as http://host
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}

/** The base without trailing slashes; `file://` is followed directly by an absolute path. */
function trimmedBase({ baseUrl }: LocationRule): string {
  return /^file:\/\/$/i.test(baseUrl) ? "file://" : withoutTrailingSlashes(baseUrl);
}

/** URL of an absolute path. Errors: URIError for a name that is not valid Unicode. */
export function locationUrl(path: string, rule: LocationRule): string {
  const rest = path.startsWith(rule.stripLeading) ? path.slice(rule.stripLeading.length) : path;
  // rejects unpaired surrogates in both cases
  const encoded = encodePath(rest);
  return `${trimmedBase(rule)}/${(isPlainBase(rule.baseUrl) ? rest : encoded).replace(/^\/+/, "")}`;
}

/**
 * The path of a URL, decoded and as written: the existing service wrote paths into URLs without
 * encoding them.
 */
function decodings(path: string, isPlain: boolean): readonly string[] {
  if (isPlain || !path.includes("%") || /%2f/i.test(path)) return [path];
  try {
    return [decodeURIComponent(path), path];
  } catch {
    return [path];
  }
}

/**
 * Absolute local paths that a URL of the catalog may refer to, most likely first: by the rule that
 * made it, and for `file:` the path that it names. None for a URL with another base.
 */
export function pathsOfUrl(url: string, rule: LocationRule): readonly string[] {
  const base = trimmedBase(rule);
  const strip = withoutTrailingSlashes(rule.stripLeading);
  const paths: string[] = [];
  if (url.startsWith(`${base}/`)) {
    const found = decodings(url.slice(base.length), isPlainBase(base));
    if (strip !== "") paths.push(...found.map((path) => strip + path));
    // paths that do not begin with the stripped prefix become URLs unchanged
    paths.push(...found);
  }
  const [, named] = /^file:\/\/(?:localhost)?(\/.*)$/is.exec(url) ?? [];
  if (named !== undefined) paths.push(...decodings(named, false));
  return [...new Set(paths)];
}

/** Whether nothing exists at a path; a disk that does not respond is not treated as empty. */
export function isGone(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/**
 * Whether a row's label is no longer at its recorded location, or is the harvested one under
 * another URL.
 */
function isLabelMoved(before: string | null, now: string | null, rule: LocationRule): boolean {
  if (before === now || now === null) return false;
  if (before === null) return true;
  const paths = pathsOfUrl(before, rule);
  const found = paths.find((path) => !isGone(path));
  // a URL with another base cannot be checked from here: the base of this run counts
  return found === undefined || pathsOfUrl(now, rule).includes(found);
}

/** Whether a row's data file is gone and the label has another next to it, as after compression. */
function isFileReplaced(before: string | null, now: string | null, rule: LocationRule): boolean {
  if (before === now || now === null) return false;
  const isThere = pathsOfUrl(now, rule).some((path) => !isGone(path));
  if (before === null) return isThere;
  const paths = pathsOfUrl(before, rule);
  return isThere && paths.length > 0 && paths.every(isGone);
}

/**
 * Whether the locations of a row must be replaced by those of a harvested label with the same LID:
 * they differ, and the old ones are gone, have another base, or refer to the same label.
 */
export function isMoved(before: RowLocations, now: RowLocations, rule: LocationRule): boolean {
  return (
    isLabelMoved(before.labelUrl, now.labelUrl, rule) || isFileReplaced(before.imageUrl, now.imageUrl, rule)
  );
}
