import { isPlain, XML_DECLARATION, xmlAttributes, xmlText } from "../xml/xml-text.ts";
import { type CellValue, fieldElement, paramElement, type VotableField, type VotableParam } from "./field.ts";

/** How the query of a document ended (DALI 1.1, 4.4). */
export type QueryEnd =
  | { readonly status: "OK" }
  | { readonly status: "OVERFLOW" }
  | { readonly status: "ERROR"; readonly message: string };

/** The head of a document with one table. */
export interface VotableHead {
  readonly description?: string;
  /** INFO elements by name. */
  readonly info?: Readonly<Record<string, string | number>>;
  readonly fields: readonly VotableField[];
  /** Whether fields refer to the COOSYS `icrs` and to the TIMESYS `utc`. */
  readonly hasSystems?: boolean;
  /** Whether times are Modified Julian Dates. */
  readonly hasMjd?: boolean;
  readonly tableName?: string;
  readonly rows?: number;
}

const OPEN = '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">';

/**
 * A VOTable 1.4 document (IVOA REC-VOTable-20191021, which uses the namespace of 1.3) up to its
 * first row. It is followed by rows of `rowWriter` and by `votableTail`.
 */
export function votableHead(head: VotableHead): string {
  const { description, info = {}, fields, hasSystems = false, hasMjd = false, rows } = head;
  return [
    XML_DECLARATION,
    OPEN,
    '<RESOURCE type="results">',
    ...(description === undefined ? [] : [`<DESCRIPTION>${xmlText(description)}</DESCRIPTION>`]),
    infoElement("QUERY_STATUS", "OK"),
    ...Object.entries(info).map(([name, value]) => infoElement(name, String(value))),
    ...(hasSystems ? systems(hasMjd) : []),
    `<TABLE${xmlAttributes({ name: head.tableName ?? "results", nrows: rows })}>`,
    ...fields.map(fieldElement),
    "<DATA><TABLEDATA>",
    "",
  ].join("\n");
}

/** The end of a document; `resources` are further RESOURCE elements. */
export function votableTail(end: QueryEnd, resources: readonly string[] = []): string {
  return [
    "</TABLEDATA></DATA>",
    "</TABLE>",
    ...(end.status === "OK" ? [] : [endElement(end)]),
    "</RESOURCE>",
    ...resources,
    "</VOTABLE>",
    "",
  ].join("\n");
}

/** A document that reports an error (DALI 1.1, 4.4.2). */
export function votableError(message: string): string {
  const end = endElement({ status: "ERROR", message });
  return [XML_DECLARATION, OPEN, '<RESOURCE type="results">', end, "</RESOURCE>", "</VOTABLE>", ""].join(
    "\n",
  );
}

/**
 * Writes rows with one value for each field; a missing text is an empty cell, a missing double NaN
 * (VOTable 1.4, 5.1 and 6).
 */
export function rowWriter(fields: readonly VotableField[]): (values: readonly CellValue[]) => string {
  const writers = fields.map(cellWriter);
  return (values) => {
    const cells = new Array<string>(writers.length);
    for (let i = 0; i < writers.length; i++) cells[i] = writers[i]!(values[i] ?? null);
    // joined, a row is one flat string; concatenated, it would be a tree of its parts
    return `<TR><TD>${cells.join("</TD><TD>")}</TD></TR>\n`;
  };
}

function cellWriter({ datatype, arraysize }: VotableField): (value: CellValue) => string {
  const isFixed = typeof arraysize === "number";
  const isAscii = datatype === "char";
  const nothing =
    datatype === "double" && arraysize !== "*"
      ? Array(isFixed ? arraysize : 1)
          .fill("NaN")
          .join(" ")
      : "";
  return (value) => {
    if (value === null || value === "") return nothing;
    if (typeof value === "string")
      return isPlain(value) ? value : xmlText(isAscii ? asciiText(value) : value);
    return Array.isArray(value) ? value.join(" ") : String(value);
  };
}

const NOT_ASCII = /[^\t\n\r -~]/;
const ALL_NOT_ASCII = new RegExp(NOT_ASCII, "g");

/** The datatype char is ASCII: other characters become question marks. */
function asciiText(text: string): string {
  return NOT_ASCII.test(text) ? text.replace(ALL_NOT_ASCII, "?") : text;
}

function systems(hasMjd: boolean): readonly string[] {
  const timeorigin = hasMjd ? "MJD-origin" : undefined;
  return [
    '<COOSYS ID="icrs" system="ICRS"/>',
    `<TIMESYS${xmlAttributes({ ID: "utc", timescale: "UTC", refposition: "TOPOCENTER", timeorigin })}/>`,
  ];
}

function infoElement(name: string, value: string): string {
  return `<INFO${xmlAttributes({ name, value })}/>`;
}

function endElement(end: QueryEnd): string {
  const attributes = xmlAttributes({ name: "QUERY_STATUS", value: end.status });
  return end.status === "ERROR"
    ? `<INFO${attributes}>${xmlText(end.message)}</INFO>`
    : `<INFO${attributes}/>`;
}

/** A service that a document describes (DataLink 1.1, 4). */
export interface ServiceDescriptor {
  /** XML ID, for a `service_def`. */
  readonly id?: string;
  /** `adhoc:this` describes the service that wrote the document. */
  readonly utype: "adhoc:service" | "adhoc:this";
  /** Unique within a document, like the description. */
  readonly name: string;
  readonly description: string;
  readonly accessUrl: string;
  readonly standardId: string;
  readonly contentType?: string;
  readonly parameters: readonly VotableParam[];
}

const fact = (name: string, value: string, ucd?: string) =>
  paramElement({ name, datatype: "char", value, ...(ucd !== undefined && { ucd }) });

/** A service descriptor: a RESOURCE element. */
export function serviceDescriptor(service: ServiceDescriptor): string {
  const { id, utype, name, description, accessUrl, standardId, contentType, parameters } = service;
  return [
    `<RESOURCE${xmlAttributes({ type: "meta", ID: id, name, utype })}>`,
    `<DESCRIPTION>${xmlText(description)}</DESCRIPTION>`,
    fact("standardID", standardId),
    fact("accessURL", accessUrl, "meta.ref.url"),
    ...(contentType === undefined ? [] : [fact("contentType", contentType, "meta.code.mime")]),
    '<GROUP name="inputParams">',
    ...parameters.map(paramElement),
    "</GROUP>",
    "</RESOURCE>",
  ].join("\n");
}
