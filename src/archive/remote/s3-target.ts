import { AwsV4Signer } from "aws4fetch";
import { SisError } from "../../errors/sis-error.ts";
import type { HttpTarget, RequestSigner } from "../http/http-client.ts";

/** Access keys of an S3 store. */
interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary keys. */
  readonly sessionToken?: string;
}

/** Where the buckets are. Plain data. */
export interface S3Options {
  /** Base URL without a trailing slash; defaults to Amazon's for the region. */
  readonly endpoint?: string;
  readonly region: string;
  /** Without them, requests are not signed, as public buckets require. */
  readonly credentials?: S3Credentials;
}

/**
 * The target of `s3://bucket/key`, path-style: `endpoint/bucket/key`, signed with AWS Signature
 * Version 4. The key in the location is literal, not percent-encoded.
 * Errors: SOURCE_SCHEME for a location without a bucket and key, or with a key that no URL can
 * express.
 */
export function s3Target(location: string, { endpoint, region, credentials }: S3Options): HttpTarget {
  const [, bucket, key] = /^s3:\/\/([A-Za-z0-9._-]+)\/(.+)$/is.exec(location) ?? [];
  if (bucket === undefined || key === undefined || [bucket, ...key.split("/")].some(isUnnameable)) {
    throw new SisError("SOURCE_SCHEME", "an s3 location does not name a bucket and a key");
  }
  const base = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = new URL(`${base}/${bucket}/${key.split("/").map(encodeSegment).join("/")}`);
  return {
    url,
    tagDecides: true,
    isConfigured: true,
    ...(credentials && { sign: signer(region, credentials) }),
  };
}

/**
 * URLs interpret `.` and `..` as steps in the hierarchy, even when encoded; a lone surrogate has no
 * UTF-8.
 */
function isUnnameable(segment: string): boolean {
  return segment === "." || segment === ".." || /\p{Surrogate}/u.test(segment);
}

/**
 * Percent-encoding as required by signatures: everything but the unreserved characters (RFC 3986,
 * 2.3).
 */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signer(region: string, credentials: S3Credentials): RequestSigner {
  // keys derived from the secret, valid for a day
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
