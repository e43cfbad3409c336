import { SisError } from "../errors/sis-error.ts";
import type { HttpTarget } from "./http/http-client.ts";
import { type S3Options, s3Target } from "./remote/s3-target.ts";

/** The scheme of a location in lower case; undefined for a path. */
export function schemeOf(location: string): string | undefined {
  return /^(?:([a-z][a-z0-9+.-]*):\/\/|(file):)/i.exec(location)?.slice(1).find(Boolean)?.toLowerCase();
}

/** Whether a location is on an archive rather than on a local disk. */
export function isRemote(location: string): boolean {
  return ["http", "https", "s3"].includes(schemeOf(location) ?? "");
}

/**
 * The target of a remote location: `http:`, `https:` or `s3:`.
 * Errors: SOURCE_SCHEME for other schemes, an invalid URL, and s3 when no store is configured.
 */
export function remoteTarget(location: string, s3: S3Options | undefined): HttpTarget {
  const scheme = schemeOf(location);
  if (scheme === "s3" && s3 !== undefined) return s3Target(location, s3);
  if ((scheme !== "http" && scheme !== "https") || !URL.canParse(location)) {
    throw new SisError("SOURCE_SCHEME", `a source with the scheme ${scheme ?? "none"} cannot be read`);
  }
  const url = new URL(location);
  url.hash = "";
  return { url };
}
