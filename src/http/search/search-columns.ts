import type { ColumnType } from "../../catalog/model/column.ts";
import type { VotableColumn } from "../responses/tables.ts";
import { type CellValue, type ShownColumn, shownColumns } from "./search-response.ts";

/** VOTable text from labels can be any Unicode; links and times are ASCII. */
const DATATYPES: Readonly<Record<ColumnType, Partial<VotableColumn> & Pick<VotableColumn, "datatype">>> = {
  text: { datatype: "unicodeChar" },
  integer: { datatype: "int" },
  bigint: { datatype: "long" },
  real: { datatype: "double" },
  corners: { datatype: "double", arraysize: 8, xtype: "polygon", ref: "icrs" },
};
const TIME = { datatype: "char", ref: "utc" } as const;

function votableColumn({ type, response }: ShownColumn): VotableColumn {
  const { name, ucd, description, unit, isTime = false } = response;
  const datatype = isTime ? TIME : DATATYPES[type];
  return { name, ucd, description, ...datatype, ...(unit !== undefined && { unit }) };
}

function linkColumn(name: string, description: string): VotableColumn {
  return { name, datatype: "char", ucd: "meta.ref.url", description };
}

const rowColumns: readonly VotableColumn[] = [
  ...shownColumns("image").map(votableColumn),
  linkColumn("access_url", "URL of the image"),
  ...shownColumns("image_detail").map(votableColumn),
];

const placeColumns: readonly VotableColumn[] = [
  {
    name: "distance",
    datatype: "double",
    ucd: "pos.angDistance",
    unit: "deg",
    description: "Distance from the searched position to the middle of the corners",
  },
  linkColumn("cutout_url", "URL of a FITS cutout around the searched position"),
  linkColumn("preview_url", "URL of the same cutout as a picture with north up"),
];

/** Columns of a search response, in the order of the members of a JSON row. */
export function searchColumns(hasPlace: boolean): readonly VotableColumn[] {
  return hasPlace ? [...rowColumns, ...placeColumns] : rowColumns;
}

/**
 * A value as text of a table cell: the numbers of an array separated by spaces, a missing value
 * empty.
 */
export function cellText(value: CellValue | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? value.flat().join(" ") : String(value);
}
