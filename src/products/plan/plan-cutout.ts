import { planSection, type SectionPlan, withStoredFloats } from "@sbnsis/fits";
import type { Scaling } from "@sbnsis/fits/internal";
import type { PixelBox } from "@sbnsis/imaging";
import { SisError } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../frame-description.ts";
import { cutoutHeader, type Provenance } from "../make/cutout/cutout-header.ts";
import { cutoutTables } from "../make/cutout/cutout-tables.ts";
import type { RegionMask } from "../make/cutout/mask-region.ts";
import type { PackedQuantization } from "../make/cutout/packed-image.ts";
import type { ProductRequest } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import type { CutoutLimits } from "./place-cutout.ts";
import { requestedPart } from "./place-region.ts";

/**
 * How to make a cutout, derived from headers and request alone: plain data that a thread executes.
 */
export interface CutoutPlan {
  /** The file in the state that was described. */
  readonly source: SourceFile;
  /** Index of the HDU from 0. */
  readonly hdu: number;
  /** Pixels of the frame, from 0. */
  readonly box: PixelBox;
  /** Tiles, byte ranges and cost of reading the box. */
  readonly section: SectionPlan;
  /** The header of the cutout, without END, DATASUM and CHECKSUM: whole 80-byte cards. */
  readonly header: Uint8Array;
  /** HDUs after the image: the lookup tables of its coordinate system. */
  readonly extensions: readonly Uint8Array[];
  /** The region outside which pixels have no value. */
  readonly mask: RegionMask | undefined;
  /** The stored integer that means no value. */
  readonly blank: number | bigint | undefined;
  readonly form: CutoutForm;
}

/** What is written of a cutout, and how. */
interface CutoutForm {
  /** Only its header, as text. */
  readonly asText: boolean;
  readonly pack: boolean;
  /** How floats are quantized when they are packed. */
  readonly quantization: PackedQuantization | undefined;
  readonly header: "full" | "minimal";
  /** Whether SIP polynomials next to TPV do not apply; a minimal header omits them. */
  readonly ignoresSip: boolean;
}

/**
 * Plans a cutout without any I/O.
 * Errors: NO_CELESTIAL_WCS, OFF_IMAGE, REGION_OFF_IMAGE, CUTOUT_TOO_LARGE; WCS_* for an unusable
 * coordinate system;
 * FITS_UNSUPPORTED for pixels that cannot be packed.
 */
export function planCutout(
  frame: FrameDescription,
  request: Pick<ProductRequest, "cutout" | "region" | "fits"> & Partial<Pick<ProductRequest, "format">>,
  limits: CutoutLimits,
  provenance: Provenance,
): CutoutPlan {
  const { region, fits } = request;
  const box = requestedPart(frame, request, limits) ?? { start: [0, 0], shape: frame.naxis };
  const section = planSection(withStoredFloats(frame.image), box);
  const extensions = frame.sky === undefined ? [] : cutoutTables(frame.sky.wcs, box);
  return {
    source: frame.source,
    hdu: frame.hdu,
    box,
    section,
    header: cutoutHeader(frame.header, box, provenance, extensions.length > 0),
    extensions,
    mask: region?.mask && frame.sky && { shape: region.shape, wcs: frame.sky.wcs },
    blank: frame.image.blank,
    form: {
      asText: request.format === "header",
      pack: fits?.pack === "rice",
      quantization: fits?.pack === "rice" ? packedQuantization(section) : undefined,
      header: fits?.header ?? "full",
      ignoresSip: frame.sky?.wcs.distortion.split("+").includes("TPV") ?? false,
    },
  };
}

/** The part of an image description that a thread needs to compute physical values. */
export function scalingOf({ bitpix, bscale, bzero, blank }: Scaling): Scaling {
  return { bitpix, bscale, bzero, blank };
}

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
function packedQuantization({ bitpix, content }: SectionPlan): PackedQuantization | undefined {
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
