import { basename, extname } from "node:path";
import { isRemote, schemeOf } from "../../archive/remote-target.ts";
import { PICTURE_FORMATS, pictureFormat } from "../encode/formats/registry.ts";
import type { CutoutRequest, ProductFormat, ProductRequest, RegionRequest } from "../product.ts";
import type { SourceFile } from "./source-file.ts";

/** Media types of files of archives and of the cache, by their extensions. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".xml", "text/xml"],
  [".fit", "image/fits"],
  [".fits", "image/fits"],
  [".fz", "image/fits"],
  [".gif", "image/gif"],
  [".webp", "image/webp"],
  ...PICTURE_FORMATS.map(({ extension, mediaType }) => [extension, mediaType] as const),
]);

/** Further extension of files compressed in tiles, as fpack names them. */
const PACKED = ".fz";

/** File name extension of a product that is made. */
export function productExtension(format: ProductFormat): string {
  if (format === "label") return ".xml";
  if (format === "header") return ".txt";
  return pictureFormat(format)?.extension ?? ".fits";
}

/** Media type by the extension of the file that is sent; text/plain for unknown ones. */
export function mediaTypeOf(fileName: string): string {
  return MEDIA_TYPES.get(extname(fileName).toLowerCase()) ?? "text/plain";
}

/** Media type of the file at a URL or path of an archive, as it is sent. */
export function mediaTypeOfUrl(url: string): string {
  return mediaTypeOf(fileNameOf(url));
}

/**
 * File name under which a client saves a label or a product that was made: the base name of the
 * data file without its last extension, for a cutout `_`, RA and Dec with five decimals and the
 * size as written, or the region, then the format's extension, and `.fz` if it is packed.
 */
export function downloadFilename(dataFileName: string, request: ProductRequest): string {
  const stem = basename(dataFileName, extname(dataFileName));
  const place = request.format === "label" ? "" : placeSuffix(request);
  const packed = request.fits?.pack === undefined ? "" : PACKED;
  return `${stem}${place}${productExtension(request.format)}${packed}`;
}

/**
 * Last part of a URL's path, decoded if possible. Archived files keep this name: a `.fz` is sent
 * unchanged, and its name says so.
 */
export function fileNameOf(url: string): string {
  // the key of an S3 object may contain a question mark
  const path = /^https?$/.test(schemeOf(url) ?? "") ? url.replace(/[?#].*$/s, "") : url;
  const written = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** Name of a file of an archive or of the data: the last part of its URL or path. */
export function sourceName({ location }: SourceFile): string {
  return isRemote(location) ? fileNameOf(location) : basename(location);
}

/** Extension of the file that a URL names, including its dot; empty if it has no plain one. */
export function urlExtension(url: string): string {
  return /\.[A-Za-z0-9]{1,8}$/.exec(fileNameOf(url))?.[0] ?? "";
}

function placeSuffix({ cutout, region }: ProductRequest): string {
  if (region !== undefined) return regionSuffix(region);
  return cutout === undefined ? "" : cutoutSuffix(cutout);
}

/** Longest text of a region in a file name. */
const LONGEST_REGION = 80;

function regionSuffix({ text, mask }: RegionRequest): string {
  const name = text.trim().replace(/[^\w.+-]+/g, "_");
  return `_${name.slice(0, LONGEST_REGION)}${mask ? "_masked" : ""}`;
}

function cutoutSuffix({ ra, dec, size }: CutoutRequest): string {
  const sign = dec < 0 || Object.is(dec, -0) ? "-" : "+";
  return `_${ra.toFixed(5)}${sign}${Math.abs(dec).toFixed(5)}_${size.text}`;
}
