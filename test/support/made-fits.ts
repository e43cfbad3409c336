import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import { realCard, valueCard } from "../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../packages/fits/src/read/section-plan.ts";
import type { ByteSource } from "../../packages/fits/src/source/byte-source.ts";
import { emptyPrimary } from "../../packages/fits/src/write/write-image.ts";
import { type TiledImageToWrite, writeTiledImage } from "../../packages/fits/src/write/write-tiled-image.ts";

/** Bytes as a source. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: async () => bytes.length,
    read: async (ranges, { into } = {}) => {
      let at = 0;
      return ranges.map(({ offset, length }) => {
        const piece = bytes.slice(offset, offset + length);
        if (into === undefined) return piece;
        into.set(piece, at);
        at += length;
        return into.subarray(at - length, at);
      });
    },
  };
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A compressed image of `pixels` as a file: an empty primary HDU and the table. */
export async function tiledFile(
  image: Omit<TiledImageToWrite, "planes">,
  pixels: StoredArray,
): Promise<Uint8Array> {
  const plane = image.naxis.slice(0, -1).reduce((product, length) => product * length, 1);
  const planes = (first: number, count: number) =>
    pixels.slice(first * plane, (first + count) * plane) as StoredArray;
  const pieces: [number, Uint8Array][] = [];
  const write = async (bytes: Uint8Array, at: number) => {
    pieces.push([at, bytes.slice()]);
  };
  const hdu = new Uint8Array(await writeTiledImage({ ...image, planes }, { write }));
  for (const [at, bytes] of pieces) hdu.set(bytes, at);
  return joinBytes(emptyPrimary(), hdu);
}

/**
 * A RICE_1 file of 101 x 61 pixels, as the examples of the libraries read it: pixel (x, y), from 0,
 * is x + 101 y, and pixel (50, 30) is at RA 150, Dec 0.
 */
export function exampleFile(): Promise<Uint8Array> {
  const cards = [
    valueCard("CTYPE1", "RA---TAN"),
    valueCard("CTYPE2", "DEC--TAN"),
    realCard("CRPIX1", 51),
    realCard("CRPIX2", 31),
    realCard("CRVAL1", 150),
    realCard("CRVAL2", 0),
    realCard("CDELT1", -0.001),
    realCard("CDELT2", 0.001),
  ];
  const pixels = Int16Array.from({ length: 101 * 61 }, (_, i) => i);
  return tiledFile({ naxis: [101, 61], bitpix: 16, codec: "RICE_1", cards }, pixels);
}

/** All stored pixels of an HDU, through our own readers. */
export async function pixelsIn(bytes: Uint8Array, hdu: number): Promise<StoredArray> {
  const source = bytesSource(bytes);
  const file = await openFits(source);
  const image = await describeImage(source, file.hdus[hdu]!);
  if (image === undefined) throw new Error(`HDU ${hdu} holds no image`);
  const box = { start: image.naxis.map(() => 0), shape: image.naxis };
  return readSection(source, planSection(image, box));
}
