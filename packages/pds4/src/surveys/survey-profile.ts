import type { ImageLabel } from "../label/label.ts";

/** What is particular to the products of one survey. */
export interface SurveyProfile {
  readonly name: string;
  /** Whether products with this logical identifier are of the survey. */
  readonly matches: (lid: string) => boolean;
  /** HDU where the image and its WCS are looked for first, counted from 0. */
  readonly imageHdu: number;
  /** Why a label of this survey is not of an image to be served, or undefined when it is. */
  readonly reasonToSkip: (label: ImageLabel) => string | undefined;
  /** Names under which the data file may lie beside the label, the likeliest first. */
  readonly dataFileNames: (label: ImageLabel) => readonly string[];
  /** Name of the data file in the survey's archive, where it is not beside the label. */
  readonly archivedName: (label: ImageLabel) => string;
  /** Degrees per pixel where the label does not say it. */
  readonly pixelScale: (label: ImageLabel) => number | undefined;
}

/** The file as the label names it, else the same tile-compressed by fpack. */
export function plainOrPacked(label: ImageLabel): readonly string[] {
  return [label.file.name, `${label.file.name}.fz`];
}

/** The archive holds the file packed by fpack, whatever the label says. */
export function packedName(label: ImageLabel): string {
  return label.file.name.endsWith(".fz") ? label.file.name : `${label.file.name}.fz`;
}

/** Whether `lid` is of the bundle `urn:nasa:pds:<bundle>` or of one of its numbered parts (`<bundle>.240`). */
export function isOfBundle(lid: string, bundle: string): boolean {
  const field = lid.split(":")[3]?.toLowerCase() ?? "";
  return field === bundle || field.startsWith(`${bundle}.`);
}
