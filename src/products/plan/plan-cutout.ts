import { planSection, type SectionPlan } from "@sbnsis/fits";
import type { Scaling } from "@sbnsis/fits/internal";
import {
  boxAround,
  type CutoutBox,
  cutoutBox,
  type PixelBox,
  type PixelPoint,
  sidePixels,
} from "@sbnsis/imaging";
import { icrsToPixel, type Wcs } from "@sbnsis/wcs";
import { SisError } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../frame-description.ts";
import { cutoutHeader, type Provenance } from "../make/cutout-header.ts";
import { cutoutTables } from "../make/cutout-tables.ts";
import type { RegionMask } from "../make/mask-region.ts";
import type { PackedQuantization } from "../make/packed-image.ts";
import type { CutoutRequest, CutoutSide, CutoutSize, ProductRequest } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import { packedQuantization } from "./packed-quantization.ts";
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
  /** How stored values become those of the product; undefined if they are kept as they are. */
  readonly scaling: Scaling | undefined;
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
  /** Whether SIP polynomials do not apply, beside TPV; a minimal header omits them. */
  readonly ignoresSip: boolean;
}

/** Limits of a cutout. */
export interface CutoutLimits {
  /** MAXIMUM_CUTOUT_SIZE: pixels along a side. */
  readonly maximumCutoutSize: number;
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
  const section = planSection(frame.image, box);
  const extensions = frame.sky === undefined ? [] : cutoutTables(frame.sky.wcs, box);
  return {
    source: frame.source,
    hdu: frame.hdu,
    box,
    section,
    scaling: frame.physical ? scalingOf(frame.image) : undefined,
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

/** Where a cutout is on its image. */
export interface CutoutPlace extends CutoutBox {
  /** Position of its center, pixels from 0. */
  readonly centre: PixelPoint;
  readonly box: PixelBox;
}

/**
 * The pixels of a cutout, clipped to the image. Errors: NO_CELESTIAL_WCS, OFF_IMAGE,
 * CUTOUT_TOO_LARGE; WCS_*.
 */
export function placeCutout(frame: FrameDescription, request: CutoutRequest, limits: CutoutLimits): PixelBox {
  return cutoutPlace(frame, request, limits).box;
}

/** The same, with the position of the center and the size before clipping. Errors: the same. */
export function cutoutPlace(
  frame: FrameDescription,
  request: CutoutRequest,
  limits: CutoutLimits,
): CutoutPlace {
  const { sky } = frame;
  if (sky === undefined) {
    throw new SisError(
      "NO_CELESTIAL_WCS",
      "This image has no celestial coordinate system in its header, so cutouts around a position are not possible. Request the whole image.",
    );
  }
  requireIcrs(
    sky.wcs,
    "cutouts around a right ascension and declination are not possible. Request the whole image",
  );
  const centre = icrsToPixel(sky.wcs, request.ra, request.dec);
  if (centre === undefined) throw offImage(frame, request);
  const { requested, box } = requestedBox(centre, request.size, sky.scales, frame.naxis);
  if (Math.max(...requested) > limits.maximumCutoutSize) throw tooLarge(request, requested, limits);
  if (box === undefined) throw offImage(frame, request);
  return { centre, requested, box };
}

/**
 * Errors: NO_CELESTIAL_WCS if the celestial frame has no known relation to ICRS; `so` states the
 * consequence.
 */
export function requireIcrs({ frame: { toIcrs, writtenAs = "an unnamed system" } }: Wcs, so: string): void {
  if (toIcrs !== undefined) return;
  throw new SisError(
    "NO_CELESTIAL_WCS",
    `The coordinates of this image are in a system whose relation to ICRS is unknown (${writtenAs}), so ${so}.`,
    { details: { system: writtenAs } },
  );
}

function requestedBox(
  centre: PixelPoint,
  { arcsec = Number.NaN, sides }: CutoutSize,
  scales: readonly [number, number],
  naxis: readonly [number, number],
): CutoutBox {
  if (sides === undefined) return cutoutBox(centre, arcsec / 3600, scales, naxis);
  const pixels = ({ unit, length }: CutoutSide, scale: number) =>
    unit === "pixel" ? length : sidePixels(length / 3600, scale);
  return boxAround(centre, [pixels(sides[0], scales[0]), pixels(sides[1], scales[1])], naxis);
}

/** The part of an image description that a thread needs to compute physical values. */
export function scalingOf({ bitpix, bscale, bzero, blank }: Scaling): Scaling {
  return { bitpix, bscale, bzero, blank };
}

function tooLarge(
  { size }: CutoutRequest,
  requested: readonly [number, number],
  { maximumCutoutSize }: CutoutLimits,
): SisError {
  return new SisError(
    "CUTOUT_TOO_LARGE",
    `size=${size.text} is ${requested[0]} x ${requested[1]} pixels of this image; at most ${maximumCutoutSize} pixels along a side are allowed.`,
    { details: { parameter: "size", value: size.text, requested: [...requested], limit: maximumCutoutSize } },
  );
}

function offImage(frame: FrameDescription, { ra, dec }: CutoutRequest): SisError {
  const corners = frame.sky?.footprint?.map((corner) => `(${corner[0].toFixed(5)}, ${corner[1].toFixed(5)})`);
  const where =
    corners === undefined ? "" : ` The corners of the image are at RA, Dec ${corners.join(", ")} degrees.`;
  return new SisError("OFF_IMAGE", `The position ra=${ra}, dec=${dec} is not on this image.${where}`, {
    details: { ra, dec, ...(frame.sky?.footprint && { footprint: frame.sky.footprint.flat() }) },
  });
}
