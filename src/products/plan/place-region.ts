import { type PixelBox, regionBox } from "@sbnsis/imaging";
import { skyRegion } from "@sbnsis/wcs/internal";
import { SisError } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../frame-description.ts";
import type { ProductRequest, RegionRequest } from "../product.ts";
import { type CutoutLimits, placeCutout, requireIcrs } from "./place-cutout.ts";

/**
 * The pixels of a product that shows a part of an image; undefined for one of the whole image.
 * Errors: NO_CELESTIAL_WCS, OFF_IMAGE, REGION_OFF_IMAGE, CUTOUT_TOO_LARGE; WCS_*.
 */
export function requestedPart(
  frame: FrameDescription,
  { cutout, region }: Pick<ProductRequest, "cutout" | "region">,
  limits: CutoutLimits,
): PixelBox | undefined {
  if (region !== undefined) return placeRegion(frame, region, limits);
  return cutout === undefined ? undefined : placeCutout(frame, cutout, limits);
}

/** The smallest box of pixels that holds a region. Errors: as above. */
function placeRegion(
  frame: FrameDescription,
  { shape, text, maximumPixels }: RegionRequest,
  { maximumCutoutSize }: CutoutLimits,
): PixelBox {
  if (frame.sky === undefined) {
    throw new SisError(
      "NO_CELESTIAL_WCS",
      "This image has no celestial coordinate system in its header, so cutouts of a region are not possible. Request the whole image.",
    );
  }
  const { wcs, footprint } = frame.sky;
  requireIcrs(wcs, "cutouts of a region of the sky are not possible. Request the whole image");
  const box = regionBox(wcs, frame.naxis, skyRegion(shape));
  const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text;
  if (box === undefined) {
    throw new SisError("REGION_OFF_IMAGE", `No pixel of this image is in the region ${shown}.`, {
      details: { region: shown, ...(footprint && { footprint: footprint.flat() }) },
    });
  }
  const limit = maximumPixels ?? maximumCutoutSize;
  const [width, height] = box.shape;
  if (Math.max(width, height) > limit) {
    throw new SisError(
      "CUTOUT_TOO_LARGE",
      `The region ${shown} is ${width} x ${height} pixels of this image; at most ${limit} pixels along a side are allowed.`,
      { details: { parameter: "region", value: shown, requested: [width, height], limit } },
    );
  }
  return box;
}
