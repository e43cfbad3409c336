import {
  type ByteSource,
  describeImage,
  type Hdu,
  type Header,
  headerInteger,
  type ImageDescription,
} from "@sbnsis/fits";
import { located } from "@sbnsis/fits/internal";
import { footprint, hasCelestialWcs, pixelScales, type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { findImage, noImage } from "./describe/find-image.ts";
import { needsLookupTables, readLookupTables } from "./lookup-tables.ts";
import { type CutoutHeaderTemplate, cutoutHeaderTemplate, NO_CUTOUTS } from "./make/cutout/cutout-header.ts";
import { type Photometry, photometryOf } from "./photometry.ts";
import type { SourceFile } from "./request/source-file.ts";
import { holdMemory } from "./threads/task-memory.ts";

/** The position of an image on the sky. */
interface FrameSky {
  readonly wcs: Wcs;
  /** Degrees per pixel along x and y. */
  readonly scales: readonly [number, number];
  /** ICRS positions of the corners, degrees; undefined if one of them is not on the sky. */
  readonly footprint: readonly (readonly [number, number])[] | undefined;
}

/** Everything needed to plan products of a file's image: plain data, kept in a bounded cache. */
export interface FrameDescription {
  /** The file in the state that was described. */
  readonly source: SourceFile;
  /** Index of the image's HDU, from 0. */
  readonly hdu: number;
  readonly image: ImageDescription;
  /** Width and height, pixels. */
  readonly naxis: readonly [number, number];
  /** Undefined if the header has no celestial coordinate system. */
  readonly sky: FrameSky | undefined;
  readonly header: CutoutHeaderTemplate;
  readonly photometry: Photometry;
}

/** Bytes per tile while a description is being created. */
const TILE_BYTES = 96;
const MOST_TABLE_MEMORY = 256 * 2 ** 20;

/**
 * Describes the image of a file: in the HDU given by the survey's rule, otherwise in the first with
 * a celestial coordinate system, otherwise in the first.
 * Errors: NO_IMAGE if no HDU has a two-dimensional image; FITS_*, WCS_*, those of the source.
 *
 * @param source bytes of `file`
 * @param preferredHdu from 0
 */
export async function describeFrame(
  source: ByteSource,
  file: SourceFile,
  preferredHdu: number,
): Promise<FrameDescription> {
  const { hdu, naxis, headerOf } = await findImage(source, preferredHdu);
  holdMemory("used for tables of tiles", tableMemory(hdu));
  const image = await describeImage(source, hdu);
  if (image === undefined) throw noImage();
  const header = located(hdu.index, hdu.headerOffset, () => headerOf(hdu));
  const sky = hasCelestialWcs(header) ? await skyOf(source, header, naxis) : undefined;
  return {
    source: file,
    hdu: hdu.index,
    image,
    naxis,
    sky,
    header:
      sky === undefined
        ? NO_CUTOUTS
        : cutoutHeaderTemplate(
            header,
            image.blank,
            sky.wcs.warnings.map(({ message }) => message),
          ),
    photometry: photometryOf(header),
  };
}

/** Approximate memory of the tile table of an image, in bytes: as read and as kept. */
function tableMemory({ kind, header }: Hdu): number {
  if (kind !== "bintable") return 0;
  const rows = headerInteger(header, "NAXIS2") ?? 0;
  // longer tables are refused before they are read
  return Math.min(MOST_TABLE_MEMORY, rows * ((headerInteger(header, "NAXIS1") ?? 0) + TILE_BYTES));
}

async function skyOf(
  source: ByteSource,
  header: Header,
  naxis: readonly [number, number],
): Promise<FrameSky> {
  const lookupTable = needsLookupTables(header) ? await readLookupTables(source, header) : undefined;
  const wcs = wcsFromHeader(header, lookupTable === undefined ? {} : { lookupTable });
  return { wcs, scales: pixelScales(wcs), footprint: footprint(wcs, naxis) };
}

/** Approximate memory of a description, in bytes. */
export function descriptionBytes({ header, sky, image: { storage } }: FrameDescription): number {
  const lookups = [sky?.wcs.prior, sky?.wcs.detector].flatMap((pair) => pair ?? []);
  const cells = lookups.reduce((sum, table) => sum + (table?.data.byteLength ?? 0), 0);
  const tables =
    storage.kind === "plain"
      ? 0
      : storage.offsets.byteLength +
        storage.lengths.byteLength +
        storage.encodings.byteLength +
        (storage.quantization === undefined ? 0 : 2 * storage.offsets.byteLength);
  return 8192 + header.bytes.byteLength + tables + cells;
}
