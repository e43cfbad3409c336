import { SisError } from "../../errors/sis-error.ts";
import type { CutoutRequest, CutoutSize, ProductFormat, ProductRequest } from "../../products/product.ts";
import type { ImageQuery } from "../schemas/image-query.ts";
import { pictureRequest } from "./picture-request.ts";

const ARCSEC_PER_DEGREE = 3600;
const ARCSEC_PER_RADIAN = (180 / Math.PI) * ARCSEC_PER_DEGREE;
const ARCSEC_PER_UNIT: Readonly<Record<string, number>> = {
  arcsec: 1,
  arcmin: 60,
  deg: ARCSEC_PER_DEGREE,
  degree: ARCSEC_PER_DEGREE,
  rad: ARCSEC_PER_RADIAN,
  radian: ARCSEC_PER_RADIAN,
};

/** Smallest size of a cutout, arcseconds. */
const MINIMUM_SIZE_ARCSEC = 1;

/** Longest logical identifier (PDS4 Standards Reference, 6D). */
const MAXIMUM_LID_LENGTH = 255;

/**
 * What a validated query asks for, independent of HTTP.
 * Errors: IMAGE_NOT_FOUND for what cannot be an id, INVALID_PARAMETER, INCOMPLETE_CUTOUT, ALIGN_NEEDS_PICTURE.
 */
export function imageRequest(id: string, query: ImageQuery): ProductRequest {
  if (id === "" || id.length > MAXIMUM_LID_LENGTH || id.includes("\0")) {
    throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
  }
  const format = productFormat(query.format);
  const cutout = cutoutRequest(query);
  if (query.align && format !== "jpeg" && format !== "png") {
    throw new SisError("ALIGN_NEEDS_PICTURE", "align=true requires format=jpeg, png");
  }
  const picture = pictureRequest(query, format);
  return {
    id,
    format,
    align: query.align,
    ...(cutout !== undefined && { cutout }),
    ...(picture !== undefined && { picture }),
  };
}

/** The format by its one name. */
export function productFormat(format: ImageQuery["format"]): ProductFormat {
  return format === "jpg" ? "jpeg" : format;
}

function cutoutRequest({ ra, dec, size }: ImageQuery): CutoutRequest | undefined {
  if (ra === undefined && dec === undefined && size === undefined) return undefined;
  if (ra === undefined || dec === undefined || size === undefined) {
    throw new SisError(
      "INCOMPLETE_CUTOUT",
      "If one of ra, dec, or size is defined, then all must be defined.",
    );
  }
  return { ra, dec, size: cutoutSize(size) };
}

/** A size that the schema's pattern allows; smaller ones than 1 arcsec become 1 arcsec. */
function cutoutSize(text: string): CutoutSize {
  const unit = /[a-z]+$/.exec(text)?.[0] ?? "";
  const arcsec = Number(text.slice(0, -unit.length)) * (ARCSEC_PER_UNIT[unit] ?? Number.NaN);
  return { text, arcsec: Math.max(MINIMUM_SIZE_ARCSEC, arcsec) };
}
