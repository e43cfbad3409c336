/** A FIELD of a VOTable. */
export interface VotableColumn {
  readonly name: string;
  readonly datatype: "unicodeChar" | "char" | "int" | "long" | "double";
  /** How many numbers a cell has, if it is an array. */
  readonly length?: number;
  readonly unit?: string;
  readonly xtype?: string;
  /** ID of the COOSYS or TIMESYS. */
  readonly ref?: "icrs" | "utc";
  /** Unified content descriptor (IVOA UCD1+ 1.4). */
  readonly ucd: string;
  readonly description: string;
}

/** What the VOTable of a response contains in addition to its rows. */
export interface VotableParts {
  readonly description: string;
  /** Facts by name. */
  readonly info: Readonly<Record<string, string | number>>;
  readonly columns: readonly VotableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Whether matching rows were left out (DALI 1.1, 4.4.1). */
  readonly overflow: boolean;
}

/**
 * A VOTable 1.4 document (IVOA REC-VOTable-20191021, which uses the namespace of 1.3) with one
 * table; a row has a text for each column, empty for a missing value.
 */
export function votable({ description, info, columns, rows, overflow }: VotableParts): string {
  const infos = Object.entries(info).map(([name, value]) => infoElement(name, String(value)));
  const cells = rows.map(
    (row) => `<TR>${row.map((text, i) => `<TD>${xmlText(cellOf(text, columns[i]!))}</TD>`).join("")}</TR>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    '<RESOURCE type="results">',
    `<DESCRIPTION>${xmlText(description)}</DESCRIPTION>`,
    infoElement("QUERY_STATUS", "OK"),
    ...infos,
    '<COOSYS ID="icrs" system="ICRS"/>',
    '<TIMESYS ID="utc" timescale="UTC" refposition="TOPOCENTER"/>',
    `<TABLE name="results" nrows="${rows.length}">`,
    ...columns.map(fieldElement),
    "<DATA><TABLEDATA>",
    ...cells,
    "</TABLEDATA></DATA>",
    "</TABLE>",
    ...(overflow ? [infoElement("QUERY_STATUS", "OVERFLOW")] : []),
    "</RESOURCE>",
    "</VOTABLE>",
    "",
  ].join("\n");
}

function infoElement(name: string, value: string): string {
  return `<INFO name="${xmlText(name)}" value="${xmlText(value)}"/>`;
}

function fieldElement({ name, datatype, length, unit, xtype, ref, ucd, description }: VotableColumn): string {
  const size = datatype === "char" || datatype === "unicodeChar" ? "*" : length;
  const attributes = Object.entries({ name, datatype, arraysize: size, unit, xtype, ref, ucd })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}="${value}"`);
  return `<FIELD ${attributes.join(" ")}><DESCRIPTION>${xmlText(description)}</DESCRIPTION></FIELD>`;
}

/** The datatype char is ASCII, and the null value of doubles is NaN. */
function cellOf(text: string, { datatype, length = 1 }: VotableColumn): string {
  if (datatype === "double" && text === "") return Array(length).fill("NaN").join(" ");
  return datatype === "char" ? text.replace(/[^\t\n\r -~]/g, "?") : text;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text of an element or attribute; characters that XML 1.0 does not allow (2.2) become U+FFFD. */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}
