import { describeImage } from "../../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { StoredArray } from "../../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../../packages/fits/src/read/section-plan.ts";
import type { ByteSource } from "../../../packages/fits/src/source/byte-source.ts";
import { emptyPrimary } from "../../../packages/fits/src/write/write-image.ts";
import {
  type TiledImageToWrite,
  writeTiledImage,
} from "../../../packages/fits/src/write/write-tiled-image.ts";

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
 * Cards of a gnomonic coordinate system.
 * @param crpix counted from 1
 * @param matrix degrees per pixel: CDELT1 and CDELT2, or CD1_1, CD1_2, CD2_1 and CD2_2
 */
export function gnomonicCards(
  crval: readonly [number, number],
  crpix: readonly [number, number],
  matrix: readonly [number, number] | readonly [number, number, number, number],
): readonly Card[] {
  const names = matrix.length === 2 ? ["CDELT1", "CDELT2"] : ["CD1_1", "CD1_2", "CD2_1", "CD2_2"];
  return [
    valueCard("CTYPE1", "RA---TAN"),
    valueCard("CTYPE2", "DEC--TAN"),
    realCard("CRVAL1", crval[0]),
    realCard("CRVAL2", crval[1]),
    realCard("CRPIX1", crpix[0]),
    realCard("CRPIX2", crpix[1]),
    ...names.map((name, i) => realCard(name, matrix[i]!)),
  ];
}

/**
 * A RICE_1 file of 101 x 61 pixels, as the examples of the libraries read it: pixel (x, y), from 0,
 * is x + 101 y, and pixel (50, 30) is at RA 150, Dec 0.
 */
export function exampleFile(): Promise<Uint8Array> {
  const cards = gnomonicCards([150, 0], [51, 31], [-0.001, 0.001]);
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
