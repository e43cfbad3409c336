import { xmlAttributes, xmlText } from "../xml/xml-text.ts";

/** A value of a cell; null where there is none. */
export type CellValue = string | number | boolean | readonly number[] | null;

/** A FIELD or PARAM (VOTable 1.4, 4.1). */
export interface VotableField {
  readonly name: string;
  readonly id?: string;
  readonly datatype: "boolean" | "char" | "unicodeChar" | "int" | "long" | "double";
  /** Defaults to `*` for text, otherwise to a scalar. */
  readonly arraysize?: string | number;
  readonly unit?: string;
  readonly xtype?: string;
  /** ID of a COOSYS, TIMESYS, or of a FIELD. */
  readonly ref?: string;
  /** Unified content descriptor (IVOA UCD1+ 1.4). */
  readonly ucd?: string;
  readonly utype?: string;
  readonly description?: string;
}

/** The values that a PARAM may take (VOTable 1.4, 4.7). */
export interface ParameterValues {
  readonly min?: string;
  readonly max?: string;
  readonly options?: readonly string[];
}

/** A PARAM element. */
export interface VotableParam extends VotableField {
  /** Defaults to empty. */
  readonly value?: string;
  readonly values?: ParameterValues;
}

export function fieldElement(field: VotableField): string {
  return element("FIELD", field, undefined, "");
}

export function paramElement({ value = "", values, ...field }: VotableParam): string {
  return element("PARAM", field, value, values === undefined ? "" : valuesElement(values));
}

function element(name: string, field: VotableField, value: string | undefined, content: string): string {
  const { description, id, datatype, arraysize, unit, xtype, ref, ucd, utype } = field;
  const isText = datatype === "char" || datatype === "unicodeChar";
  const attributes = xmlAttributes({
    name: field.name,
    ID: id,
    datatype,
    arraysize: arraysize ?? (isText ? "*" : undefined),
    unit,
    xtype,
    ref,
    ucd,
    utype,
    value,
  });
  const about = description === undefined ? "" : `<DESCRIPTION>${xmlText(description)}</DESCRIPTION>`;
  const inner = about + content;
  return inner === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`;
}

function valuesElement({ min, max, options = [] }: ParameterValues): string {
  const bounds = [
    ...(min === undefined ? [] : [`<MIN value="${xmlText(min)}"/>`]),
    ...(max === undefined ? [] : [`<MAX value="${xmlText(max)}"/>`]),
  ];
  const all = [...bounds, ...options.map((option) => `<OPTION value="${xmlText(option)}"/>`)];
  return all.length === 0 ? "" : `<VALUES>${all.join("")}</VALUES>`;
}
