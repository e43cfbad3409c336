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
import type { CutoutRequest, CutoutSide, CutoutSize } from "../product.ts";

/** Limits of a cutout. */
export interface CutoutLimits {
  /** MAXIMUM_CUTOUT_SIZE: pixels along a side. */
  readonly maximumCutoutSize: number;
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
