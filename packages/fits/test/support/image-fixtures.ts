import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { describeImage, type ImageDescription } from "../../src/describe/image-description.ts";
import { openFits } from "../../src/file/fits-file.ts";
import type { ByteSource } from "../../src/source/byte-source.ts";

/**
 * A small file with the values of an oracle for one of its images;
 * test/fixtures/generators/make_images.py.
 */
export interface ImageFixture {
  readonly name: string;
  readonly oracle: "fitsio" | "astropy" | "numpy";
  readonly hdu: number;
  readonly naxis: readonly number[];
  /** Type of the values, by its numpy name. */
  readonly type: string;
  /** Both as base64 of deflated bytes, the values little-endian. */
  readonly file: string;
  readonly values: string;
}

export const imageFixtures: readonly ImageFixture[] = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/fits/images.json", import.meta.url), "utf8"),
);

/** The bytes of a fixture's `file` or `values`. */
export function fixtureBytes(packed: string): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(packed, "base64")));
}

/** Describes the image in HDU `hdu` of a source. */
export async function imageOf(source: ByteSource, hdu: number): Promise<ImageDescription> {
  const { hdus } = await openFits(source);
  const image = await describeImage(source, hdus[hdu]!);
  if (image === undefined) throw new Error(`HDU ${hdu} has no image`);
  return image;
}

/** A box over a whole image. */
export function wholeImage({ naxis }: { readonly naxis: readonly number[] }) {
  return { start: naxis.map(() => 0), shape: naxis };
}
