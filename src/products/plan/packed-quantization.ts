import type { SectionPlan } from "@sbnsis/fits";
import { SisError } from "../../errors/sis-error.ts";
import type { PackedQuantization } from "../make/packed-image.ts";

/**
 * Steps per noise of floats whose source is not quantized: each value moves by at most 1/32 of it.
 */
const STEPS_PER_NOISE = 16;

/**
 * How the floats of a section are quantized when they are packed; undefined for integers. Those of
 * a quantized source get the median step of its tiles, so that they lose as much as when the source
 * was packed. Exact zeros, which often mark missing pixels, are kept.
 * Errors: FITS_UNSUPPORTED for integers of 64 bits, for which RICE_1 is not defined.
 */
export function packedQuantization({ bitpix, content }: SectionPlan): PackedQuantization | undefined {
  if (bitpix === 64) {
    throw new SisError(
      "FITS_UNSUPPORTED",
      "This image has integers of 64 bits, which cannot be packed with RICE_1. Leave out pack.",
    );
  }
  if (bitpix > 0) return undefined;
  const source = content.kind === "tiles" ? content.quantization : undefined;
  const step = source && median(source.scale.map(Math.abs).filter((scale) => scale > 0));
  return {
    level: step === undefined ? STEPS_PER_NOISE : -step,
    method: "SUBTRACTIVE_DITHER_2",
  };
}

/** The middle one of some steps; undefined if there is none. */
function median(steps: Float64Array): number | undefined {
  return steps.sort()[steps.length >> 1];
}
