import { onlyWith } from "../../config/invalid-parameter.ts";
import { angleOf, readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { SisError } from "../../errors/sis-error.ts";
import { PICTURE_FORMATS, pictureFormat } from "../../products/encode/formats/registry.ts";
import type { CutoutRequest, FitsRequest, ProductFormat, ProductRequest } from "../../products/product.ts";
import { cutoutSize } from "../../products/request/cutout-size.ts";
import type { ImageQuery } from "./image-query.ts";
import { pictureRequest } from "./picture-request.ts";

const PICTURE_NAMES = PICTURE_FORMATS.map(({ name }) => name).join(", ");

/** Longest logical identifier (PDS4 Standards Reference, 6D). */
const MAXIMUM_LID_LENGTH = 255;

/**
 * The request that a validated query expresses, independent of HTTP.
 * Errors: IMAGE_NOT_FOUND for what cannot be an id, INVALID_PARAMETER, INCOMPLETE_CUTOUT,
 * ALIGN_NEEDS_PICTURE.
 */
export function imageRequest(id: string, query: ImageQuery): ProductRequest {
  if (id === "" || id.length > MAXIMUM_LID_LENGTH || id.includes("\0")) {
    throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
  }
  const format = productFormat(query.format);
  const cutout = cutoutRequest(query);
  if (query.align && pictureFormat(format) === undefined) {
    throw new SisError("ALIGN_NEEDS_PICTURE", `align=true requires format=${PICTURE_NAMES}`);
  }
  const picture = pictureRequest(query, format);
  const fits = fitsRequest(query, format, cutout);
  return {
    id,
    format,
    align: query.align,
    ...(cutout !== undefined && { cutout }),
    ...(picture !== undefined && { picture }),
    ...(fits !== undefined && { fits }),
  };
}

/**
 * How a FITS cutout is written; undefined for the default.
 * Errors: INVALID_PARAMETER where there is none.
 */
function fitsRequest(
  query: ImageQuery,
  format: ProductFormat,
  cutout: CutoutRequest | undefined,
): FitsRequest | undefined {
  const { pack = "none", header = "full" } = query;
  if (pack !== "none" && (format !== "fits" || cutout === undefined))
    throw onlyWith("pack", pack, "format=fits and ra, dec, size");
  if (header !== "full" && ((format !== "fits" && format !== "header") || cutout === undefined))
    throw onlyWith("header", header, "format=fits or format=header, and ra, dec, size");
  if (pack === "none" && header === "full") return undefined;
  return { ...(pack !== "none" && { pack }), ...(header !== "full" && { header }) };
}

/** The canonical name of the format. */
export function productFormat(format: ImageQuery["format"]): ProductFormat {
  if (format === "fits" || format === "label" || format === "header") return format;
  return pictureFormat(format)!.name;
}

function cutoutRequest({ ra, dec, size }: ImageQuery): CutoutRequest | undefined {
  if (ra === undefined && dec === undefined && size === undefined) return undefined;
  if (ra === undefined || dec === undefined || size === undefined) {
    throw new SisError(
      "INCOMPLETE_CUTOUT",
      "If one of ra, dec, or size is defined, then all must be defined.",
    );
  }
  return {
    ra: angleOf("ra", ra, readRightAscension),
    dec: angleOf("dec", dec, readDeclination),
    size: cutoutSize(size),
  };
}
