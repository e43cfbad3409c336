import type { Sharp } from "sharp";

/** What a format needs to know of a picture. */
interface FormatInput {
  readonly width: number;
  readonly height: number;
  /** Quality from 1 to 100, for formats that have one. */
  readonly quality?: number;
  /** XMP packet with its xpacket wrapper (avmPacket). */
  readonly xmp?: string;
}

/**
 * A file format of pictures. To add one, add a file here and a line in registry.ts: requests,
 * names of files, media types and the OpenAPI document follow.
 */
export interface PictureFormat<Name extends string = string, Alias extends string = string> {
  /** Value of the parameter `format`, and part of the names of files in the cache. */
  readonly name: Name;
  /** Other values that clients may use. */
  readonly aliases: readonly Alias[];
  /** Of file names, with its dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** For the OpenAPI document. */
  readonly description: string;
  /** Whether it has a quality, so that clients may choose one. */
  readonly hasQuality: boolean;
  /** Whether strips of a picture can be encoded on their own and joined (StripWriter). */
  readonly hasStrips: boolean;
  /** Sets the encoder of libvips. Throws when the format cannot hold the picture. */
  encode(image: Sharp, input: FormatInput): Sharp;
  /**
   * The parts of a file with its XMP packet; `bytes` is all of it or its beginning. libvips could
   * do this, but takes a tenth of a millisecond in a JPEG, and compresses the packet in a PNG,
   * which few programs can read.
   */
  insertXmp(bytes: Uint8Array, xmp: string): readonly Uint8Array[];
}
