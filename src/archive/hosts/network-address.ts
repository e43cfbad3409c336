import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { SisError } from "../../errors/sis-error.ts";

/** Networks that are not on the public Internet (IANA special-purpose registries, RFC 6890). */
const PRIVATE_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const;

const PRIVATE_IPV6 = [
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const;

const privateNetworks = new BlockList();
for (const [network, bits] of PRIVATE_IPV6) privateNetworks.addSubnet(network, bits, "ipv6");
for (const [network, bits] of PRIVATE_IPV4) {
  privateNetworks.addSubnet(network, bits, "ipv4");
  // compatible (this covers :: and ::1), mapped, translated (RFC 6052) and 6to4 (RFC 3056)
  // addresses
  for (const prefix of ["::", "::ffff:", "64:ff9b::"]) {
    privateNetworks.addSubnet(`${prefix}${network}`, 96 + bits, "ipv6");
  }
  const [a = 0, b = 0] = network.split(".").map(Number);
  privateNetworks.addSubnet(`2002:${(a * 256 + b).toString(16)}::`, 16 + bits, "ipv6");
}

/**
 * Whether an IP address is loopback, link-local, private, multicast or reserved, in any notation of
 * IPv6.
 */
export function isPrivateAddress(address: string): boolean {
  const [bare = ""] = address.split("%");
  const family = isIP(bare);
  return family !== 0 && privateNetworks.check(bare, family === 6 ? "ipv6" : "ipv4");
}

/** The IP address in a URL's host; undefined when the host is a domain name. */
export function addressOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? undefined : host;
}

/** The error of a public archive that redirects or resolves to a private address. */
export function privateAddressError(host: string): SisError<"SOURCE_NOT_ALLOWED"> {
  return new SisError(
    "SOURCE_NOT_ALLOWED",
    `a public archive redirected to ${host}, a loopback, link-local or private address`,
  );
}

/**
 * Looks up names as Node does, and omits addresses that are not public. Errors: SOURCE_NOT_ALLOWED
 * when none is left.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error !== null) {
      callback(error, "", 0);
      return;
    }
    const [first, ...rest] = found.filter(({ address }) => !isPrivateAddress(address));
    if (first === undefined) callback(privateAddressError(hostname), "", 0);
    else if (options.all === true) callback(null, [first, ...rest]);
    else callback(null, first.address, first.family);
  });
};
