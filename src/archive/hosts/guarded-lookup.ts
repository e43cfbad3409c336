import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { SisError } from "../../errors/sis-error.ts";
import { isPrivateAddress } from "./network-address.ts";

/** The error of a public archive that leads to a private address. */
export function privateAddressError(host: string): SisError<"SOURCE_NOT_ALLOWED"> {
  return new SisError(
    "SOURCE_NOT_ALLOWED",
    `${host} is a loopback, link-local or private address, to which a public archive led`,
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
