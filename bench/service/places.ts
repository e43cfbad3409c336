/**
 * A frame and its position on the sky, ICRS degrees: it covers the positions within `r` degrees.
 */
export interface Place {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  readonly r: number;
}

/** The lines of a `frames.csv` (bench/service/frames.ts). */
export function lidPlaces(text: string): readonly Place[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [id, ra, dec, r] = line.split(",");
      return { id: id!, ra: Number(ra), dec: Number(dec), r: Number(r) };
    });
}
