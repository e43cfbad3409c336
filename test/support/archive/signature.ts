import { createHash, createHmac } from "node:crypto";

/** A request as a store receives it. */
interface SignedRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The AWS Signature Version 4 that a store expects for a request without body, computed from the
 * credential and the signed headers in its Authorization field. Implemented from Amazon's
 * description, independently of any library.
 */
export function expectedSignature({ method, path, headers }: SignedRequest, secret: string): string {
  const authorization = String(headers.authorization);
  const scope = /Credential=[^/]+\/([^,]+)/.exec(authorization)?.[1] ?? "";
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
  const [target = "", query = ""] = path.split("?");
  const canonical = [
    method,
    target,
    query.split("&").sort().join("&"),
    ...names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"],
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash].join("\n");
  const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

/** The signature that a request has. */
export function sentSignature({ headers }: Pick<SignedRequest, "headers">): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(String(headers.authorization))?.[1];
}
