import { type Card, realCard, valueCard } from "@sbnsis/fits";
import { latin1Bytes, parseCards } from "@sbnsis/fits/internal";

/** A card exactly as given, for nonstandard content of real files. */
export function rawCard(text: string): Card {
  return parseCards(latin1Bytes(text.padEnd(80).slice(0, 80)))[0]!;
}

/** Where and how a frame is placed on the sky. */
export interface Pointing {
  /** Reference position, degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Reference pixel, counted from 1. */
  readonly crpix: readonly [number, number];
}

/** Cards of CTYPE, CRVAL, CRPIX and CUNIT. */
export function pointingCards(projection: string, { ra, dec, crpix }: Pointing): Card[] {
  return [
    valueCard("CTYPE1", `RA---${projection}`, "right ascension"),
    valueCard("CTYPE2", `DEC--${projection}`, "declination"),
    realCard("CRVAL1", ra, "[deg] at the reference pixel"),
    realCard("CRVAL2", dec, "[deg] at the reference pixel"),
    realCard("CRPIX1", crpix[0], "[pix] reference pixel"),
    realCard("CRPIX2", crpix[1], "[pix] reference pixel"),
    valueCard("CUNIT1", "deg"),
    valueCard("CUNIT2", "deg"),
  ];
}

/** Cards of the CD matrix, degrees per pixel. */
export function matrixCards(cd: readonly [number, number, number, number]): Card[] {
  return (["CD1_1", "CD1_2", "CD2_1", "CD2_2"] as const).map((keyword, i) =>
    realCard(keyword, cd[i]!, "[deg/pix]"),
  );
}

/**
 * A matrix of this scale (degrees per pixel) rotated by `angle` degrees; east left and north up at
 * 0.
 */
export function rotatedMatrix(scale: number, angle: number): [number, number, number, number] {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return [-scale * c, scale * s, scale * s, scale * c];
}

/** Cards PVi_m of both axes in the order given: [axis, m, value]. */
export function pvCards(terms: readonly (readonly [number, number, number])[]): Card[] {
  return terms.map(([axis, m, value]) => realCard(`PV${axis}_${m}`, value, "distortion"));
}

/** A time `seconds` after an ISO time without zone, in the same form. */
export function timeAfter(start: string, seconds: number): string {
  return new Date(Date.parse(`${start}Z`) + seconds * 1000).toISOString().replace(/(\.000)?Z$/, "");
}

/** Modified Julian Date of an ISO time without zone (UTC). */
export function mjdOf(time: string): number {
  return Date.parse(`${time}Z`) / 86_400_000 + 40_587;
}

/** ISO time without zone of a Modified Julian Date, to the second. */
export function timeOfMjd(mjd: number): string {
  return new Date(Math.round((mjd - 40_587) * 86_400) * 1000).toISOString().slice(0, 19);
}
