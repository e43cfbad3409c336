import { getProxyForUrl } from "proxy-from-env";
import { SisError } from "../../errors/sis-error.ts";

/** A forward proxy. */
export interface ForwardProxy {
  readonly url: URL;
  /** Value of Proxy-Authorization; undefined when the proxy's URL has no credentials. */
  readonly authorization: string | undefined;
}

/**
 * The proxy for requests to `url` according to the environment variables HTTP_PROXY, HTTPS_PROXY,
 * ALL_PROXY and NO_PROXY, in upper or lower case; undefined for none.
 * Errors: CONFIG_INVALID for a proxy that is not an http or https URL.
 */
export function proxyFor(url: URL): ForwardProxy | undefined {
  const written = getProxyForUrl(url);
  if (written === "") return undefined;
  const proxy = URL.canParse(written) ? new URL(written) : undefined;
  if (proxy === undefined || !["http:", "https:"].includes(proxy.protocol)) {
    // the value may contain a password
    throw new SisError(
      "CONFIG_INVALID",
      `the proxy for ${url.protocol.slice(0, -1)} is not a URL with http or https`,
    );
  }
  const { username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: proxy,
    authorization:
      username === "" ? undefined : `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`,
  };
}
