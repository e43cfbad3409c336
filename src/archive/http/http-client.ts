import type { IncomingMessage } from "node:http";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import { type TraceFields, traceFields } from "../../observe/trace-fields.ts";
import { HostBreaker } from "../host-breaker.ts";
import { addressOf, isPrivateAddress, privateAddressError } from "../hosts/network-address.ts";
import type { Traffic } from "../hosts/traffic.ts";
import { checkHost, hostAndPort, type NamesHost, RedirectPolicy } from "../redirect-policy.ts";
import { CONNECTIONS, HttpAgents, proxyFor } from "./http-agents.ts";
import { bodyOf, discard } from "./http-body.ts";
import { exchange } from "./http-exchange.ts";
import { type HttpResponse, headerField } from "./http-response.ts";
import { requestOptions } from "./request-options.ts";
import { type RetryPolicy, transportError } from "./retry.ts";

/** How requests to archives are made. Plain data. */
export interface HttpClientOptions extends RetryPolicy {
  /** Sent with every request. */
  readonly userAgent: string;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Longest silence while waiting for a response. */
  readonly idleTimeoutMs: number;
  /** Time limit for one read with all its retries. */
  readonly deadlineMs: number;
  /**
   * How long a host is first paused after three consecutive timeouts, in milliseconds; defaults to
   * 10 s.
   */
  readonly restMs?: number;
  /** Connections to one host; defaults to 8. Further requests wait for one of these. */
  readonly connections?: number;
  /** Whether idle connections stay open for reuse; defaults to true. */
  readonly keepsAlive?: boolean;
  /** Hosts that requests may go to, in the form of `checkHost`; empty for any. */
  readonly allowedHosts: readonly string[];
  /**
   * Hosts that redirects may lead to in addition to those that the catalog names, in the same form.
   */
  readonly redirectHosts: readonly string[];
}

/** Returns the header fields of a request with those of a signature added. */
export type RequestSigner = (
  url: URL,
  fields: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, string>>>;

/** A file on an archive, and how to sign requests for it if necessary. */
export interface HttpTarget {
  readonly url: URL;
  readonly sign?: RequestSigner;
  /** Whether its entity tags decide between states of the file (see `SourceIdentity`). */
  readonly tagDecides?: true;
  /** Whether its host is one of the configuration, and not only of the catalog. */
  readonly isConfigured?: true;
}

const MAXIMUM_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** One request of a chain of redirects. */
interface Hop {
  readonly url: URL;
  readonly fields: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether a public address redirected here, so that only public ones may follow. */
  readonly publicOnly: boolean;
}

/** The connections to archives. One per thread or process; must be closed. */
export class HttpClient {
  readonly options: HttpClientOptions;
  /**
   * Network traffic so far: every request, including redirected and repeated ones, and every body
   * byte that was read.
   */
  readonly traffic: Readonly<Traffic>;
  /** Hosts whose nodes send different entity tags for the same file. */
  readonly differingTags = new Set<string>();
  readonly #traffic: Traffic = { requests: 0, bytes: 0 };
  readonly #agents: HttpAgents;
  readonly #redirects: RedirectPolicy;
  readonly #breaker: HostBreaker;
  /** Names that resolved to a public address: none of them may become private (DNS rebinding). */
  readonly #publicNames = new Set<string>();

  /**
   * `namesHost` returns whether the catalog names files on a host; without it, only hosts that were
   * contacted before are known.
   */
  constructor(options: HttpClientOptions, namesHost?: NamesHost) {
    this.options = options;
    this.traffic = this.#traffic;
    this.#agents = new HttpAgents(options);
    this.#redirects = new RedirectPolicy(options, namesHost);
    this.#breaker = new HostBreaker(undefined, options.restMs);
  }

  /** Allows redirects to a host that the catalog names, as `host:port`. */
  trust(host: string): void {
    this.#redirects.trust(host);
  }

  /**
   * Sends one GET request, following redirects itself. Signed requests are not redirected, because
   * a signature is valid for one host only.
   * Errors: SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, marked if a retry may help;
   * SOURCE_NOT_ALLOWED, SOURCE_SCHEME; OVERLOADED when there is no descriptor for a connection.
   */
  async get(
    target: HttpTarget,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    let { url } = target;
    let publicOnly = false;
    this.trust(hostAndPort(url));
    for (let redirects = 0; ; redirects++) {
      checkHost(url, this.options.allowedHosts);
      const signed = target.sign === undefined ? fields : await target.sign(url, fields);
      const traced = { ...signed, ...this.#traceTo(url, target) };
      const { response, isPublic } = await this.#ask({ url, fields: traced, signal, publicOnly });
      const status = response.statusCode ?? 0;
      if (!REDIRECTS.has(status)) {
        return { status, fields: response.headers, body: this.#bodyOf(response, url, signal), url };
      }
      this.#breaker.succeeded(url.host);
      // a short body is read to its end so that the connection can be reused
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

  /** Closes all connections, including those in use. */
  async close(): Promise<void> {
    this.#agents.destroy();
  }

  /** Fields that continue the trace on a host, if it is one of the configuration. */
  #traceTo(url: URL, { url: { host }, isConfigured }: HttpTarget): TraceFields | undefined {
    const trace = traceFields();
    if (trace === undefined) return undefined;
    return (isConfigured && url.host === host) || this.#redirects.isConfigured(url) ? trace : undefined;
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
    // only the proxy knows the address behind it
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
    // every kept-alive connection may turn out to be closed
    const { connections = CONNECTIONS } = this.options;
    for (let stale = 0; ; stale++) {
      this.#traffic.requests += 1;
      try {
        const response = await exchange(options.protocol === "https:", options, this.options, accept);
        return { response, isPublic };
      } catch (error) {
        const isStale = (error as NodeJS.ErrnoException).code === "STALE_CONNECTION";
        if (isStale && stale <= connections && !signal.aborted) continue;
        const failure = transportError(error, host, signal);
        this.#report(host, failure);
        throw failure;
      }
    }
  }

  #bodyOf(response: IncomingMessage, { host }: URL, signal: AbortSignal): HttpResponse["body"] {
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

/** Where a redirect leads; undefined if it does not say, or would drop encryption. */
function redirectOf(url: URL, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  next.hash = "";
  return url.protocol === "https:" && next.protocol === "http:" ? undefined : next;
}
