import type { Agent, Dispatcher } from "undici";
import { SisError } from "../errors/sis-error.ts";
import { checkHost } from "./allowed-hosts.ts";
import { type HttpAnswer, headerField } from "./http-answer.ts";
import { bodyOf } from "./http-body.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Traffic } from "./traffic.ts";
import { transportError } from "./transport-error.ts";

/** How archives are asked. Plain data. */
export interface HttpClientOptions extends RetryPolicy {
  /** Sent with every request. */
  readonly userAgent: string;
  /** Longest wait for a connection. */
  readonly connectTimeoutMs: number;
  /** Longest silence while an answer is due; it is kept to about a second. */
  readonly idleTimeoutMs: number;
  /** Longest time for one read with all its retries. */
  readonly deadlineMs: number;
  /** Hosts that may be asked, as `checkHost` reads them; empty: any. */
  readonly allowedHosts: readonly string[];
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
/** Connections to one archive; more requests wait for one of these. */
const CONNECTIONS = 8;
const MAXIMUM_HEADER_BYTES = 65_536;

/** The connections to archives. One per thread or process; close it in the end. */
export class HttpClient {
  readonly options: HttpClientOptions;
  /** What went over the wire since the start: every request, also redirected and repeated ones, and every byte of a body that was read. */
  readonly traffic: Readonly<Traffic>;
  readonly #traffic: Traffic = { requests: 0, bytes: 0 };
  #agent: Promise<Agent> | undefined;

  constructor(options: HttpClientOptions) {
    this.options = options;
    this.traffic = this.#traffic;
  }

  /**
   * Asks once with GET, following redirects by hand; requests that are signed are not redirected, because the signature is for one host.
   * Errors: SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_UPSTREAM, marked where a retry may help; SOURCE_NOT_ALLOWED, SOURCE_SCHEME.
   */
  async get(
    target: HttpTarget,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let { url } = target;
    for (let redirects = 0; ; redirects++) {
      checkHost(url, this.options.allowedHosts);
      const signed = target.sign === undefined ? fields : await target.sign(url, fields);
      const answer = await this.#ask(url, signed, signal);
      if (!REDIRECTS.has(answer.statusCode)) {
        const body = bodyOf(answer.body, url.host, signal, this.#traffic);
        return { status: answer.statusCode, fields: answer.headers, body, url };
      }
      // a short body is read to its end, so that the connection can be used again
      answer.body.dump({ limit: 16_384, signal }).catch(() => undefined);
      const next = redirectOf(url, headerField(answer.headers, "location"));
      if (next === undefined || target.sign !== undefined) {
        throw new SisError("SOURCE_UPSTREAM", `${url.host} redirects (${answer.statusCode}) to nowhere`);
      }
      if (redirects === MAXIMUM_REDIRECTS) {
        throw new SisError("SOURCE_UPSTREAM", `${url.host} redirects more than ${MAXIMUM_REDIRECTS} times`);
      }
      url = next;
    }
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await (await agent)?.destroy();
  }

  async #ask(
    url: URL,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const agent = await this.#connections();
    this.#traffic.requests += 1;
    try {
      return await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: "GET",
        headers: {
          ...fields,
          "user-agent": this.options.userAgent,
          accept: "*/*",
          "accept-encoding": "identity",
        },
        signal,
      });
    } catch (error) {
      throw transportError(error, url.host, signal);
    }
  }

  /** The library is loaded with the first request: a service with local files only never needs it. */
  #connections(): Promise<Agent> {
    const { connectTimeoutMs, idleTimeoutMs } = this.options;
    this.#agent ??= import("undici").then(
      ({ Agent }) =>
        new Agent({
          connect: { timeout: connectTimeoutMs },
          headersTimeout: idleTimeoutMs,
          bodyTimeout: idleTimeoutMs,
          maxHeaderSize: MAXIMUM_HEADER_BYTES,
          connections: CONNECTIONS,
          pipelining: 1,
        }),
    );
    return this.#agent;
  }
}

/** Where a redirect leads; undefined where it does not say, or gives up encryption. */
function redirectOf(url: URL, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  next.hash = "";
  return url.protocol === "https:" && next.protocol === "http:" ? undefined : next;
}
