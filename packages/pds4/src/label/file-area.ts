import { LabelError } from "../errors.ts";
import { childOf, childrenOf, numberOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** The data file of a label. */
export interface LabelFile {
  /** File name as spelled in the label; the file is in the label's folder. */
  readonly name: string;
  readonly md5: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

const FITS_NAME = /\.(fits?|fts|arch|diff)(\.fz|\.gz)?$/i;

/** How well a file area serves as the image of a product: array 3, FITS file 2, other file 1. */
function rank(area: XmlElement): number {
  if (area.children.some((child) => /^Array_[23]D/.test(child.name))) return 3;
  const name = textOf(childOf(childOf(area, "File"), "file_name")) ?? "";
  return FITS_NAME.test(name) ? 2 : 1;
}

function fileOf(area: XmlElement): LabelFile | undefined {
  const file = childOf(area, "File");
  const name = textOf(childOf(file, "file_name"));
  if (name === undefined) return undefined;
  return { name, md5: textOf(childOf(file, "md5_checksum")), size: fileSize(childOf(file, "file_size")) };
}

function fileSize(element: XmlElement | undefined): number | undefined {
  const size = numberOf(element);
  return size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/**
 * The file that holds the image: the first File_Area_Observational with an array of two or three
 * axes, or else the first with a FITS file.
 * "none" without any file area; "no-image" when all areas hold tables, texts or the like.
 * Errors: LABEL_INVALID for a file_name that is a path.
 */
export function imageFileOf(product: XmlElement): LabelFile | "none" | "no-image" {
  const areas = childrenOf(product, "File_Area_Observational").filter((area) => fileOf(area) !== undefined);
  if (areas.length === 0) return "none";
  const best = areas.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  if (rank(best) === 1) return "no-image";
  const file = fileOf(best) ?? "none";
  // a name with a path could lead the service to files outside the survey
  if (file !== "none" && (/[/\\\0]/.test(file.name) || file.name === "." || file.name === "..")) {
    throw new LabelError(
      "LABEL_INVALID",
      `file_name ${file.name.slice(0, 100)} is not the name of a file beside the label`,
    );
  }
  return file;
}
