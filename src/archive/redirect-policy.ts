import { SisError } from "../errors/sis-error.ts";

/** Whether the catalog names files on a host, given as `host:port`. */
export type NamesHost = (host: string) => Promise<boolean>;

/** The settings that decide where redirects may lead. */
export interface RedirectRules {
  /** Hosts that all requests are limited to, if any. */
  readonly allowedHosts: readonly string[];
  /** Additional hosts that redirects may lead to. */
  readonly redirectHosts: readonly string[];
}

/** `host:port` of a URL, including the default port of its scheme. */
export function hostAndPort(url: URL): string {
  return `${url.hostname.replace(/\.$/, "")}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
}

/**
 * Decides where redirects of archives may lead: to the same host, to hosts in the settings, and to
 * those that the catalog names. An archive is not trusted with the choice, because what the service
 * fetches is sent to clients.
 */
export class RedirectPolicy {
  readonly #rules: RedirectRules;
  readonly #namesHost: NamesHost | undefined;
  readonly #named = new Set<string>();
  /** Hosts that the catalog did not name, with the time of that lookup by `performance.now()`. */
  readonly #unnamed = new Map<string, number>();

  constructor(rules: RedirectRules, namesHost?: NamesHost) {
    this.#rules = rules;
    this.#namesHost = namesHost;
  }

  /** Adds a host that the catalog names, as `host:port`. */
  trust(host: string): void {
    this.#named.add(host);
  }

  /** Whether the settings name the host of a URL. */
  isConfigured(url: URL): boolean {
    const { allowedHosts, redirectHosts } = this.#rules;
    return isListed(url, allowedHosts) || isListed(url, redirectHosts);
  }

  /**
   * Errors: SOURCE_NOT_ALLOWED, with `redirectHost` among its details if the catalog was not asked.
   */
  async check(from: URL, to: URL): Promise<void> {
    const { allowedHosts } = this.#rules;
    // all requests are limited to the allowed hosts anyway
    if (isSameHost(from, to) || allowedHosts.length > 0 || this.isConfigured(to)) return;
    const host = hostAndPort(to);
    if (this.#named.has(host)) return;
    if (await this.#isNamed(host)) return;
    throw new SisError(
      "SOURCE_NOT_ALLOWED",
      `${from.host} redirects to ${to.host}, which is neither in the catalog nor in SBNSIS_REDIRECT_HOSTS`,
      this.#namesHost === undefined ? { details: { redirectHost: host } } : {},
    );
  }

  async #isNamed(host: string): Promise<boolean> {
    if (this.#namesHost === undefined) return false;
    const askedAt = this.#unnamed.get(host);
    if (askedAt !== undefined && performance.now() - askedAt < UNNAMED_MS) return false;
    const isNamed = await this.#namesHost(host);
    if (isNamed) this.#named.add(host);
    else {
      if (this.#unnamed.size >= UNNAMED_HOSTS) this.#unnamed.clear();
      this.#unnamed.set(host, performance.now());
    }
    return isNamed;
  }
}

/**
 * How long a lookup that did not find a host in the catalog stays valid, in milliseconds, and how
 * many are remembered.
 */
const UNNAMED_MS = 60_000;
const UNNAMED_HOSTS = 1_000;

/**
 * Whether both are the same host: with the same port, or with the default ports of http and https.
 */
function isSameHost(from: URL, to: URL): boolean {
  const name = (url: URL) => url.hostname.replace(/\.$/, "");
  return name(from) === name(to) && (from.port === to.port || (from.port === "" && to.port === ""));
}

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
function isListed(url: URL, list: readonly string[]): boolean {
  return list.some((entry) => matches(entry, url));
}

function matches(entry: string, url: URL): boolean {
  const [, pattern = "", port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const standardPort = url.protocol === "https:" ? "443" : "80";
  if (port !== undefined && port !== (url.port || standardPort)) return false;
  const host = url.hostname.replace(/\.$/, "");
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}
