import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Maximum length of an address, with brackets, zone and port. */
const LONGEST_WRITTEN = 80;

/** Reads the address of the client of a request. */
export type ReadClientAddress = (request: IncomingMessage) => ClientAddress;

/** The origin of a request. */
interface ClientAddress {
  /** The client as far as it is known: "" if what a proxy forwarded is not an address. */
  readonly address: string;
  /** The last known address on the way; equal to `address` if there is one. */
  readonly nearest: string;
}

/**
 * Normalizes an IP address: IPv4 dotted, also when mapped into IPv6 (RFC 4291, 2.5.5.2); IPv6 in
 * lower case and compressed (RFC 5952). Brackets, port and zone, as proxies write them, are
 * dropped. Undefined for anything else.
 */
export function parseAddress(written: string): string | undefined {
  if (written.length > LONGEST_WRITTEN) return undefined;
  const text = written.trim();
  if (isIPv4(text)) return text;
  const host = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? withoutPort(text);
  if (isIPv4(host)) return host;
  const [address = ""] = host.split("%", 1);
  if (!isIPv6(address)) return undefined;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  return high === undefined || low === undefined ? canonical : dotted(high, low);
}

/** `192.0.2.1:8080` without its port; IPv6 with a port needs brackets. */
function withoutPort(text: string): string {
  return /^([0-9.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}

function dotted(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join(".");
}

/**
 * Reads client addresses: that of the connection or, if this is one of `trusted`, the last one in
 * X-Forwarded-For that is not.
 *
 * @param trusted addresses and networks (CIDR) of web servers in front of the service
 */
export function clientAddressReader(trusted: readonly string[]): ReadClientAddress {
  const isTrusted = trustedNetworks(trusted);
  return ({ socket, headers }) => {
    const peer = peerAddress(socket.remoteAddress);
    const forwarded = headers["x-forwarded-for"];
    if (forwarded === undefined || !isTrusted(peer)) return { address: peer, nearest: peer };
    let nearest = peer;
    for (const written of String(forwarded).split(",").reverse()) {
      const address = parseAddress(written);
      if (address === undefined) return { address: "", nearest };
      nearest = address;
      if (!isTrusted(address)) break;
    }
    return { address: nearest, nearest };
  };
}

/** The system already normalizes addresses, except IPv4 on a dual-stack socket. */
function peerAddress(address = ""): string {
  return isIPv4(address) ? address : (parseAddress(address) ?? "");
}

function trustedNetworks(trusted: readonly string[]): (address: string) => boolean {
  if (trusted.length === 0) return () => false;
  const networks = new BlockList();
  for (const written of trusted) {
    const [text = "", bits] = written.split("/", 2);
    const address = parseAddress(text) ?? text;
    const wasMapped = isIPv6(text) && isIPv4(address);
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    const longest = family === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits) - (wasMapped ? 96 : 0);
    if (prefix >= 0) networks.addSubnet(address, prefix, family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

/** An IPv6 client owns a network of at least 64 bits: its key is that network, written out. */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (groups.length < 8 - after) groups.push("0");
  }
  return groups.slice(0, 4).join(":");
}
