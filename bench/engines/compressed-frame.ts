import { readFileSync } from "node:fs";

/**
 * A tile-compressed image in the first extension of a file, parsed just far enough to time its
 * codec alone.
 */
export interface CompressedFrame {
  readonly bytes: Uint8Array;
  readonly codec: string;
  readonly bitpix: number;
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly parameters: { readonly bytepix?: number; readonly blocksize?: number; readonly smooth?: boolean };
  readonly zblank: number | undefined;
  readonly method: string;
  /** Whether its pixels are quantized floats. */
  readonly quantised: boolean;
  readonly ditherZero: number;
  /** For each tile: the offset and length of its bytes in the file, its ZSCALE and ZZERO. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  readonly scale: Float64Array;
  readonly zero: Float64Array;
  /**
   * Position of the table in the file: its header, its heap, and the descriptor of each tile, of
   * 8-byte words when `wide`.
   */
  readonly headerAt: number;
  readonly heapAt: number;
  readonly descriptors: Float64Array;
  readonly wide: boolean;
}

const WIDTHS: Readonly<Record<string, number>> = { P: 8, Q: 16, D: 8, E: 4, J: 4, I: 2, B: 1 };

/** Reads the output of fpack: one image, no tile left uncompressed. */
export function compressedFrame(path: string): CompressedFrame {
  const file = readFileSync(path);
  const header = new Map<string, string>();
  const headerAt = readHeader(file, 0, new Map());
  const at = readHeader(file, headerAt, header);
  const number = (key: string) => Number(header.get(key) ?? 0);
  const [rows, rowLength] = [number("NAXIS2"), number("NAXIS1")];
  const heap = at + (header.has("THEAP") ? number("THEAP") : rows * rowLength);
  const columns = new Map<string, { offset: number; form: string }>();
  let offset = 0;
  for (let i = 1; i <= number("TFIELDS"); i++) {
    const form = header.get(`TFORM${i}`)!.replace(/^1(?=\D)/, "");
    columns.set(header.get(`TTYPE${i}`)!, { offset, form });
    offset += WIDTHS[form[0]!]!;
  }
  const data = columns.get("COMPRESSED_DATA")!;
  const wide = data.form[0] === "Q";
  const elementBytes = data.form[1] === "I" ? 2 : 1;
  const ofRows = () => new Float64Array(rows);
  const [offsets, lengths, scale, zero, descriptors] = [ofRows(), ofRows(), ofRows(), ofRows(), ofRows()];
  for (let i = 0; i < rows; i++) {
    const row = at + i * rowLength;
    const integer = (k: number) =>
      wide
        ? Number(file.readBigInt64BE(row + data.offset + 8 * k))
        : file.readUInt32BE(row + data.offset + 4 * k);
    descriptors[i] = row + data.offset;
    lengths[i] = integer(0) * elementBytes;
    offsets[i] = heap + integer(1);
    for (const [name, values] of [
      ["ZSCALE", scale],
      ["ZZERO", zero],
    ] as const) {
      const column = columns.get(name);
      if (column !== undefined) values[i] = file.readDoubleBE(row + column.offset);
    }
  }
  const named = new Map<string, number>();
  for (let i = 1; header.has(`ZNAME${i}`); i++) named.set(header.get(`ZNAME${i}`)!, number(`ZVAL${i}`));
  const [bytepix, blocksize] = [named.get("BYTEPIX"), named.get("BLOCKSIZE")];
  return {
    bytes: new Uint8Array(file.buffer, file.byteOffset, file.length),
    codec: header.get("ZCMPTYPE")!,
    bitpix: number("ZBITPIX"),
    width: number("ZNAXIS1"),
    height: number("ZNAXIS2"),
    tileWidth: number("ZTILE1"),
    tileHeight: number("ZTILE2"),
    parameters: {
      ...(bytepix === undefined ? {} : { bytepix }),
      ...(blocksize === undefined ? {} : { blocksize }),
      smooth: (named.get("SMOOTH") ?? 0) !== 0,
    },
    zblank: header.has("ZBLANK") ? number("ZBLANK") : undefined,
    method: header.get("ZQUANTIZ") ?? "NO_DITHER",
    quantised: columns.has("ZSCALE"),
    ditherZero: number("ZDITHER0"),
    offsets,
    lengths,
    scale,
    zero,
    headerAt,
    heapAt: heap,
    descriptors,
    wide,
  };
}

/** Adds the values of a header to `cards` and returns the offset after it. */
function readHeader(file: Buffer, start: number, cards: Map<string, string>): number {
  for (let at = start; ; at += 80) {
    const card = file.toString("latin1", at, at + 80);
    if (card.startsWith("END ")) return Math.ceil((at + 80) / 2880) * 2880;
    if (card[8] === "=") {
      const value = card.slice(10).split("/")[0]!.trim();
      cards.set(card.slice(0, 8).trim(), value.replace(/^'\s*|\s*'$/g, ""));
    }
  }
}
