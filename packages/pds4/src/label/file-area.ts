import { LabelError } from "../errors.ts";
import { childOf, childrenOf, numberOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** The data file of a label. */
export interface LabelFile {
  /** File name as spelled in the label; the file is in the label's folder. */
  readonly name: string;
  readonly md5: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
  /** Pixels along the fastest axis (NAXIS1 of FITS) and the next one, of the image array. */
  readonly axes: readonly [number, number] | undefined;
}

const IMAGE_ARRAY = /^Array_[23]D/;

const FITS_NAME = /\.(fits?|fts|arch|diff)(\.fz|\.gz)?$/i;

/** How likely a file area is the image of a product: array 3, FITS file 2, other file 1. */
function rank(area: XmlElement): number {
  if (area.children.some((child) => IMAGE_ARRAY.test(child.name))) return 3;
  const name = textOf(childOf(childOf(area, "File"), "file_name")) ?? "";
  return FITS_NAME.test(name) ? 2 : 1;
}

function fileOf(area: XmlElement): LabelFile | undefined {
  const file = childOf(area, "File");
  const name = textOf(childOf(file, "file_name"));
  if (name === undefined) return undefined;
  return {
    name,
    md5: textOf(childOf(file, "md5_checksum")),
    size: wholeNumber(childOf(file, "file_size")),
    axes: axesOf(area.children.find((child) => IMAGE_ARRAY.test(child.name))),
  };
}

function wholeNumber(element: XmlElement | undefined): number | undefined {
  const value = numberOf(element);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * Lengths of the two fastest axes of an array, the fastest first (PDS4 Information Model:
 * axis_index_order says which index varies fastest); undefined unless all axes are described.
 */
function axesOf(array: XmlElement | undefined): LabelFile["axes"] {
  const axes = childrenOf(array, "Axis_Array").map((axis) => ({
    length: wholeNumber(childOf(axis, "elements")),
    sequence: wholeNumber(childOf(axis, "sequence_number")),
  }));
  const isInOrder = axes
    .map(({ sequence }) => sequence)
    .sort((a = 0, b = 0) => a - b)
    .every((sequence, i) => sequence === i + 1);
  if (!isInOrder) return undefined;
  const isFirstFastest = /^First/i.test(textOf(childOf(array, "axis_index_order")) ?? "");
  const direction = isFirstFastest ? 1 : -1;
  const [fastest, next] = axes.sort((a, b) => direction * (a.sequence! - b.sequence!));
  const [x, y] = [fastest?.length, next?.length];
  return x !== undefined && y !== undefined && x > 0 && y > 0 ? [x, y] : undefined;
}

/**
 * The file that holds the image: the first File_Area_Observational with an array of two or three
 * axes, or else the first with a FITS file.
 * "none" if there is no file area; "no-image" if all areas hold tables, texts or the like.
 * Errors: LABEL_INVALID for a file_name that is a path.
 */
export function imageFileOf(product: XmlElement): LabelFile | "none" | "no-image" {
  const areas = childrenOf(product, "File_Area_Observational").filter((area) => fileOf(area) !== undefined);
  if (areas.length === 0) return "none";
  const best = areas.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  if (rank(best) === 1) return "no-image";
  const file = fileOf(best) ?? "none";
  // a path could lead the service to files outside the survey
  if (file !== "none" && (/[/\\\0]/.test(file.name) || file.name === "." || file.name === "..")) {
    throw new LabelError(
      "LABEL_INVALID",
      `file_name ${file.name.slice(0, 100)} is not the name of a file in the label's folder`,
    );
  }
  return file;
}
