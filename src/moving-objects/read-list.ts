import { readAdesPsv, readAdesXml } from "./forms/ades.ts";
import type { FormOptions } from "./forms/build-row.ts";
import { decodeText, linesOf } from "./forms/decode-text.ts";
import { delimiterOf, readDelimited } from "./forms/delimited.ts";
import { readHorizons } from "./forms/horizons.ts";
import { readJsonList } from "./forms/json-list.ts";
import { isObservationLine, readMpc80 } from "./forms/mpc80.ts";
import { readVotable } from "./forms/votable.ts";
import { unreadable } from "./list-error.ts";
import type { ObjectList } from "./object-row.ts";

type ReadForm = (text: string, options: FormOptions) => ObjectList;

/** Delimiters of the media types that name one. */
const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ["text/csv", ","],
  ["text/tab-separated-values", "\t"],
]);

/** Longest name of a target, which becomes part of the names of files and of every status. */
const LONGEST_TARGET = 255;

/** Number of leading characters of a text that suffice to recognize its form. */
const HEAD = 2048;

function xmlForm(head: string): ReadForm {
  const root = /<(?:[\w.-]+:)?([A-Za-z]\w*)[\s>/]/.exec(head.replace(/<\?.*?\?>|<!--.*?-->/gs, ""))?.[1];
  if (root === "VOTABLE") return readVotable;
  if (root === "ades") return readAdesXml;
  // an error of its syntax says more than that its form is unknown
  if (/<!DOCTYPE/i.test(head)) return readVotable;
  throw unreadable(`the XML is neither a VOTable nor ADES, but <${root ?? "?"}>`, { line: 1, column: 1 });
}

/** The form of a text by its first characters; the media type matters only for delimited text. */
function formOf(text: string, mediaType: string): ReadForm {
  const head = text.slice(0, HEAD).trimStart();
  if (head.startsWith("{") || head.startsWith("[") || mediaType.endsWith("json")) return readJsonList;
  if (head.startsWith("<")) return xmlForm(head);
  if (text.includes("$$SOE")) return readHorizons;
  if (/^#\s*version=(?:2017|2022)\s*$/m.test(head) && head.startsWith("#")) return readAdesPsv;
  const lines = linesOf(text.slice(0, HEAD)).filter((line) => line.trim() !== "");
  const header = lines.find((line) => !line.startsWith("#")) ?? "";
  if (header.split("|").some((name) => name.trim() === "obsTime")) return readAdesPsv;
  if (lines.slice(0, 20).some(isObservationLine)) return readMpc80;
  const delimiter = delimiterOf(header) ?? DELIMITERS.get(mediaType);
  if (delimiter === undefined) {
    throw unreadable(
      "this is none of: CATCH or other JSON, CSV, TSV, VOTable, ADES, MPC 80 columns, Horizons",
      { line: 1, column: 1 },
    );
  }
  return (body, options) => readDelimited(body, delimiter, options);
}

/**
 * Reads a list in any of its forms, recognized by its first bytes, or by its media type where those
 * are ambiguous. Rows that cannot be read are rows with an error.
 * Errors: LIST_UNREADABLE with line and column, LIST_TOO_LARGE, EPHEMERIS_FRAME.
 *
 * @param mediaType Content-Type; parameters are ignored
 */
export function readList(bytes: Uint8Array, mediaType: string, options: FormOptions): ObjectList {
  const text = decodeText(bytes);
  const [type = ""] = mediaType.toLowerCase().split(";", 1);
  const list = formOf(text, type.trim())(text, options);
  if ((list.target?.length ?? 0) > LONGEST_TARGET) {
    const reason = `the name of the target has more than ${LONGEST_TARGET} characters`;
    throw unreadable(reason, { line: 1, column: 1 });
  }
  return list;
}
