import { basename, extname } from "node:path";
import { schemeOf } from "../../archive/remote-target.ts";
import type { CutoutRequest, ProductFormat, ProductRequest } from "../product.ts";

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

/** Last part of a URL's path, decoded where it can be. Archived files keep this name: a `.fz` is sent as it lies there, and its name says so. */
export function fileNameOf(url: string): string {
  // a key of an S3 store may have a question mark
  const path = /^https?$/.test(schemeOf(url) ?? "") ? url.replace(/[?#].*$/s, "") : url;
  const written = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** Extension of the file that a URL names, with its dot; empty when it has none that is plain. */
export function urlExtension(url: string): string {
  return /\.[A-Za-z0-9]{1,8}$/.exec(fileNameOf(url))?.[0] ?? "";
}

function cutoutSuffix({ ra, dec, size }: CutoutRequest): string {
  const sign = dec < 0 || Object.is(dec, -0) ? "-" : "+";
  return `_${ra.toFixed(5)}${sign}${Math.abs(dec).toFixed(5)}_${size.text}`;
}
