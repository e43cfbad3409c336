import { withoutTrailingSlashes } from "../config/trailing-slashes.ts";
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

/** URL of an absolute path. Errors: URIError for a name that is not valid Unicode. */
export function locationUrl(path: string, rule: LocationRule): string {
  const rest = path.startsWith(rule.stripLeading) ? path.slice(rule.stripLeading.length) : path;
  const encoded = encodePath(rest);
  const base = rule.baseUrl;
  // file:// is followed by an absolute path as it is; for others exactly one slash stands between
  if (base === "file://") return `file://${encoded.startsWith("/") ? "" : "/"}${encoded}`;
  return `${withoutTrailingSlashes(base)}/${encoded.replace(/^\/+/, "")}`;
}
