import { headerBytes, valueCard } from "@sbnsis/fits";
import type { BatchRow } from "../../../moving-objects/batch-row.ts";
import { MANIFEST_COLUMNS, type ManifestColumn, type ManifestValue } from "./manifest-columns.ts";

const BLOCK = 2880;
/** TNULLn: the value of integers that are not known. */
const UNKNOWN = -(2 ** 31);

/** One column: its TFORM and how it writes a value. */
interface TableColumn {
  readonly column: ManifestColumn;
  readonly form: string;
  readonly width: number;
  readonly write: (target: Buffer, at: number, row: number) => void;
}

function columnOf(column: ManifestColumn, values: readonly ManifestValue[]): TableColumn {
  switch (column.datatype) {
    case "int":
      return {
        column,
        form: "1J",
        width: 4,
        write: (target, at, row) => target.writeInt32BE(numberOf(values[row], UNKNOWN), at),
      };
    case "long":
      return {
        column,
        form: "1K",
        width: 8,
        write: (target, at, row) =>
          target.writeBigInt64BE(BigInt(Math.round(numberOf(values[row], UNKNOWN))), at),
      };
    case "double":
      return {
        column,
        form: "1D",
        width: 8,
        write: (target, at, row) => target.writeDoubleBE(numberOf(values[row], Number.NaN), at),
      };
    default: {
      const texts = values.map(textOf);
      const width = Math.max(1, ...texts.map((text) => text.length));
      const write = (target: Buffer, at: number, row: number) =>
        target.write((texts[row] ?? "").padEnd(width), at, "latin1");
      return { column, form: `${width}A`, width, write: (target, at, row) => void write(target, at, row) };
    }
  }
}

function numberOf(value: ManifestValue | undefined, unknown: number): number {
  return typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : unknown;
}

/** Text of a cell: FITS allows printable ASCII only (FITS 4.0, 7.3.3.1), others become `?`. */
function textOf(value: ManifestValue): string {
  const text = value === null ? "" : Array.isArray(value) ? value.join(" ") : String(value);
  return text.replace(/[^ -~]/g, "?");
}

/**
 * The manifest as a binary table extension named MANIFEST (FITS 4.0, 7.3), one row per row of the
 * list. Unknown numbers are NaN or TNULL, unknown texts are empty.
 */
export function manifestTable(rows: readonly BatchRow[], baseUrl: string): Uint8Array {
  const columns = MANIFEST_COLUMNS.map((column) =>
    columnOf(
      column,
      rows.map((row) => column.value(row, baseUrl)),
    ),
  );
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const fields = columns.flatMap(({ column, form }, i) => [
    valueCard(`TTYPE${i + 1}`, column.name),
    valueCard(`TFORM${i + 1}`, form),
    ...(column.unit === undefined ? [] : [valueCard(`TUNIT${i + 1}`, column.unit)]),
    ...(form === "1J" || form === "1K" ? [valueCard(`TNULL${i + 1}`, UNKNOWN)] : []),
  ]);
  const header = headerBytes([
    valueCard("XTENSION", "BINTABLE"),
    valueCard("BITPIX", 8),
    valueCard("NAXIS", 2),
    valueCard("NAXIS1", width),
    valueCard("NAXIS2", rows.length),
    valueCard("PCOUNT", 0),
    valueCard("GCOUNT", 1),
    valueCard("TFIELDS", columns.length),
    ...fields,
    valueCard("EXTNAME", "MANIFEST"),
  ]);
  const data = Buffer.alloc(Math.ceil((width * rows.length) / BLOCK) * BLOCK);
  for (const row of rows.keys()) {
    let at = row * width;
    for (const column of columns) {
      column.write(data, at, row);
      at += column.width;
    }
  }
  return Buffer.concat([header, data]);
}
