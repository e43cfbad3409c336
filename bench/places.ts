/** A frame and where on the sky it is: within `r` degrees of a position, ICRS degrees. */
export interface Place {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  readonly r: number;
}

/** The lines of a `frames.csv` (bench/frames.ts). */
export function lidPlaces(text: string): readonly Place[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [id, ra, dec, r] = line.split(",");
      return { id: id!, ra: Number(ra), dec: Number(dec), r: Number(r) };
    });
}
