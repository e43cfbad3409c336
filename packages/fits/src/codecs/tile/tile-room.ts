import { FitsError } from "../../errors.ts";

/** An array for the `length` pixels of a tile. `FITS_TOO_LARGE` when this machine or this platform has no such array to give. */
export function tileRoom<A>(length: number, kind: new (length: number) => A): A {
  try {
    return new kind(length);
  } catch (cause) {
    throw new FitsError("FITS_TOO_LARGE", `there is no memory for a tile of ${length} pixels`, { cause });
  }
}
