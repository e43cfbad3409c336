import type { Bitpix } from "../file/hdu.ts";
import type { Card } from "../header/card.ts";
import { valueCard } from "../header/write-card.ts";
import { DEFAULT_ZBLANK } from "../quantize/quantize.ts";
import type { EncodedTile, TileEncoder } from "./encode-tile.ts";
import { withoutStructure } from "./write-image.ts";

/** Content of the header of a compressed image. */
export interface TiledImageHeader {
  readonly naxis: readonly number[];
  readonly bitpix: Bitpix;
  /** Pixels of a tile along each axis. */
  readonly tile: readonly number[];
  readonly encoder: TileEncoder;
  readonly cards: readonly Card[];
  /** HDU type of the image when unpacked. */
  readonly kind: "primary" | "extension";
}

/** Keywords of compressed images, which are rewritten. */
const COMPRESSION =
  /^(TFIELDS|THEAP|TTYPE\d+|TFORM\d+|Z(IMAGE|SIMPLE|TENSION|EXTEND|BLOCKED|PCOUNT|GCOUNT|BITPIX|NAXIS\d*|TILE\d+|CMPTYPE|MASKCMP|NAME\d+|VAL\d+|QUANTIZ|DITHER0|BLANK|HECKSUM|DATASUM))$/;

/**
 * The table of tiles of a compressed image while it is being filled: one row per tile (FITS 4.0,
 * 10.1.3).
 */
export class TileTableWriter {
  readonly #wide: boolean;
  readonly #quantized: boolean;
  readonly #rowLength: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Most bytes of a tile in each column of descriptors. */
  readonly #most = [0, 0];
  #heap = 0;

  /** `wide`: with 64-bit descriptors (Q), for heaps of 2 GiB and more. */
  constructor(rows: number, quantized: boolean, wide: boolean) {
    this.#wide = wide;
    this.#quantized = quantized;
    this.#rowLength = (wide ? 16 : 8) * (quantized ? 2 : 1) + (quantized ? 16 : 0);
    this.#bytes = new Uint8Array(rows * this.#rowLength);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The bytes of the table, without the heap. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Records that the bytes of tile `number` come next in the heap. */
  add(number: number, { bytes, quantized, lossless }: EncodedTile): void {
    const column = lossless ? 1 : 0;
    const at = number * this.#rowLength;
    const size = this.#wide ? 16 : 8;
    this.#descriptor(at + column * size, bytes.length, this.#heap);
    if (quantized !== undefined) {
      this.#view.setFloat64(at + 2 * size, quantized.scale);
      this.#view.setFloat64(at + 2 * size + 8, quantized.zero);
    }
    this.#most[column] = Math.max(this.#most[column]!, bytes.length);
    this.#heap += bytes.length;
  }

  #descriptor(at: number, length: number, offset: number): void {
    if (this.#wide) {
      this.#view.setBigInt64(at, BigInt(length));
      this.#view.setBigInt64(at + 8, BigInt(offset));
    } else {
      this.#view.setInt32(at, length);
      this.#view.setInt32(at + 4, offset);
    }
  }

  /**
   * The cards of the table and of the image in it; their number does not depend on the content of
   * the table.
   */
  cards(image: TiledImageHeader): Card[] {
    const form = (most: number) => `1${this.#wide ? "Q" : "P"}B(${most})`;
    const columns: [string, string][] = [["COMPRESSED_DATA", form(this.#most[0]!)]];
    if (this.#quantized) {
      columns.push(["GZIP_COMPRESSED_DATA", form(this.#most[1]!)], ["ZSCALE", "1D"], ["ZZERO", "1D"]);
    }
    const rows = this.#bytes.length / this.#rowLength;
    return [
      valueCard("XTENSION", "BINTABLE", "binary table extension"),
      valueCard("BITPIX", 8, "bytes"),
      valueCard("NAXIS", 2, "a table"),
      valueCard("NAXIS1", this.#rowLength, "bytes in a row"),
      valueCard("NAXIS2", rows, "rows: tiles of the image"),
      valueCard("PCOUNT", this.#heap, "bytes in the heap"),
      valueCard("GCOUNT", 1, "one group"),
      valueCard("TFIELDS", columns.length, "fields in a row"),
      ...columns.flatMap(([name, type], i) => [
        valueCard(`TTYPE${i + 1}`, name),
        valueCard(`TFORM${i + 1}`, type),
      ]),
      ...compressionCards(image),
      ...withoutStructure(image.cards).filter(
        ({ keyword, kind }) => kind !== "value" || !COMPRESSION.test(keyword),
      ),
    ];
  }
}

/** FITS 4.0, 10.1.1 and 10.1.2. */
function compressionCards({ naxis, bitpix, tile, encoder, kind }: TiledImageHeader): Card[] {
  const { codec, quantization, blocksize = 32 } = encoder;
  const bytepix = bitpix < 0 ? 4 : bitpix / 8;
  const parameters: [string, number][] =
    codec === "RICE_1"
      ? [
          ["BLOCKSIZE", blocksize],
          ["BYTEPIX", bytepix],
        ]
      : [];
  return [
    valueCard("ZIMAGE", true, "this table holds a compressed image"),
    ...(kind === "primary"
      ? [valueCard("ZSIMPLE", true, "the image was a primary one")]
      : [valueCard("ZTENSION", "IMAGE", "the image was an extension")]),
    valueCard("ZBITPIX", bitpix, "bits of a pixel of the image"),
    valueCard("ZNAXIS", naxis.length, "number of axes of the image"),
    ...naxis.map((length, i) => valueCard(`ZNAXIS${i + 1}`, length)),
    ...(kind === "primary"
      ? [valueCard("ZEXTEND", true, "extensions may follow")]
      : [valueCard("ZPCOUNT", 0, "no parameters"), valueCard("ZGCOUNT", 1, "one group")]),
    ...tile.map((length, i) => valueCard(`ZTILE${i + 1}`, length, "pixels of a tile along the axis")),
    valueCard("ZCMPTYPE", codec, "compression algorithm"),
    ...parameters.flatMap(([name, value], i) => [
      valueCard(`ZNAME${i + 1}`, name),
      valueCard(`ZVAL${i + 1}`, value),
    ]),
    ...(quantization === undefined ? [] : quantizationCards(quantization)),
  ];
}

function quantizationCards({ method, zdither0 = 1 }: NonNullable<TileEncoder["quantization"]>): Card[] {
  return [
    valueCard("ZQUANTIZ", method, "how floats were made integers"),
    ...(method === "NO_DITHER" ? [] : [valueCard("ZDITHER0", zdither0, "seed of the dither")]),
    valueCard("ZBLANK", DEFAULT_ZBLANK, "integer that stands for NaN"),
  ];
}
