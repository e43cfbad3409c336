import type { RequestOptions } from "node:http";
import { publicLookup } from "../hosts/network-address.ts";
import type { ForwardProxy, HttpAgents } from "./http-agents.ts";

/** Largest allowed response head, in bytes. */
const MAXIMUM_HEADER_BYTES = 65_536;

/** The parts of a request other than its address. */
interface RequestParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether names are resolved to public addresses only. */
  readonly publicOnly: boolean;
}

/**
 * Node's options for a GET request to `url`, through `proxy` if there is one: http in absolute form
 * (RFC 9112, 3.2.2), https through a tunnel. `protocol` is the one spoken on this connection.
 */
export function requestOptions(
  url: URL,
  proxy: ForwardProxy | undefined,
  agents: HttpAgents,
  { headers, signal, publicOnly }: RequestParts,
): RequestOptions & { readonly protocol: string } {
  const common = { method: "GET", signal, maxHeaderSize: MAXIMUM_HEADER_BYTES };
  if (proxy !== undefined && url.protocol === "http:") {
    const { protocol } = proxy.url;
    return {
      ...common,
      ...endpoint(proxy.url),
      protocol,
      agent: agents.for(protocol),
      path: url.href,
      headers: {
        ...headers,
        host: url.host,
        ...(proxy.authorization !== undefined && { "proxy-authorization": proxy.authorization }),
      },
    };
  }
  return {
    ...common,
    ...endpoint(url),
    protocol: url.protocol,
    agent: agents.for(url.protocol, proxy),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers },
    ...(publicOnly && { lookup: publicLookup }),
  };
}

function endpoint({ hostname, port, protocol }: URL): { readonly hostname: string; readonly port: number } {
  const standard = protocol === "https:" ? 443 : 80;
  return { hostname: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? standard : Number(port) };
}
