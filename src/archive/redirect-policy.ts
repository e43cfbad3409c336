import { SisError } from "../errors/sis-error.ts";
import { isListed } from "./hosts/allowed-hosts.ts";

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

  /**
   * Errors: SOURCE_NOT_ALLOWED, with `redirectHost` among its details if the catalog was not asked.
   */
  async check(from: URL, to: URL): Promise<void> {
    const { allowedHosts, redirectHosts } = this.#rules;
    // all requests are limited to the allowed hosts anyway
    if (isSameHost(from, to) || allowedHosts.length > 0 || isListed(to, redirectHosts)) return;
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
