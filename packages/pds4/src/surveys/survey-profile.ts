import type { ImageLabel } from "../label/label.ts";

/** How the products of one survey differ from those of others. */
export interface SurveyProfile {
  readonly name: string;
  /** The survey's name for people; undefined for the default profile, which has none. */
  readonly title: string | undefined;
  /** Whether products with this logical identifier belong to the survey. */
  readonly matches: (lid: string) => boolean;
  /** Preferred HDU of the image and its WCS, counted from 0. */
  readonly imageHdu: number;
  /** Why this label does not describe an image to serve; undefined when it does. */
  readonly reasonToSkip: (label: ImageLabel) => string | undefined;
  /** Possible names of the data file in the label's folder, the likeliest first. */
  readonly dataFileNames: (label: ImageLabel) => readonly string[];
  /** Name of the data file in the survey's archive, when it is not in the label's folder. */
  readonly archivedName: (label: ImageLabel) => string;
  /** Degrees per pixel where the label does not give it. */
  readonly pixelScale: (label: ImageLabel) => number | undefined;
  /** Whether the label's Axis_Array is wrong, so that only the FITS header gives the axes. */
  readonly hasWrongAxes: (label: ImageLabel) => boolean;
  /** Identifier of an exposure, which its products share. */
  readonly exposureOf: (lid: string) => string;
  /** Whether a product is the difference between an exposure and an earlier image of the sky. */
  readonly isDifference: (lid: string) => boolean;
  /** The wavelengths that a filter of the label passes; undefined where they are unknown. */
  readonly band: (filter: string | undefined) => Band | undefined;
}

/** The file named by the label, or else the same file tile-compressed by fpack. */
function plainOrPacked(label: ImageLabel): readonly string[] {
  return [label.file.name, `${label.file.name}.fz`];
}

/** The file packed by fpack, whatever name the label gives: the archive holds only packed files. */
export function packedName(label: ImageLabel): string {
  return label.file.name.endsWith(".fz") ? label.file.name : `${label.file.name}.fz`;
}

/**
 * Whether `lid` belongs to the bundle `urn:nasa:pds:<bundle>` or one of its numbered parts
 * (`<bundle>.240`).
 */
export function isOfBundle(lid: string, bundle: string): boolean {
  const field = bundleField(lid);
  return field === bundle || field.startsWith(`${bundle}.`);
}

/** The last LID and its bundle, cached because every profile tests the same LID in turn. */
let last = { lid: "", field: "" };

/** The fourth field of a LID, in lower case; empty if it has none. */
function bundleField(lid: string): string {
  if (lid !== last.lid) last = { lid, field: lid.split(":", 4)[3]?.toLowerCase() ?? "" };
  return last.field;
}

/** Shortest and longest wavelength of the band of an image, meters in vacuum. */
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

/** Any survey without its own profile: the label is authoritative. */
export const DEFAULT_PROFILE: SurveyProfile = {
  name: "default",
  title: undefined,
  matches: () => true,
  imageHdu: 0,
  reasonToSkip: () => undefined,
  dataFileNames: plainOrPacked,
  archivedName: (label) => label.file.name,
  pixelScale: (label) => label.pixelScale,
  hasWrongAxes: () => false,
  exposureOf: (lid) => lid,
  isDifference: () => false,
  band: () => undefined,
};
