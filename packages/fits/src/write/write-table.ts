import { FitsError } from "../errors.ts";
import { dataSum, withChecksums } from "../file/checksum.ts";
import type { Card } from "../header/card.ts";
import { latin1Bytes } from "../header/card.ts";
import { paddedLength } from "../header/header.ts";
import { valueCard } from "../header/write-card.ts";

/** A column of a binary table (FITS 4.0, 7.3). */
export interface TableColumn {
  /** TTYPEn. */
  readonly name: string;
  /** TUNITn. */
  readonly unit?: string;
  /** Comment of TTYPEn. */
  readonly comment?: string;
  /**
   * One value per row. Numbers become doubles (`D`), or with `integer` 32-bit integers (`J`);
   * a missing number is NaN, which integers cannot be. Strings become ASCII, padded to the longest
   * one; other characters become `?`.
   */
  readonly values: readonly number[] | readonly string[];
  readonly integer?: boolean;
}

/**
 * The bytes of a binary table, padded, with CHECKSUM and DATASUM.
 * Errors: FITS_WRITE for columns of different lengths, and for integers that 32 bits cannot hold.
 */
export function binaryTableHdu(columns: readonly TableColumn[], cards: readonly Card[] = []): Uint8Array {
  const rows = columns[0]?.values.length ?? 0;
  if (columns.some(({ values }) => values.length !== rows))
    throw new FitsError("FITS_WRITE", "columns of different lengths");
  const fields = columns.map(fieldOf);
  const width = fields.reduce((sum, field) => sum + field.width, 0);
  const data = new Uint8Array(rows * width);
  const view = new DataView(data.buffer);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (const field of fields) {
      field.write(view, at, row);
      at += field.width;
    }
  }
  const structure: readonly Card[] = [
    valueCard("XTENSION", "BINTABLE", "binary table extension"),
    valueCard("BITPIX", 8, "bytes"),
    valueCard("NAXIS", 2, "number of axes"),
    valueCard("NAXIS1", width, "bytes of a row"),
    valueCard("NAXIS2", rows, "number of rows"),
    valueCard("PCOUNT", 0, "no heap"),
    valueCard("GCOUNT", 1, "one group"),
    valueCard("TFIELDS", columns.length, "number of columns"),
    ...columns.flatMap(({ name, unit, comment }, k) => [
      valueCard(`TTYPE${k + 1}`, name, comment),
      valueCard(`TFORM${k + 1}`, fields[k]!.form),
      ...(unit === undefined ? [] : [valueCard(`TUNIT${k + 1}`, unit)]),
    ]),
    ...cards,
  ];
  const header = withChecksums(structure, dataSum(data));
  const bytes = new Uint8Array(header.length + paddedLength(data.length));
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
}

interface Field {
  readonly form: string;
  /** Bytes. */
  readonly width: number;
  write(view: DataView, at: number, row: number): void;
}

function fieldOf({ name, values, integer = false }: TableColumn): Field {
  if (values.some((value) => typeof value === "string")) {
    const texts = values.map((value) => String(value).replace(/[^\x20-\x7e]/g, "?"));
    const width = Math.max(1, ...texts.map((text) => text.length));
    const write = (view: DataView, at: number, row: number) => {
      const bytes = latin1Bytes(texts[row]!.padEnd(width));
      for (let i = 0; i < width; i++) view.setUint8(at + i, bytes[i]!);
    };
    return { form: `${width}A`, width, write };
  }
  const numbers = values as readonly number[];
  if (!integer) return { form: "1D", width: 8, write: (view, at, row) => view.setFloat64(at, numbers[row]!) };
  if (numbers.some((value) => (value | 0) !== value))
    throw new FitsError("FITS_WRITE", `column ${name} has values that are not 32-bit integers`);
  return { form: "1J", width: 4, write: (view, at, row) => view.setInt32(at, numbers[row]!) };
}
