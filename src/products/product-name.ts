import { basename, extname } from "node:path";
import type { LocalFile } from "../storage/local-file.ts";
import type { CutoutRequest, ProductFormat, ProductRequest } from "./product.ts";

const EXTENSIONS: Readonly<Record<ProductFormat, string>> = {
  fits: ".fits",
  jpeg: ".jpeg",
  png: ".png",
  label: ".xml",
};

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".xml": "text/xml",
  ".fit": "image/fits",
  ".fits": "image/fits",
  ".fz": "image/fits",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
};

/** File name extension of a made product. */
export function productExtension(format: ProductFormat): string {
  return EXTENSIONS[format];
}

/** Media type by the extension of the file that is sent; text/plain for those that are not known. */
export function mediaTypeOf(fileName: string): string {
  return MEDIA_TYPES[extname(fileName).toLowerCase()] ?? "text/plain";
}

/**
 * Name under which a client keeps a product that is made, or a label: the base name of the data file without its last extension,
 * for a cutout `_`, RA and Dec with five decimals and the size as written, then the format's extension.
 */
export function downloadFilename(dataFileName: string, request: ProductRequest): string {
  const stem = basename(dataFileName, extname(dataFileName));
  const place =
    request.cutout === undefined || request.format === "label" ? "" : cutoutSuffix(request.cutout);
  return `${stem}${place}${EXTENSIONS[request.format]}`;
}

/** Archived files keep the name they have: a `.fz` is sent as it lies there, and its name says so. */
export function archivedFilename(file: LocalFile): string {
  return basename(file.path);
}

function cutoutSuffix({ ra, dec, size }: CutoutRequest): string {
  const sign = dec < 0 || Object.is(dec, -0) ? "-" : "+";
  return `_${ra.toFixed(5)}${sign}${Math.abs(dec).toFixed(5)}_${size.text}`;
}
