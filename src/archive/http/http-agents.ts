import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import { getProxyForUrl } from "proxy-from-env";
import { SisError } from "../../errors/sis-error.ts";
import { codedError } from "./retry.ts";

/** Connections to one host where no other number is given. */
export const CONNECTIONS = 8;
/** How long an idle connection stays open, in milliseconds, unless the archive wants less. */
const KEPT_MS = 4_000;

/** How connections are kept. */
interface AgentsOptions {
  /** Connections to one host; further requests wait for one of these. */
  readonly connections?: number;
  readonly keepsAlive?: boolean;
  readonly connectTimeoutMs: number;
}

function agentOptions({ connections = CONNECTIONS, keepsAlive = true }: AgentsOptions): http.AgentOptions {
  return {
    keepAlive: keepsAlive,
    maxSockets: connections,
    maxFreeSockets: connections,
    // the most recently used connection is the least likely to have been closed meanwhile
    scheduling: "lifo",
    timeout: KEPT_MS,
  };
}

/** The connections of a thread or process to archives, kept alive for reuse. */
export class HttpAgents {
  readonly #http: http.Agent;
  readonly #https: https.Agent;
  readonly #tunnels = new Map<string, TunnelAgent>();
  readonly #options: AgentsOptions;

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#http = new http.Agent(agentOptions(options));
    this.#https = new https.Agent(agentOptions(options));
  }

  /** The agent for URLs with this scheme; `tunnel` is the proxy for https. */
  for(protocol: string, tunnel?: ForwardProxy): http.Agent {
    if (protocol === "http:") return this.#http;
    if (tunnel === undefined) return this.#https;
    const { href } = tunnel.url;
    const known = this.#tunnels.get(href);
    if (known !== undefined) return known;
    const agent = new TunnelAgent(tunnel, this.#options);
    this.#tunnels.set(href, agent);
    return agent;
  }

  /** Closes all connections, including those in use. */
  destroy(): void {
    for (const agent of [this.#http, this.#https, ...this.#tunnels.values()]) agent.destroy();
    this.#tunnels.clear();
  }
}

type Created = (error: Error | null, stream: Duplex) => void;

/** TLS connections through a proxy that opens a tunnel for each (CONNECT, RFC 9110, 9.3.6). */
class TunnelAgent extends https.Agent {
  readonly #proxy: ForwardProxy;
  readonly #timeoutMs: number;

  constructor(proxy: ForwardProxy, options: AgentsOptions) {
    super(agentOptions(options));
    this.#proxy = proxy;
    this.#timeoutMs = options.connectTimeoutMs;
  }

  /** Node calls this for each new connection. */
  override createConnection(options: https.RequestOptions, created?: Created): undefined {
    // Node's types lack the call without a stream
    const fail = created as ((error: Error) => void) | undefined;
    const { url, authorization } = this.#proxy;
    const authority = `${bracketed(String(options.host))}:${options.port}`;
    const connect = (url.protocol === "https:" ? https : http).request({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? undefined : url.port,
      method: "CONNECT",
      path: authority,
      agent: false,
      timeout: this.#timeoutMs,
      headers: {
        host: authority,
        ...(authorization !== undefined && { "proxy-authorization": authorization }),
      },
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    connect.once("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) {
        const secured = super.createConnection({ ...options, socket } as https.RequestOptions);
        if (secured) created?.(null, secured);
        return;
      }
      socket.destroy();
      fail?.(proxyRefused(statusCode));
    });
    connect.once("timeout", () => {
      connect.destroy(codedError("CONNECT_TIMEOUT", "the proxy does not respond"));
    });
    // also handles errors after the tunnel was refused
    connect.on("error", (error) => fail?.(error));
    connect.end();
    return undefined;
  }
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function proxyRefused(status: number | undefined): Error {
  return codedError(`PROXY_${status}`, `the proxy returned ${status} for CONNECT`);
}

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
