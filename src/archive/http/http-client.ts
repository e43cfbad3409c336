import type { IncomingMessage } from "node:http";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { HostBreaker } from "../host-breaker.ts";
import { checkHost } from "../hosts/allowed-hosts.ts";
import { privateAddressError } from "../hosts/guarded-lookup.ts";
import { addressOf, isPrivateAddress } from "../hosts/network-address.ts";
import { proxyFor } from "../hosts/proxy-route.ts";
import type { Traffic } from "../hosts/traffic.ts";
import { hostAndPort, type NamesHost, RedirectPolicy } from "../redirect-policy.ts";
import { HttpAgents } from "./http-agents.ts";
import { type HttpAnswer, headerField } from "./http-answer.ts";
import { bodyOf, discard } from "./http-body.ts";
import { exchange } from "./http-exchange.ts";
import { requestOptions } from "./request-options.ts";
import type { RetryPolicy } from "./retry.ts";
import { transportError } from "./transport-error.ts";

/** How archives are asked. Plain data. */
export interface HttpClientOptions extends RetryPolicy {
  /** Sent with every request. */
  readonly userAgent: string;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Longest silence while an answer is due. */
  readonly idleTimeoutMs: number;
  /** Longest time for one read with all its retries. */
  readonly deadlineMs: number;
  /** How long a host is left alone at first after three timeouts in a row, in milliseconds; 10 s when not given. */
  readonly restMs?: number;
  /** Hosts that may be asked, as `checkHost` reads them; empty: any. */
  readonly allowedHosts: readonly string[];
  /** Hosts that redirects may lead to besides those that the catalogue names, in the same form. */
  readonly redirectHosts: readonly string[];
}

/** Adds the header fields of a signature to those of a request. */
export type RequestSigner = (
  url: URL,
  fields: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, string>>>;

/** A file on an archive, and how requests for it are signed where that is needed. */
export interface HttpTarget {
  readonly url: URL;
  readonly sign?: RequestSigner;
}

const MAXIMUM_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Kept connections that the archive may have closed: as many as there can be, and one that is new. */
const STALE_CONNECTIONS = 9;

/** One request of a chain of redirects. */
interface Hop {
  readonly url: URL;
  readonly fields: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether a public address led here, so that no other may be asked. */
  readonly publicOnly: boolean;
}

/** The connections to archives. One per thread or process; close it in the end. */
export class HttpClient {
  readonly options: HttpClientOptions;
  /** What went over the wire since the start: every request, also redirected and repeated ones, and every byte of a body that was read. */
  readonly traffic: Readonly<Traffic>;
  /** Hosts whose nodes give one file different entity tags. */
  readonly differingTags = new Set<string>();
  readonly #traffic: Traffic = { requests: 0, bytes: 0 };
  readonly #agents: HttpAgents;
  readonly #redirects: RedirectPolicy;
  readonly #breaker: HostBreaker;
  /** Names that were found at a public address: none of them becomes a private one (DNS rebinding). */
  readonly #publicNames = new Set<string>();

  /** `namesHost` tells whether the catalogue names files on a host; without it only hosts that were asked before are known. */
  constructor(options: HttpClientOptions, namesHost?: NamesHost) {
    this.options = options;
    this.traffic = this.#traffic;
    this.#agents = new HttpAgents(options.connectTimeoutMs);
    this.#redirects = new RedirectPolicy(options, namesHost);
    this.#breaker = new HostBreaker(undefined, options.restMs);
  }

  /** Lets redirects lead to a host that the catalogue names, as `host:port`. */
  trust(host: string): void {
    this.#redirects.trust(host);
  }

  /**
   * Asks once with GET, following redirects by hand; requests that are signed are not redirected, because the signature is for one host.
   * Errors: SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, marked where a retry may help; SOURCE_NOT_ALLOWED, SOURCE_SCHEME;
   * OVERLOADED when no connection can be opened for want of descriptors.
   */
  async get(
    target: HttpTarget,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let { url } = target;
    let publicOnly = false;
    this.trust(hostAndPort(url));
    for (let redirects = 0; ; redirects++) {
      checkHost(url, this.options.allowedHosts);
      const signed = target.sign === undefined ? fields : await target.sign(url, fields);
      const { response, isPublic } = await this.#ask({ url, fields: signed, signal, publicOnly });
      const status = response.statusCode ?? 0;
      if (!REDIRECTS.has(status)) {
        return { status, fields: response.headers, body: this.#bodyOf(response, url, signal), url };
      }
      this.#breaker.succeeded(url.host);
      // a short body is read to its end, so that the connection can be used again
      discard(response, this.options.idleTimeoutMs);
      const next = redirectOf(url, headerField(response.headers, "location"));
      if (next === undefined || target.sign !== undefined) {
        throw new SisError("SOURCE_UPSTREAM", `${url.host} redirects (${status}) without a location`);
      }
      if (redirects === MAXIMUM_REDIRECTS) {
        throw new SisError("SOURCE_UPSTREAM", `${url.host} redirects more than ${MAXIMUM_REDIRECTS} times`);
      }
      checkHost(next, this.options.allowedHosts);
      await this.#redirects.check(url, next);
      publicOnly ||= isPublic;
      url = next;
    }
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    this.#agents.destroy();
  }

  async #ask({
    url,
    fields,
    signal,
    publicOnly,
  }: Hop): Promise<{ readonly response: IncomingMessage; readonly isPublic: boolean }> {
    const { host } = url;
    signal.throwIfAborted();
    this.#breaker.admit(host);
    const literal = addressOf(url);
    const onlyPublic = publicOnly || this.#publicNames.has(url.hostname);
    if (onlyPublic && literal !== undefined && isPrivateAddress(literal)) throw privateAddressError(host);
    const proxy = proxyFor(url);
    // what is at the other side of a proxy is the proxy's to know
    let isPublic = literal === undefined || !isPrivateAddress(literal);
    const accept = (address: string | undefined) => {
      if (proxy !== undefined || address === undefined) return;
      isPublic = !isPrivateAddress(address);
      if (onlyPublic && !isPublic) throw privateAddressError(host);
      if (isPublic && literal === undefined) this.#publicNames.add(url.hostname);
    };
    const options = requestOptions(url, proxy, this.#agents, {
      headers: {
        ...fields,
        "user-agent": this.options.userAgent,
        accept: "*/*",
        "accept-encoding": "identity",
      },
      signal,
      publicOnly: onlyPublic,
    });
    for (let stale = 0; ; stale++) {
      this.#traffic.requests += 1;
      try {
        const response = await exchange(options.protocol === "https:", options, this.options, accept);
        return { response, isPublic };
      } catch (error) {
        const isStale = (error as NodeJS.ErrnoException).code === "STALE_CONNECTION";
        if (isStale && stale < STALE_CONNECTIONS && !signal.aborted) continue;
        const failure = transportError(error, host, signal);
        this.#report(host, failure);
        throw failure;
      }
    }
  }

  #bodyOf(response: IncomingMessage, { host }: URL, signal: AbortSignal): HttpAnswer["body"] {
    const { idleTimeoutMs } = this.options;
    const ended = (failure: unknown) => {
      if (failure === undefined) this.#breaker.succeeded(host);
      else this.#report(host, failure);
    };
    return bodyOf(response, { host, signal, idleTimeoutMs, traffic: this.#traffic, ended });
  }

  #report(host: string, failure: unknown): void {
    if (isSisError(failure, "SOURCE_TIMEOUT")) this.#breaker.timedOut(host);
  }
}

/** Where a redirect leads; undefined where it does not say, or gives up encryption. */
function redirectOf(url: URL, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  next.hash = "";
  return url.protocol === "https:" && next.protocol === "http:" ? undefined : next;
}
