import { tileCodec } from "../codecs/tile/registry.ts";
import { FitsError } from "../errors.ts";
import { located } from "../file/fits-file.ts";
import { type Bitpix, badCard, type Hdu } from "../file/hdu.ts";
import { type Header, headerInteger, headerNumber, headerText } from "../header/header.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { elementBytes, type TableColumn, type TableRows, tableColumns } from "./table-columns.ts";
import { blankColumn, type Quantization, quantizationOf } from "./tile-quantization.ts";

/** Size limit of a tile table in bytes, enough for more than a million tiles. */
const TABLE_LIMIT = 128 * 1024 * 1024;

/**
 * How a tile is stored: encoded by the image's codec, deflated losslessly, uncompressed, or not at
 * all (FITS 4.0, 10.1.3).
 */
export const TILE_ENCODING = { codec: 0, gzip: 1, uncompressed: 2, none: 3 } as const;

/**
 * Masks of undefined pixels: entry i of the arrays belongs to tile i; a tile without a mask has
 * length 0.
 */
interface TileMasks {
  /** ZMASKCMP. */
  readonly codec: string;
  /** Byte offsets in the file. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

/**
 * Positions of the tiles of a compressed image: entry i of the arrays belongs to tile i, the first
 * axis of the grid fastest.
 */
export interface TiledStorage {
  readonly kind: "tiled";
  /** ZCMPTYPE. */
  readonly codec: string;
  /** Pixels of a tile along each axis; tiles at the far edges are smaller. */
  readonly tile: readonly number[];
  /** Tiles along each axis. */
  readonly grid: readonly number[];
  readonly bytepix: number;
  readonly blocksize: number;
  readonly smooth: boolean;
  /** ZBLANK of an image of integers when it is a column; otherwise undefined. */
  readonly blank: number | undefined;
  /** Undefined for integers and for floats that were not quantized. */
  readonly quantization: Quantization | undefined;
  /** Byte offsets in the file. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  /** TILE_ENCODING of each tile. */
  readonly encodings: Uint8Array;
  /** NULL_PIXEL_MASK (FITS 4.0, 10.1.3); undefined without one. */
  readonly masks: TileMasks | undefined;
}

/** Reads the tile table of a compressed image, but not the tiles. Errors: as describeImage. */
export async function describeTiles(
  source: ByteSource,
  hdu: Hdu,
  naxis: readonly number[],
  bitpix: Bitpix,
  fileSize: number,
  options: { readonly signal?: AbortSignal },
): Promise<TiledStorage> {
  const { header } = hdu;
  const shape = located(hdu.index, hdu.headerOffset, () => tileShape(header, naxis));
  const rows = headerInteger(header, "NAXIS2") ?? 0;
  const rowLength = headerInteger(header, "NAXIS1") ?? 0;
  const length = shape.count * rowLength;
  located(hdu.index, hdu.headerOffset, () => {
    if (rows < shape.count) {
      throw new FitsError(
        "FITS_CORRUPT",
        `the image has ${shape.count} tiles of ${shape.tile.join(" x ")}, but its table has ${rows} rows`,
      );
    }
    if (length > TABLE_LIMIT) {
      throw new FitsError(
        "FITS_TOO_LARGE",
        `the tile table has ${length} bytes; at most ${TABLE_LIMIT} are allowed`,
      );
    }
    if (hdu.dataOffset + length > fileSize) {
      throw new FitsError(
        "FITS_TRUNCATED",
        `the tile table ends at byte ${hdu.dataOffset + length}, but the file ends at byte ${fileSize}`,
      );
    }
  });
  const [table] = await source.read([{ offset: hdu.dataOffset, length }], options);
  return located(hdu.index, hdu.headerOffset, () => storageOf(hdu, bitpix, shape, table!, rowLength));
}

interface TileShape {
  readonly tile: readonly number[];
  readonly grid: readonly number[];
  readonly count: number;
}

/** ZTILEn; defaults to rows of the image. */
function tileShape(header: Header, naxis: readonly number[]): TileShape {
  const tile = naxis.map((length, i) => {
    const keyword = `ZTILE${i + 1}`;
    if (!header.index.has(keyword)) return i === 0 ? length : 1;
    const side = headerInteger(header, keyword);
    if (side === undefined || side < 1) throw badCard(header, keyword);
    return Math.min(side, length);
  });
  const grid = naxis.map((length, i) => Math.ceil(length / tile[i]!));
  const count = grid.reduce((product, side) => product * side, 1);
  return { tile, grid, count };
}

function storageOf(
  hdu: Hdu,
  bitpix: Bitpix,
  { tile, grid, count }: TileShape,
  table: Uint8Array,
  rowLength: number,
): TiledStorage {
  const { header } = hdu;
  const columns = tableColumns(header);
  const named = (name: string) => columns.find((column) => column.name === name);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const heap = hdu.dataOffset + heapStart(header, rowLength);
  const codec = headerText(header, "ZCMPTYPE");
  if (codec === undefined) throw badCard(header, "ZCMPTYPE");
  tileCodec(codec);
  const compressed = named("COMPRESSED_DATA");
  if (compressed === undefined)
    throw new FitsError("FITS_CORRUPT", "a compressed image has no column COMPRESSED_DATA");
  const sources = [compressed, named("GZIP_COMPRESSED_DATA"), named("UNCOMPRESSED_DATA")];
  const offsets = new Float64Array(count);
  const lengths = new Float64Array(count);
  const encodings = new Uint8Array(count).fill(TILE_ENCODING.none);
  const rows = { view, rowLength, count };
  for (const [encoding, column] of sources.entries()) {
    if (column === undefined) continue;
    readDescriptors(rows, column, (row, elements, offset) => {
      if (elements === 0 || encodings[row] !== TILE_ENCODING.none) return;
      encodings[row] = encoding;
      offsets[row] = heap + offset;
      lengths[row] = elements * elementBytes(column.type);
    });
  }
  const parameters = codecParameters(header);
  return {
    kind: "tiled",
    codec,
    tile,
    grid,
    bytepix: parameters.get("BYTEPIX") ?? 4,
    blocksize: parameters.get("BLOCKSIZE") ?? 32,
    smooth: (parameters.get("SMOOTH") ?? 0) !== 0,
    blank: bitpix < 0 ? undefined : blankColumn(named, rows),
    quantization: bitpix < 0 ? quantizationOf(header, named, rows) : undefined,
    offsets,
    lengths,
    encodings,
    masks: masksOf(header, named("NULL_PIXEL_MASK"), rows, heap),
  };
}

function masksOf(
  header: Header,
  column: TableColumn | undefined,
  rows: TableRows,
  heap: number,
): TileMasks | undefined {
  if (column === undefined) return undefined;
  const codec = headerText(header, "ZMASKCMP");
  if (codec === undefined) throw badCard(header, "ZMASKCMP");
  tileCodec(codec);
  const offsets = new Float64Array(rows.count);
  const lengths = new Float64Array(rows.count);
  readDescriptors(rows, column, (row, elements, offset) => {
    offsets[row] = heap + offset;
    lengths[row] = elements * elementBytes(column.type);
  });
  return { codec, offsets, lengths };
}

/** THEAP; defaults to the end of the table (FITS 4.0, 7.3.5). */
function heapStart(header: Header, rowLength: number): number {
  const start = headerInteger(header, "THEAP") ?? rowLength * (headerInteger(header, "NAXIS2") ?? 0);
  if (start < 0) throw badCard(header, "THEAP");
  return start;
}

function readDescriptors(
  { view, rowLength, count }: TableRows,
  { name, offset, descriptor, repeat }: TableColumn,
  visit: (row: number, elements: number, offset: number) => void,
): void {
  if (descriptor === undefined || repeat < 1)
    throw new FitsError("FITS_CORRUPT", `column ${name} has no descriptors of its tiles`);
  for (let row = 0, at = offset; row < count; row++, at += rowLength) {
    if (descriptor === "P") visit(row, view.getUint32(at), view.getUint32(at + 4));
    else visit(row, Number(view.getBigUint64(at)), Number(view.getBigUint64(at + 8)));
  }
}

const CODEC_PARAMETERS = new Set(["BYTEPIX", "BLOCKSIZE", "SMOOTH"]);

/** ZNAMEi with ZVALi. */
function codecParameters(header: Header): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const keyword of header.index.keys()) {
    const match = /^ZNAME(\d+)$/.exec(keyword);
    if (match === null) continue;
    const name = headerText(header, keyword)?.toUpperCase();
    if (name === undefined || !CODEC_PARAMETERS.has(name)) continue;
    // astropy writes SMOOTH as a logical.
    const flag = header.index.get(`ZVAL${match[1]}`)?.value;
    const value = typeof flag === "boolean" ? Number(flag) : headerNumber(header, `ZVAL${match[1]}`);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}
