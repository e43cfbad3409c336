/** Limits of a document. */
export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
}

/** Limits of a label: the PDS4 dictionaries nest fewer than 25 levels. */
export const LABEL_LIMITS: XmlLimits = { depth: 64, elements: 200_000, attributes: 65_536 };

/** A name without its prefix. */
export function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

const OPAQUE: ReadonlySet<string> = new Set([
  "Citation_Information",
  "Modification_History",
  "Reference_List",
  "Investigation_Area",
  "Display_Settings",
]);

/** Whether an element of this name describes a file and its contents. */
export function isFileArea(name: string): boolean {
  return name.startsWith("File_Area_");
}

/** Whether the content of an element in a file area is kept: names of files, sizes of arrays. */
export function isKeptInFileArea(name: string): boolean {
  return name === "File" || name.startsWith("Array_");
}

/**
 * Whether nothing inside this element matters here, as in tables of thousands of fields or
 * modification histories.
 * Such an element is kept without its content.
 */
export function isOpaque(name: string, parent: string | undefined): boolean {
  return OPAQUE.has(name) || (parent !== undefined && isFileArea(parent) && !isKeptInFileArea(name));
}

/** Character data with each run of white space folded to one blank, and trimmed. */
export function foldText(text: string): string {
  return /[^\S ]|^ | $| {2}/.test(text) ? text.replace(/\s+/g, " ").trim() : text;
}
