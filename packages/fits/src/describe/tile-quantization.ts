import { FitsError } from "../errors.ts";
import { type Header, headerInteger, headerNumber, headerText } from "../header/header.ts";
import type { QuantizeMethod } from "../quantize/quantize.ts";
import type { TableColumn, TableRows } from "./table-columns.ts";

/** How the quantized floats of an image are restored (FITS 4.0, 10.2). */
export interface Quantization {
  readonly method: QuantizeMethod;
  /** ZDITHER0; defaults to 1. */
  readonly zdither0: number;
  /** ZSCALE and ZZERO: one value per tile, or one for all. */
  readonly zscale: Float64Array | number;
  readonly zzero: Float64Array | number;
  readonly zblank: Int32Array | number | undefined;
  /**
   * Applied to the restored values: BSCALE and BZERO of the header, or 1 and 0. As in cfitsio, the
   * two linear scalings are combined, so that a pixel is rounded once.
   */
  readonly bscale: number;
  readonly bzero: number;
}

const METHODS: ReadonlySet<string> = new Set(["NO_DITHER", "SUBTRACTIVE_DITHER_1", "SUBTRACTIVE_DITHER_2"]);

/**
 * Reads how the floats of a compressed image were quantized; undefined when they were not.
 * Errors: FITS_UNSUPPORTED for an unknown ZQUANTIZ and for columns that are not numbers.
 */
export function quantizationOf(
  header: Header,
  named: (name: string) => TableColumn | undefined,
  rows: TableRows,
): Quantization | undefined {
  const column = (name: string) => numberColumn(named(name), rows);
  const zscale = column("ZSCALE") ?? headerNumber(header, "ZSCALE");
  const written = headerText(header, "ZQUANTIZ")?.toUpperCase();
  if (zscale === undefined || written === "NONE") return undefined;
  const method = written ?? "NO_DITHER";
  if (!METHODS.has(method))
    throw new FitsError("FITS_UNSUPPORTED", `ZQUANTIZ is '${method}'; known are ${[...METHODS].join(", ")}`);
  const zzero = column("ZZERO") ?? headerNumber(header, "ZZERO") ?? 0;
  const blanks = column("ZBLANK");
  return {
    method: method as QuantizeMethod,
    zdither0: headerInteger(header, "ZDITHER0") ?? 1,
    zscale,
    zzero,
    bscale: headerNumber(header, "BSCALE") ?? 1,
    bzero: headerNumber(header, "BZERO") ?? 0,
    zblank:
      blanks === undefined
        ? (headerInteger(header, "ZBLANK") ?? headerInteger(header, "BLANK"))
        : Int32Array.from(blanks),
  };
}

/**
 * The integer for a missing value in an image of integers whose ZBLANK is a column of the table;
 * undefined when there is none.
 * Errors: FITS_UNSUPPORTED when it varies between tiles: the image then has no single BLANK.
 */
export function blankColumn(
  named: (name: string) => TableColumn | undefined,
  rows: TableRows,
): number | undefined {
  const blanks = numberColumn(named("ZBLANK"), rows);
  if (blanks?.some((blank) => blank !== blanks[0]))
    throw new FitsError("FITS_UNSUPPORTED", "the column ZBLANK of an image of integers has several values");
  return blanks?.[0];
}

function numberColumn(
  column: TableColumn | undefined,
  { view, rowLength, count }: TableRows,
): Float64Array | undefined {
  if (column === undefined || column.descriptor !== undefined || column.repeat < 1) return undefined;
  const values = new Float64Array(count);
  for (let row = 0, at = column.offset; row < count; row++, at += rowLength)
    values[row] = numberAt(view, at, column);
  return values;
}

function numberAt(view: DataView, at: number, { type, name }: TableColumn): number {
  switch (type) {
    case "D":
      return view.getFloat64(at);
    case "E":
      return view.getFloat32(at);
    case "J":
      return view.getInt32(at);
    case "I":
      return view.getInt16(at);
    case "B":
      return view.getUint8(at);
    case "K":
      return Number(view.getBigInt64(at));
    default:
      throw new FitsError("FITS_UNSUPPORTED", `column ${name} holds elements of type ${type}`);
  }
}
