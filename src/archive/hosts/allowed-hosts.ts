import { SisError } from "../../errors/sis-error.ts";

/**
 * Refuses a URL with a scheme other than http and https, with credentials, or, unless `allowed` is
 * empty, with a host that is not in it. An entry is `host` (any port), `host:port`, or either with
 * a leading `*.` for every host below a domain; in lower case.
 * Errors: SOURCE_SCHEME, SOURCE_NOT_ALLOWED.
 */
export function checkHost(url: URL, allowed: readonly string[]): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new SisError("SOURCE_SCHEME", `an archive redirects to the scheme ${url.protocol.slice(0, -1)}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new SisError("SOURCE_NOT_ALLOWED", `the URL for ${url.host} contains credentials`);
  }
  if (allowed.length > 0 && !isListed(url, allowed)) {
    throw new SisError("SOURCE_NOT_ALLOWED", `${url.host} is not in SBNSIS_ALLOWED_HOSTS`);
  }
}

/** Whether a URL's host is in a list with entries as those of `checkHost`. */
export function isListed(url: URL, list: readonly string[]): boolean {
  return list.some((entry) => matches(entry, url));
}

function matches(entry: string, url: URL): boolean {
  const [, pattern = "", port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const standardPort = url.protocol === "https:" ? "443" : "80";
  if (port !== undefined && port !== (url.port || standardPort)) return false;
  const host = url.hostname.replace(/\.$/, "");
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}
