import { statSync } from "node:fs";
import { withoutTrailingSlashes } from "../config/text-value.ts";

/** How paths become URLs: `base` and the path, without `stripLeading` at its beginning. */
export interface LocationRule {
  readonly baseUrl: string;
  readonly stripLeading: string;
}

/** Percent-encodes a path; slashes stay. Names keep what a URL's path may hold (RFC 3986, 3.3), so % # ? and blanks are encoded. */
function encodePath(path: string): string {
  return encodeURI(path)
    .replaceAll("?", "%3F")
    .replaceAll("#", "%23")
    .replaceAll("[", "%5B")
    .replaceAll("]", "%5D");
}

/** Whether keys follow the base as they are: those of S3 are not percent-encoded in `s3://bucket/key`. */
function isPlainBase(baseUrl: string): boolean {
  return /^s3:/i.test(baseUrl);
}

/** Whether locations of the catalogue may begin so: `file:` of this machine, http and https of a host, s3 of a bucket; no fragment. */
export function isBaseUrl(text: string): boolean {
  if (/[\s#\\]/.test(text)) return false;
  if (/^file:\/\/(?:localhost)?(?:\/|$)/i.test(text)) return true;
  if (/^s3:\/\/[A-Za-z0-9._-]+(?:\/|$)/i.test(text)) return true;
  // URL takes http:host and http:///host for http://host
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}

/** The base without slashes at its end; `file://` is followed by an absolute path as it is. */
function trimmedBase({ baseUrl }: LocationRule): string {
  return /^file:\/\/$/i.test(baseUrl) ? "file://" : withoutTrailingSlashes(baseUrl);
}

/** URL of an absolute path. Errors: URIError for a name that is not valid Unicode. */
export function locationUrl(path: string, rule: LocationRule): string {
  const rest = path.startsWith(rule.stripLeading) ? path.slice(rule.stripLeading.length) : path;
  // refuses half surrogate pairs in either case
  const encoded = encodePath(rest);
  return `${trimmedBase(rule)}/${(isPlainBase(rule.baseUrl) ? rest : encoded).replace(/^\/+/, "")}`;
}

/** A path as a URL means it, and as it is written: the existing service wrote paths into URLs without encoding them. */
function decodings(path: string, isPlain: boolean): readonly string[] {
  if (isPlain || !path.includes("%") || /%2f/i.test(path)) return [path];
  try {
    return [decodeURIComponent(path), path];
  } catch {
    return [path];
  }
}

/**
 * Absolute local paths that a URL of the catalogue may mean, the likeliest first: by the rule that made it, and for `file:` the path
 * that it names. None for a URL of another base.
 */
export function pathsOfUrl(url: string, rule: LocationRule): readonly string[] {
  const base = trimmedBase(rule);
  const strip = withoutTrailingSlashes(rule.stripLeading);
  const paths: string[] = [];
  if (url.startsWith(`${base}/`)) {
    const found = decodings(url.slice(base.length), isPlainBase(base));
    if (strip !== "") paths.push(...found.map((path) => strip + path));
    // paths that do not begin with what is stripped become URLs as they are
    paths.push(...found);
  }
  const [, named] = /^file:\/\/(?:localhost)?(\/.*)$/is.exec(url) ?? [];
  if (named !== undefined) paths.push(...decodings(named, false));
  return [...new Set(paths)];
}

/** Whether nothing is at a path; a disk that does not answer is not taken for an empty one. */
export function isGone(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
