import { FitsError } from "../../errors.ts";
import { gzip1, gzip2 } from "../deflate/gzip.ts";
import { hcompress1 } from "../hcompress/hcompress.ts";
import { rice1 } from "../rice/rice.ts";
import { nocompress } from "./nocompress.ts";
import { plio1 } from "./plio.ts";
import type { TileCodec } from "./tile-codec.ts";

const codecs: ReadonlyMap<string, TileCodec> = new Map(
  [rice1, gzip1, gzip2, plio1, hcompress1, nocompress].map((codec) => [codec.name, codec]),
);

/**
 * The codec named by `ZCMPTYPE`; RICE_ONE is an old name of RICE_1. Errors: FITS_UNSUPPORTED for
 * any other name.
 */
export function tileCodec(name: string): TileCodec {
  const codec = codecs.get(name === "RICE_ONE" ? "RICE_1" : name);
  if (codec === undefined) {
    const known = [...codecs.keys()].join(", ");
    throw new FitsError("FITS_UNSUPPORTED", `ZCMPTYPE is '${name}'; known are ${known}`, {
      details: { zcmptype: name },
    });
  }
  return codec;
}
