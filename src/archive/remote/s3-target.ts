import { AwsV4Signer } from "aws4fetch";
import { SisError } from "../../errors/sis-error.ts";
import type { HttpTarget, RequestSigner } from "../http/http-client.ts";

/** Keys of an S3 store. */
interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary keys. */
  readonly sessionToken?: string;
}

/** Where the buckets are. Plain data. */
export interface S3Options {
  /** Base URL without a slash at its end; without it Amazon's for the region. */
  readonly endpoint?: string;
  readonly region: string;
  /** Without them requests are not signed, as public buckets want it. */
  readonly credentials?: S3Credentials;
}

/**
 * The target of `s3://bucket/key`, path-style: `endpoint/bucket/key`, signed with AWS Signature Version 4. The key stands in the location as it is, not percent-encoded.
 * Errors: SOURCE_SCHEME for a location that names no bucket and key, or a key that no URL can name.
 */
export function s3Target(location: string, { endpoint, region, credentials }: S3Options): HttpTarget {
  const [, bucket, key] = /^s3:\/\/([A-Za-z0-9._-]+)\/(.+)$/is.exec(location) ?? [];
  if (bucket === undefined || key === undefined || [bucket, ...key.split("/")].some(isUnnameable)) {
    throw new SisError("SOURCE_SCHEME", "a location with s3 does not name a bucket and a key");
  }
  const base = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = new URL(`${base}/${bucket}/${key.split("/").map(encodeSegment).join("/")}`);
  return credentials === undefined ? { url } : { url, sign: signer(region, credentials) };
}

/** URLs take `.` and `..` for steps in the hierarchy, however they are written; half a surrogate pair has no UTF-8. */
function isUnnameable(segment: string): boolean {
  return segment === "." || segment === ".." || /\p{Surrogate}/u.test(segment);
}

/** Percent-encoding as signatures need it: all but the unreserved characters (RFC 3986, 2.3). */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signer(region: string, credentials: S3Credentials): RequestSigner {
  // keys derived from the secret for a day
  const cache = new Map<string, ArrayBuffer>();
  return async (url, fields) => {
    if (cache.size > 8) cache.clear();
    const signed = await new AwsV4Signer({
      url: url.href,
      ...credentials,
      service: "s3",
      region,
      cache,
    }).sign();
    return { ...fields, ...Object.fromEntries(signed.headers) };
  };
}
