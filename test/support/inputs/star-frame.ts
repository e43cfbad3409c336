import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageHdu, valueCard } from "@sbnsis/fits";
import { gnomonicCards } from "./made-fits.ts";
import { makeLabel } from "./make-label.ts";

/** Position of a star in a made frame, ICRS, degrees. */
export const STAR = { ra: 20, dec: 5 };
/** Standard deviation of its light, arcseconds. */
export const STAR_SIGMA = 5;

/** Writes a frame with one star in its middle and returns its identifier. */
export function writeStar(folder: string, scale: number): string {
  const side = 2 * Math.ceil(80 / scale) + 1;
  const middle = (side - 1) / 2;
  const pixels = Int16Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) - middle, Math.floor(i / side) - middle];
    return Math.round(900 * Math.exp(-((x ** 2 + y ** 2) * scale ** 2) / (2 * STAR_SIGMA ** 2)));
  });
  const cards = [
    ...gnomonicCards([STAR.ra, STAR.dec], [middle + 1, middle + 1], [-scale / 3600, scale / 3600]),
    valueCard("RADESYS", "ICRS"),
  ];
  const file = `star${scale}.fits`;
  const lid = `urn:nasa:pds:made.survey:stars:${file}`;
  writeFileSync(join(folder, file), imageHdu({ naxis: [side, side], pixels, cards }));
  writeFileSync(join(folder, file.replace(".fits", ".xml")), makeLabel({ lid, file }));
  return lid;
}

/**
 * The flux of a star divided by its peak, square arcseconds, within six times its width.
 * @param side that of the cutout, which fills the height of the canvas, arcsec
 */
export function starArea(
  { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  side: number,
): number {
  const perPixel = side / Math.min(width, height);
  const reach = Math.floor((6 * STAR_SIGMA) / perPixel);
  let [sum, peak] = [0, 0];
  for (let y = (height >> 1) - reach; y <= (height >> 1) + reach; y++) {
    for (let x = (width >> 1) - reach; x <= (width >> 1) + reach; x++) {
      sum += data[4 * (y * width + x)]!;
      peak = Math.max(peak, data[4 * (y * width + x)]!);
    }
  }
  return (sum / peak) * perPixel ** 2;
}
