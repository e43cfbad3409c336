import { crc32 } from "node:zlib";
import type { PictureFormat } from "./picture-format.ts";

/**
 * Signature (8 bytes) and IHDR (4 length, 4 type, 13 data, 4 CRC), which precede every other chunk.
 */
const HEAD = 33;

/** PNG at compression level 1: 3 times as fast as the default, a tenth larger. */
export const png: PictureFormat<"png", never> = {
  name: "png",
  aliases: [],
  extension: ".png",
  mediaType: "image/png",
  description: "PNG picture",
  hasQuality: false,
  hasStrips: false,
  encode: (image) => image.png({ compressionLevel: 1, adaptiveFiltering: false }),
  /** An uncompressed iTXt chunk after IHDR (PNG third edition, 11.3.3.4; XMP part 3, 1.1.5). */
  insertXmp(bytes, xmp) {
    const text = Buffer.concat([
      Buffer.from("iTXtXML:com.adobe.xmp\0\0\0\0\0", "latin1"),
      Buffer.from(xmp, "utf8"),
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length - 4);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(text));
    return [bytes.subarray(0, HEAD), length, text, crc, bytes.subarray(HEAD)];
  },
};
