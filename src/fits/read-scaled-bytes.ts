import type { ByteSource } from "./byte-source.ts";
import { canBeBytes, decodeTileBytes } from "./decode-tiles.ts";
import type { ByteScale } from "./dequantize.ts";
import type { SectionPlan } from "./section-plan.ts";

/**
 * Reads a section of quantised floats straight into bytes: (value - low) / span * 255, truncated, 0 and 255 beyond the ends, in float32, so that up to a
 * fiftieth of a step is lost before it is truncated. Several times quicker than readSection, for what is averaged afterwards.
 * False when this section cannot be read so: nothing is read where it is not of RICE_1 rows, or where float32 would not do; where a value is missing that is
 * found while decoding, and what is in `out` is of no use.
 * Errors: those of readSection.
 *
 * @param buffer gives a buffer of at least so many bytes for what is read
 * @param out as many bytes as the section has pixels
 */
export async function readScaledBytes(
  source: ByteSource,
  plan: SectionPlan,
  range: ByteScale,
  buffer: (length: number) => Uint8Array,
  out: Uint8Array,
): Promise<boolean> {
  const { hdu, box, content } = plan;
  if (content.kind !== "tiles" || !canBeBytes(content, range)) return false;
  const into = buffer(plan.bytes);
  await source.read(plan.ranges, { into });
  return decodeTileBytes(hdu, box, content, into, out, range);
}
