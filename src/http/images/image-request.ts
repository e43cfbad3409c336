import { readPosition, type Shape, VoError } from "@sbnsis/vo";
import { shapeProblem } from "@sbnsis/wcs/internal";
import { angleOf, readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { invalidParameter, onlyWith } from "../../config/text-value.ts";
import { SisError } from "../../errors/sis-error.ts";
import { PICTURE_FORMATS, pictureFormat } from "../../products/encode/formats/registry.ts";
import type {
  CutoutRequest,
  FitsRequest,
  ProductFormat,
  ProductRequest,
  RegionRequest,
} from "../../products/product.ts";
import { cutoutSize } from "../../products/request/cutout-size.ts";
import type { ImageQuery } from "./image-query.ts";
import { REGION_ALLOWED } from "./image-query.ts";
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
  const region = regionRequest(query);
  if (query.align && pictureFormat(format) === undefined) {
    throw new SisError("ALIGN_NEEDS_PICTURE", `align=true requires format=${PICTURE_NAMES}`);
  }
  const picture = pictureRequest(query, format);
  const fits = fitsRequest(query, format, cutout !== undefined || region !== undefined);
  return {
    id,
    format,
    align: query.align,
    ...(cutout !== undefined && { cutout }),
    ...(region !== undefined && { region }),
    ...(picture !== undefined && { picture }),
    ...(fits !== undefined && { fits }),
  };
}

/**
 * How a FITS cutout is written; undefined for the default.
 * Errors: INVALID_PARAMETER if the product is not such a cutout.
 */
function fitsRequest(query: ImageQuery, format: ProductFormat, isPart: boolean): FitsRequest | undefined {
  const { pack = "none", header = "full" } = query;
  if (pack !== "none" && (format !== "fits" || !isPart))
    throw onlyWith("pack", pack, "format=fits and ra, dec, size or region");
  if (header !== "full" && ((format !== "fits" && format !== "header") || !isPart))
    throw onlyWith("header", header, "format=fits or format=header, and ra, dec, size or region");
  if (pack === "none" && header === "full") return undefined;
  return { ...(pack !== "none" && { pack }), ...(header !== "full" && { header }) };
}

/** The canonical name of the format. */
export function productFormat(format: ImageQuery["format"]): ProductFormat {
  if (format === "fits" || format === "label" || format === "header") return format;
  return pictureFormat(format)!.name;
}

/**
 * Errors: INVALID_PARAMETER for a region that is invalid or together with a position, and for a
 * mask without a region.
 */
function regionRequest({ region, mask, ra, dec, size, quick }: ImageQuery): RegionRequest | undefined {
  if (region === undefined) {
    if (mask) throw onlyWith("mask", mask, "region");
    return undefined;
  }
  if (ra !== undefined || dec !== undefined || size !== undefined)
    throw invalidParameter("region", region, "only without ra, dec and size");
  if (quick) throw invalidParameter("quick", "true", "only for whole images, without region");
  const text = region.trim().replace(/ +/g, " ");
  const shape = shapeOf(text);
  const problem = shapeProblem(shape);
  if (problem !== undefined) throw invalidParameter("region", text, `${REGION_ALLOWED}; ${problem}`);
  return { shape, text, ...(mask && { mask }) };
}

function shapeOf(text: string): Shape {
  try {
    return readPosition("region", text);
  } catch (error) {
    if (!(error instanceof VoError)) throw error;
    const { allowed } = error.details;
    throw invalidParameter("region", text, typeof allowed === "string" ? allowed : REGION_ALLOWED);
  }
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
