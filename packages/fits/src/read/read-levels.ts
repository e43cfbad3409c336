import type { ByteSource } from "../source/byte-source.ts";
import { canBeLevels, decodeTileLevels } from "./decode-tiles.ts";
import type { SectionPlan } from "./section-plan.ts";

/**
 * Reads a section of quantised floats straight into grey levels: (value - low) / span of the values that readSection gives, clipped to 0..1, times 255,
 * truncated, all in float64. Several times quicker than by way of the values.
 * False when this section cannot be read so: nothing is read where it is not of RICE_1 rows; where a value is missing, or float32 cannot tell levels
 * apart, that is found while decoding, and what is in `out` is of no use.
 * Errors: those of readSection.
 *
 * @param low value of level 0, and `span` from there to 255; not 0
 * @param buffer gives a buffer of at least so many bytes for what is read
 * @param out as many bytes as the section has pixels
 */
export async function readLevels(
  source: ByteSource,
  plan: SectionPlan,
  { low, span }: { readonly low: number; readonly span: number },
  buffer: (length: number) => Uint8Array,
  out: Uint8Array,
): Promise<boolean> {
  const { hdu, box, content, bitpix } = plan;
  if (content.kind !== "tiles" || !canBeLevels(content)) return false;
  const into = buffer(plan.bytes);
  await source.read(plan.ranges, { into });
  return decodeTileLevels(hdu, box, content, into, out, { low, span, single: bitpix === -32 });
}
