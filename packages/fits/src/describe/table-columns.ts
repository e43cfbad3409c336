import { FitsError } from "../errors.ts";
import { type Header, headerInteger, headerText } from "../header/header.ts";

/** A column of a binary table (FITS 4.0, 7.3). */
export interface TableColumn {
  /** From 1, as in TTYPEn. */
  readonly number: number;
  /** TTYPEn in upper case, empty when absent. */
  readonly name: string;
  /** Elements in a row: the repeat count. */
  readonly repeat: number;
  /** Type letter of the elements: L X B I J K A E D C M; for `P` and `Q`, of those in the heap. */
  readonly type: string;
  /** `P` (32-bit) or `Q` (64-bit) when a row has a descriptor of an array in the heap. */
  readonly descriptor: "P" | "Q" | undefined;
  /** Byte offset in the row, and length there. */
  readonly offset: number;
  readonly width: number;
}

/** The first `count` rows of a table, as stored in the file. */
export interface TableRows {
  readonly view: DataView;
  readonly rowLength: number;
  readonly count: number;
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  L: 1,
  B: 1,
  A: 1,
  I: 2,
  J: 4,
  E: 4,
  K: 8,
  D: 8,
  C: 8,
  M: 16,
};

/** Bytes of one element of a type other than X. */
export function elementBytes(type: string): number {
  return ELEMENT_BYTES[type] ?? 1;
}

/** The columns of a binary table, from its TFORMn. Errors: FITS_CORRUPT. */
export function tableColumns(header: Header): readonly TableColumn[] {
  const count = headerInteger(header, "TFIELDS");
  if (count === undefined || count < 0 || count > 999)
    throw new FitsError("FITS_CORRUPT", "TFIELDS is missing or not between 0 and 999");
  const columns: TableColumn[] = [];
  let offset = 0;
  for (let number = 1; number <= count; number++) {
    const column = columnOf(header, number, offset);
    columns.push(column);
    offset += column.width;
  }
  const rowLength = headerInteger(header, "NAXIS1");
  if (rowLength === undefined || offset > rowLength) {
    throw new FitsError(
      "FITS_CORRUPT",
      `the columns take ${offset} bytes of a row, but NAXIS1 is ${rowLength}`,
    );
  }
  return columns;
}

function columnOf(header: Header, number: number, offset: number): TableColumn {
  const form = headerText(header, `TFORM${number}`);
  const match = /^(\d*)([LXBIJKAEDCM]|([PQ])([LXBIJKAEDCM]))/i.exec(form ?? "");
  if (match === null)
    throw new FitsError(
      "FITS_CORRUPT",
      `TFORM${number} is ${form ?? "missing"}, which is not a valid column format`,
    );
  const repeat = match[1] === "" ? 1 : Number(match[1]);
  const descriptor = match[3]?.toUpperCase() as "P" | "Q" | undefined;
  const type = (match[4] ?? match[2]!).toUpperCase();
  const width =
    descriptor !== undefined
      ? repeat * (descriptor === "P" ? 8 : 16)
      : type === "X"
        ? Math.ceil(repeat / 8)
        : repeat * elementBytes(type);
  return {
    number,
    name: headerText(header, `TTYPE${number}`)?.toUpperCase() ?? "",
    repeat,
    type,
    descriptor,
    offset,
    width,
  };
}
