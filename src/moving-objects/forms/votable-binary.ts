import { unreadable } from "../list-error.ts";
import type { Cell } from "./cells.ts";

/** A FIELD of a VOTable, as far as its values depend on it. */
export interface VotableField {
  readonly name: string;
  readonly datatype: string;
  readonly arraysize: string;
  /** The value that means null. */
  nullText: string | undefined;
}

const START = { line: 1, column: 1 };

/** Bytes of one element (VOTable 1.4, table 1); bits are packed eight to a byte. */
const SIZES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    boolean: 1,
    bit: 1,
    unsignedByte: 1,
    short: 2,
    int: 4,
    long: 8,
    char: 1,
    unicodeChar: 2,
    float: 4,
    double: 8,
    floatComplex: 8,
    doubleComplex: 16,
  }),
);

/** How many elements a cell has, or that each cell states it. */
function countOf({ arraysize }: VotableField): number | "variable" {
  if (arraysize === "") return 1;
  const counts = arraysize.split("x");
  if (counts.at(-1)?.includes("*") === true) return "variable";
  const count = counts.reduce((product, text) => product * Number(text), 1);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw unreadable(`the arraysize ${arraysize.slice(0, 20)} is not a size`, START);
  }
  return count;
}

const latin1 = new TextDecoder("latin1");
const utf16 = new TextDecoder("utf-16be");

/** One number of a cell. */
function numberAt(view: DataView, at: number, datatype: string): number {
  switch (datatype) {
    case "unsignedByte":
      return view.getUint8(at);
    case "short":
      return view.getInt16(at);
    case "int":
      return view.getInt32(at);
    case "long":
      return Number(view.getBigInt64(at));
    case "float":
      // the decimal number that was meant: 0.1 and not 0.10000000149
      return Number(view.getFloat32(at).toPrecision(9));
    default:
      return view.getFloat64(at);
  }
}

/** The rows of a BINARY or BINARY2 stream, one after another. */
class BinaryReader {
  readonly #view: DataView;
  readonly #fields: readonly VotableField[];
  #at = 0;

  constructor(bytes: Uint8Array, fields: readonly VotableField[]) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fields = fields;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#view.byteLength;
  }

  row(hasMask: boolean): readonly Cell[] {
    const mask = hasMask ? this.#take(Math.ceil(this.#fields.length / 8)) : undefined;
    return this.#fields.map((field, i) => {
      const cell = this.#cell(field);
      const isNull = mask !== undefined && (mask[i >> 3]! & (0x80 >> (i & 7))) !== 0;
      return isNull || (field.nullText !== undefined && String(cell) === field.nullText) ? null : cell;
    });
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#view.byteLength) throw unreadable("the binary rows end too early", START);
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    return bytes;
  }

  #cell(field: VotableField): Cell {
    const { datatype } = field;
    const size = SIZES.get(datatype);
    if (size === undefined) throw unreadable(`the datatype ${datatype.slice(0, 20)} is not known`, START);
    let count = countOf(field);
    if (count === "variable") {
      const bytes = this.#take(4);
      count = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    }
    const bytes = this.#take(datatype === "bit" ? Math.ceil(count / 8) : count * size);
    if (datatype === "char") return latin1.decode(bytes).replace(/\0.*$/s, "");
    if (datatype === "unicodeChar") return utf16.decode(bytes).replace(/\0.*$/s, "");
    if (count !== 1) return null;
    if (datatype === "boolean") return boolean(bytes[0]!);
    if (datatype === "bit") return (bytes[0]! & 0x80) !== 0;
    return numberAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, datatype);
  }
}

/** T, t, 1 and F, f, 0; blank, ? and NUL mean null (VOTable 1.4, 6). */
function boolean(byte: number): boolean | null {
  const sign = String.fromCharCode(byte);
  if ("Tt1".includes(sign)) return true;
  return "Ff0".includes(sign) ? false : null;
}

/**
 * The rows of a base64 stream in the serialisation BINARY, or BINARY2 with a mask of nulls before
 * each row (VOTable 1.4, 5.3 and 5.4). Cells with several numbers are null.
 * Errors: LIST_UNREADABLE.
 */
export function* readBinaryRows(
  text: string,
  fields: readonly VotableField[],
  hasMask: boolean,
): Generator<readonly Cell[]> {
  if (!/^[A-Za-z0-9+/=\s]*$/.test(text)) throw unreadable("the rows are not base64", START);
  const reader = new BinaryReader(Buffer.from(text, "base64"), fields);
  // rows without fields would never end
  while (fields.length > 0 && !reader.isAtEnd) yield reader.row(hasMask);
}
