import { crc32 } from "node:zlib";
import sharp from "sharp";
import { SisError } from "../../errors/sis-error.ts";

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
  readonly format: "jpeg" | "png";
  /** Quality of JPEG, 1..100; defaults to 95. */
  readonly quality?: number;
  /** XMP packet with its xpacket wrapper (avmPacket). */
  readonly xmp?: string;
}

// no picture is encoded twice, so libvips's cache would only take memory
sharp.cache(false);

/** Longest side that JPEG supports (ITU-T T.81, B.2.2). */
const JPEG_LIMIT = 65535;

/**
 * Encodes a picture as JPEG (baseline, quality 95, grey pictures with one component) or PNG (level
 * 1: 3 times as fast, a tenth larger), with its XMP packet. Returns the parts of the file in order;
 * pixels are not copied. Errors: PICTURE_FAILED.
 */
export async function encodePicture(
  picture: PicturePixels,
  encoding: PictureEncoding,
): Promise<readonly Uint8Array[]> {
  try {
    return insertXmp(await encoder(picture, encoding).toBuffer(), encoding);
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
    await encoder(picture, encoding).toFile(path);
  } catch (cause) {
    throw notEncoded(picture, cause);
  }
}

/**
 * Encodes a strip of a picture as a JPEG of its own, for StripJoiner. Errors: those of the encoder.
 */
export async function encodedStrip(strip: PicturePixels, encoding: PictureEncoding): Promise<Buffer> {
  const bytes = await encoder(strip, encoding).toBuffer();
  return encoding.xmp === undefined ? bytes : Buffer.concat(insertXmp(bytes, encoding));
}

/**
 * The parts of a file with its XMP packet; `bytes` is all of it or its beginning. libvips could do
 * this, but takes a tenth of a millisecond in a JPEG, and compresses the packet in a PNG, which few
 * programs can read.
 */
export function insertXmp(bytes: Uint8Array, { format, xmp }: PictureEncoding): readonly Uint8Array[] {
  if (xmp === undefined) return [bytes];
  return format === "jpeg" ? jpegWithXmp(bytes, xmp) : pngWithXmp(bytes, xmp);
}

function encoder(
  { width, height, channels, pixels }: PicturePixels,
  { format, quality, xmp }: PictureEncoding,
) {
  if (format === "jpeg" && Math.max(width, height) > JPEG_LIMIT) throw new RangeError("too large for JPEG");
  if (format === "jpeg" && Buffer.byteLength(xmp ?? "") > APP1_LIMIT)
    throw new RangeError("too much XMP for JPEG");
  const raw = sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
  const image = channels === 1 ? raw.toColourspace("b-w") : raw;
  return format === "jpeg"
    ? image.jpeg({
        quality: quality ?? 95,
        optimiseCoding: false,
        chromaSubsampling: "4:4:4",
      })
    : image.png({ compressionLevel: 1, adaptiveFiltering: false });
}

function notEncoded({ width, height }: PicturePixels, cause: unknown): SisError {
  return new SisError("PICTURE_FAILED", `a picture of ${width} x ${height} pixels could not be encoded`, {
    cause,
  });
}

/** Largest packet that fits into one APP1 segment, in bytes (XMP part 3, 1.1.3). */
const APP1_LIMIT = 65502;

/** Precedes the packet in its segment (XMP part 3, 1.1.3). */
const XMP_NAMESPACE = Buffer.from("http://ns.adobe.com/xap/1.0/\0", "latin1");

/**
 * The parts of a JPEG file with an APP1 segment of XMP after the initial JFIF segment (XMP part 3,
 * 1.1.3; JFIF 1.02).
 */
function jpegWithXmp(jpeg: Uint8Array, xmp: string): readonly Uint8Array[] {
  const packet = Buffer.from(xmp, "utf8");
  const isJfif = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  const behind = 2 + (isJfif ? 2 + jpeg[4]! * 256 + jpeg[5]! : 0);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + XMP_NAMESPACE.length + packet.length, 2);
  return [jpeg.subarray(0, behind), head, XMP_NAMESPACE, packet, jpeg.subarray(behind)];
}

/**
 * Signature (8 bytes) and IHDR (4 length, 4 type, 13 data, 4 CRC), which precede every other chunk.
 */
const PNG_HEAD = 33;

/**
 * The parts of a PNG file with an uncompressed iTXt chunk of XMP after IHDR (PNG third edition,
 * 11.3.3.4; XMP part 3, 1.1.5).
 */
function pngWithXmp(png: Uint8Array, xmp: string): readonly Uint8Array[] {
  const text = Buffer.concat([
    Buffer.from("iTXtXML:com.adobe.xmp\0\0\0\0\0", "latin1"),
    Buffer.from(xmp, "utf8"),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length - 4);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(text));
  return [png.subarray(0, PNG_HEAD), length, text, crc, png.subarray(PNG_HEAD)];
}
