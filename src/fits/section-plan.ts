import { SisError } from "../errors/sis-error.ts";
import type { ByteRange } from "./byte-source.ts";
import type { Bitpix } from "./hdu.ts";
import type { ImageDescription } from "./image-description.ts";
import { planTiles, type TileSection } from "./tile-section.ts";

/** Neighbouring ranges with no more than this many bytes between them are read in one. */
const NEAR = 8192;
/** Longest section that is read into memory, bytes. */
const SECTION_LIMIT = 2 ** 31;

/** A box of pixels of an image of any number of axes, from 0, the first axis fastest. */
export interface SectionBox {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Rows of a plain image. */
interface RowSection {
  readonly kind: "rows";
  /** Pixels in each row. */
  readonly rowLength: number;
  /** Where each row begins in the bytes read. */
  readonly positions: Float64Array;
}

/** What is to be read and decoded for a box of an image: plain data, made without I/O. */
export interface SectionPlan {
  /** Number of the HDU, from 0. */
  readonly hdu: number;
  readonly bitpix: Bitpix;
  /** The box with an entry for every axis of the image. */
  readonly box: SectionBox;
  /** Pixels of the box. */
  readonly pixels: number;
  /** What is read: ascending, neighbouring tiles and rows in one. */
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
 * Plans the reading of a box. Axes behind those that the box names are read at their first pixel.
 * Errors: FITS_SECTION when the box is not on the image, FITS_TOO_LARGE when it has more than 2 GiB, FITS_TRUNCATED and FITS_TILE_CORRUPT when the file
 * cannot hold what its headers promise of it.
 */
export function planSection(image: ImageDescription, box: SectionBox): SectionPlan {
  const whole = wholeBox(image, box);
  const pixels = whole.shape.reduce((product, length) => product * length, 1);
  if (pixels * pixelBytes(image.bitpix) > SECTION_LIMIT) {
    throw new SisError(
      "FITS_TOO_LARGE",
      `a section of ${whole.shape.join(" x ")} pixels is larger than ${SECTION_LIMIT} bytes`,
    );
  }
  const { storage } = image;
  const planned =
    storage.kind === "plain" ? planRows(image, storage.offset, whole) : planTiles(image, storage, whole);
  const { ranges, positions, bytes } = merged(planned.wanted);
  return {
    hdu: image.hdu,
    bitpix: image.bitpix,
    box: whole,
    pixels,
    ranges,
    bytes,
    content:
      "rowLength" in planned
        ? { kind: "rows", rowLength: planned.rowLength, positions }
        : { ...planned.section, positions },
  };
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
    throw new SisError(
      "FITS_SECTION",
      `the box from (${start.join(", ")}) of ${shape.join(" x ")} pixels is not on the image of ${naxis.join(" x ")}`,
    );
  }
  return whole;
}

/** Byte ranges in the order of rows or tiles: they need not ascend. */
export interface WantedRanges {
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

function planRows(image: ImageDescription, offset: number, { start, shape }: SectionBox) {
  const { naxis, bitpix, fileSize, hdu } = image;
  const width = pixelBytes(bitpix);
  const rows = shape.slice(1).reduce((product, length) => product * length, 1);
  const offsets = new Float64Array(rows);
  const lengths = new Float64Array(rows).fill(shape[0]! * width);
  const index = start.slice(1);
  for (let row = 0; row < rows; row++) {
    let pixel = 0;
    for (let axis = naxis.length - 1; axis > 0; axis--) pixel = (pixel + index[axis - 1]!) * naxis[axis - 1]!;
    offsets[row] = offset + (pixel + start[0]!) * width;
    for (let axis = 0; axis < index.length; axis++) {
      index[axis]!++;
      if (index[axis]! < start[axis + 1]! + shape[axis + 1]!) break;
      index[axis] = start[axis + 1]!;
    }
  }
  const end = offsets[rows - 1]! + lengths[rows - 1]!;
  if (end > fileSize) {
    throw new SisError(
      "FITS_TRUNCATED",
      `HDU ${hdu}: the pixels asked for end at byte ${end}, the file at byte ${fileSize}`,
      {
        details: { hdu, offset: end, fileSize },
      },
    );
  }
  return { wanted: { offsets, lengths }, rowLength: shape[0]! };
}

/** Joins near ranges, and says where each wanted range begins in the bytes read. */
function merged({ offsets, lengths }: WantedRanges) {
  const order = Array.from(offsets.keys());
  if (order.some((i) => i > 0 && offsets[i]! < offsets[i - 1]!))
    order.sort((a, b) => offsets[a]! - offsets[b]!);
  const positions = new Float64Array(offsets.length);
  const ranges: { offset: number; length: number }[] = [];
  let bytes = 0;
  for (const i of order) {
    const offset = offsets[i]!;
    const end = offset + lengths[i]!;
    const last = ranges.at(-1);
    if (last === undefined || offset > last.offset + last.length + NEAR) {
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
