/** Shortest and longest wavelength that an image was taken in, meters in vacuum. */
export type Band = readonly [shortest: number, longest: number];

/** A band between two wavelengths in nanometers. */
export function band(shortest: number, longest: number): Band {
  // divided, so that 350 nm is the double nearest to 3.5e-7
  return [shortest / 1e9, longest / 1e9];
}

/** Upper end of what a silicon CCD detects, nanometers: nominal, not measured. */
export const SILICON_END = 1000;

const UNFILTERED: ReadonlySet<string> = new Set(["", "none", "open", "clear"]);

/**
 * The band of a survey without filters: the nominal range of a silicon CCD, 350 to 1000 nm;
 * undefined where the label names a filter.
 */
export function unfilteredBand(filter: string | undefined): Band | undefined {
  return UNFILTERED.has((filter ?? "").trim().toLowerCase()) ? band(350, SILICON_END) : undefined;
}
