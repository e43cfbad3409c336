import type { ImageDescription } from "../describe/image-description.ts";
import { FitsError } from "../errors.ts";
import type { Bitpix } from "../file/hdu.ts";
import type { ByteRange } from "../source/byte-source.ts";
import type { SectionBox, WantedRanges } from "./section-box.ts";
import { planTiles, type TileSection } from "./tile-section.ts";

/** Neighboring ranges with gaps up to this many bytes are read as one. */
const MAX_GAP = 8192;
/**
 * Limit of a gap as a multiple of the range after it, so that the bytes read stay proportional to
 * the section.
 */
const MAX_GAP_RATIO = 4;
/** Size limit of a section read into memory, bytes. */
const SECTION_LIMIT = 2 ** 31;

/** Rows of an uncompressed image: runs of pixels that are contiguous in the file. */
interface RowSection {
  readonly kind: "rows";
  /** Pixels in each run. */
  readonly rowLength: number;
  /** Start of each run in the bytes read. */
  readonly positions: Float64Array;
}

/** What to read and decode for a box of an image: plain data, made without I/O. */
export interface SectionPlan {
  /** Number of the HDU, from 0. */
  readonly hdu: number;
  readonly bitpix: Bitpix;
  /** The box, with an entry for every axis of the image. */
  readonly box: SectionBox;
  /** Number of pixels in the box. */
  readonly pixels: number;
  /** The ranges to read: ascending, with neighboring tiles and rows joined. */
  readonly ranges: readonly ByteRange[];
  /** Sum of the ranges' lengths. */
  readonly bytes: number;
  readonly content: RowSection | TileSection;
}

/** Bytes of a pixel. */
export function pixelBytes(bitpix: Bitpix): number {
  return Math.abs(bitpix) / 8;
}

/**
 * Plans the reading of a box. Axes beyond those of the box are read at their first pixel.
 * Errors: FITS_SECTION when the box is not within the image, FITS_TOO_LARGE above 2 GiB,
 * FITS_TRUNCATED and FITS_TILE_CORRUPT when the file is too short for what its headers promise.
 */
export function planSection(image: ImageDescription, box: SectionBox): SectionPlan {
  const whole = wholeBox(image, box);
  const pixels = whole.shape.reduce((product, length) => product * length, 1);
  if (pixels * pixelBytes(image.bitpix) > SECTION_LIMIT) {
    throw new FitsError(
      "FITS_TOO_LARGE",
      `a section of ${whole.shape.join(" x ")} pixels is larger than ${SECTION_LIMIT} bytes`,
    );
  }
  const { storage } = image;
  const planned =
    storage.kind === "plain" ? planRows(image, storage.offset, whole) : planTiles(image, storage, whole);
  const { ranges, positions, bytes } = merged(planned.wanted);
  const content = planned.placed(positions);
  return { hdu: image.hdu, bitpix: image.bitpix, box: whole, pixels, ranges, bytes, content };
}

function wholeBox({ naxis }: ImageDescription, { start, shape }: SectionBox): SectionBox {
  const whole = {
    start: naxis.map((_, i) => start[i] ?? 0),
    shape: naxis.map((_, i) => shape[i] ?? 1),
  };
  const fits =
    start.length <= naxis.length &&
    shape.length === start.length &&
    naxis.every((length, i) => {
      const first = whole.start[i]!;
      const count = whole.shape[i]!;
      return (
        Number.isInteger(first) &&
        Number.isInteger(count) &&
        first >= 0 &&
        count >= 1 &&
        first + count <= length
      );
    });
  if (!fits) {
    throw new FitsError(
      "FITS_SECTION",
      `the box from (${start.join(", ")}) of ${shape.join(" x ")} pixels is not within the image of ${naxis.join(" x ")}`,
    );
  }
  return whole;
}

function planRows(image: ImageDescription, offset: number, { start, shape }: SectionBox) {
  const { naxis, bitpix } = image;
  const width = pixelBytes(bitpix);
  const last = start.map((first, axis) => first + shape[axis]! - 1);
  checkEnd(image, offset + (pixelNumber(naxis, last) + 1) * width);
  // Axes that the box covers completely form one run with the next axis.
  let axes = 1;
  while (axes < naxis.length && shape[axes - 1] === naxis[axes - 1]) axes++;
  const rowLength = shape.slice(0, axes).reduce((product, length) => product * length, 1);
  const rows = shape.slice(axes).reduce((product, length) => product * length, 1);
  const offsets = new Float64Array(rows);
  const lengths = new Float64Array(rows).fill(rowLength * width);
  const index = start.slice();
  for (let row = 0; row < rows; row++) {
    offsets[row] = offset + pixelNumber(naxis, index) * width;
    for (let axis = axes; axis < index.length; axis++) {
      index[axis]!++;
      if (index[axis]! < start[axis]! + shape[axis]!) break;
      index[axis] = start[axis]!;
    }
  }
  return {
    wanted: { offsets, lengths },
    placed: (positions: Float64Array): RowSection => ({ kind: "rows", rowLength, positions }),
  };
}

/** Index of a pixel in the image, the first axis fastest. */
function pixelNumber(naxis: readonly number[], index: readonly number[]): number {
  let number = 0;
  for (let axis = naxis.length - 1; axis >= 0; axis--) number = number * naxis[axis]! + index[axis]!;
  return number;
}

function checkEnd({ hdu, fileSize }: ImageDescription, end: number): void {
  if (end <= fileSize) return;
  throw new FitsError(
    "FITS_TRUNCATED",
    `HDU ${hdu}: the requested pixels end at byte ${end}, but the file ends at byte ${fileSize}`,
    { details: { hdu, offset: end, fileSize } },
  );
}

/** Joins nearby ranges, and computes the start of each wanted range in the bytes read. */
function merged({ offsets, lengths }: WantedRanges) {
  const order = ascending(offsets);
  const positions = new Float64Array(offsets.length);
  const ranges: { offset: number; length: number }[] = [];
  let bytes = 0;
  for (let k = 0; k < offsets.length; k++) {
    const i = order === undefined ? k : order[k]!;
    const offset = offsets[i]!;
    const end = offset + lengths[i]!;
    const last = ranges.at(-1);
    const near = Math.min(MAX_GAP, MAX_GAP_RATIO * lengths[i]!);
    if (last === undefined || offset > last.offset + last.length + near) {
      positions[i] = bytes;
      ranges.push({ offset, length: lengths[i]! });
      bytes += lengths[i]!;
    } else {
      positions[i] = bytes - (last.offset + last.length - offset);
      const more = Math.max(0, end - last.offset - last.length);
      last.length += more;
      bytes += more;
    }
  }
  return { ranges, positions, bytes };
}

/** The permutation that sorts the offsets; undefined when they are already ascending. */
function ascending(offsets: Float64Array): Float64Array | undefined {
  let k = 1;
  while (k < offsets.length && offsets[k]! >= offsets[k - 1]!) k++;
  if (k >= offsets.length) return undefined;
  return Float64Array.from(offsets.keys()).sort((a, b) => offsets[a]! - offsets[b]!);
}

/**
 * Bytes per pixel of a tile for the inverse of HCOMPRESS_1: two and a half arrays of 64-bit values,
 * rounded up.
 */
const HCOMPRESS_BYTES = 24;
/** Bytes of the plan itself per tile. */
const TILE_BYTES = 128;

/**
 * Approximate peak memory of readSection in bytes: bytes read, pixels, and the work space of one
 * tile at a time. Tiles are always decoded as a whole.
 */
export function sectionMemory({ bitpix, bytes, pixels, content }: SectionPlan): number {
  const width = pixelBytes(bitpix);
  const common = bytes + pixels * width;
  return content.kind === "rows" ? common : common + tileMemory(content, width);
}

function tileMemory(section: TileSection, width: number): number {
  const { tile, naxis, quantization, masks, codec, lengths } = section;
  const pixels = tile.reduce((product, side, axis) => product * Math.min(side, naxis[axis]!), 1);
  let longest = 0;
  for (const length of lengths) longest = Math.max(longest, length);
  const decoded = pixels * (width + (quantization === undefined ? 0 : 4) + (masks === undefined ? 0 : 1));
  // tiles of any codec may be stored as GZIP_1; the output of zlib comes in pieces that are joined
  const inflated =
    codec.startsWith("GZIP") || quantization !== undefined ? 2 * pixels * Math.max(4, width) : 0;
  const packed = 3 * longest;
  const inverse = codec.startsWith("HCOMPRESS") ? HCOMPRESS_BYTES * pixels : 0;
  return TILE_BYTES * lengths.length + decoded + inflated + packed + inverse;
}
