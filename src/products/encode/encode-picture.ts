import type { Sharp } from "sharp";
import { SisError } from "../../errors/sis-error.ts";
import { type PictureFormatName, pictureFormat } from "./formats/registry.ts";

/** 8-bit pixels of a picture. */
export interface PicturePixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: red, green, blue, interleaved. */
  readonly channels: 1 | 3;
  /** width * height * channels values, top row first. */
  readonly pixels: Uint8Array;
}

/** How a picture is encoded. */
export interface PictureEncoding {
  readonly format: PictureFormatName;
  /** Quality of JPEG, 1..100; defaults to 95. */
  readonly quality?: number;
  /** XMP packet with its xpacket wrapper (avmPacket). */
  readonly xmp?: string;
}

/**
 * The library of libvips. It is loaded with the first picture: threads that make cutouts start in
 * two thirds of the time without it.
 */
export async function loadSharp(): Promise<typeof import("sharp")["default"]> {
  const { default: sharp } = await import("sharp");
  // no picture is encoded twice, so libvips's cache would only take memory
  sharp.cache(false);
  return sharp;
}

/**
 * Encodes a picture in a format of formats/registry.ts, with its XMP packet. Returns the parts of
 * the file in order; pixels are not copied. Errors: PICTURE_FAILED.
 */
export async function encodePicture(
  picture: PicturePixels,
  encoding: PictureEncoding,
): Promise<readonly Uint8Array[]> {
  try {
    return insertXmp(await (await encoder(picture, encoding)).toBuffer(), encoding);
  } catch (cause) {
    throw notEncoded(picture, cause);
  }
}

/**
 * Like {@link encodePicture}, but into a file: a picture of a hundred megabytes is never in memory.
 * The packet of a PNG is added by applying {@link insertXmp} to the file's first bytes. Errors:
 * PICTURE_FAILED.
 */
export async function encodeIntoFile(
  picture: PicturePixels,
  encoding: PictureEncoding,
  path: string,
): Promise<void> {
  try {
    await (await encoder(picture, encoding)).toFile(path);
  } catch (cause) {
    throw notEncoded(picture, cause);
  }
}

/**
 * Encodes a strip of a picture as a JPEG of its own, for StripJoiner. Errors: those of the encoder.
 */
export async function encodedStrip(strip: PicturePixels, encoding: PictureEncoding): Promise<Buffer> {
  const bytes = await (await encoder(strip, encoding)).toBuffer();
  return encoding.xmp === undefined ? bytes : Buffer.concat(insertXmp(bytes, encoding));
}

/**
 * The parts of a file with its XMP packet; `bytes` is all of it or its beginning.
 */
export function insertXmp(bytes: Uint8Array, { format, xmp }: PictureEncoding): readonly Uint8Array[] {
  return xmp === undefined ? [bytes] : pictureFormat(format)!.insertXmp(bytes, xmp);
}

async function encoder(
  { width, height, channels, pixels }: PicturePixels,
  { format, ...encoding }: PictureEncoding,
): Promise<Sharp> {
  const sharp = await loadSharp();
  const raw = sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
  const image = channels === 1 ? raw.toColourspace("b-w") : raw;
  return pictureFormat(format)!.encode(image, { width, height, ...encoding });
}

function notEncoded({ width, height }: PicturePixels, cause: unknown): SisError {
  return new SisError("PICTURE_FAILED", `a picture of ${width} x ${height} pixels could not be encoded`, {
    cause,
  });
}
