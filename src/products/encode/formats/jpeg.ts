import type { PictureFormat } from "./picture-format.ts";

/** Longest side that JPEG supports (ITU-T T.81, B.2.2). */
const LONGEST_SIDE = 65535;

/** Largest packet that fits into one APP1 segment, in bytes (XMP part 3, 1.1.3). */
const APP1_LIMIT = 65502;

/** Precedes the packet in its segment (XMP part 3, 1.1.3). */
const XMP_NAMESPACE = Buffer.from("http://ns.adobe.com/xap/1.0/\0", "latin1");

/** JPEG: baseline, quality 95, no subsampling; grey pictures with one component. */
export const jpeg: PictureFormat<"jpeg", "jpg"> = {
  name: "jpeg",
  aliases: ["jpg"],
  extension: ".jpeg",
  mediaType: "image/jpeg",
  description: "JPEG picture",
  hasQuality: true,
  hasStrips: true,
  encode(image, { width, height, quality = 95, xmp = "" }) {
    if (Math.max(width, height) > LONGEST_SIDE) throw new RangeError("too large for JPEG");
    if (Buffer.byteLength(xmp) > APP1_LIMIT) throw new RangeError("too much XMP for JPEG");
    return image.jpeg({ quality, optimiseCoding: false, chromaSubsampling: "4:4:4" });
  },
  /** An APP1 segment after the initial JFIF segment (XMP part 3, 1.1.3; JFIF 1.02). */
  insertXmp(bytes, xmp) {
    const packet = Buffer.from(xmp, "utf8");
    const isJfif = bytes[2] === 0xff && bytes[3] === 0xe0;
    const place = 2 + (isJfif ? 2 + bytes[4]! * 256 + bytes[5]! : 0);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(2 + XMP_NAMESPACE.length + packet.length, 2);
    return [bytes.subarray(0, place), head, XMP_NAMESPACE, packet, bytes.subarray(place)];
  },
};
