import {
  type ByteSource,
  describeImage,
  type Hdu,
  type Header,
  headerNumber,
  type ImageDescription,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";
import { textOrNothing } from "@sbnsis/fits/internal";
import { type FindLookupTable, type LookupTable, wcsFromHeader } from "@sbnsis/wcs";
import { SisError } from "../errors/sis-error.ts";
import { holdMemory } from "./threads/task-memory.ts";

/**
 * Most cells of all tables of a coordinate system: those of the Hubble archive have a few thousand.
 */
const CELL_LIMIT = 1_048_576;
/** Bytes per cell while it is read: as stored, as a value and as a displacement. */
const CELL_BYTES = 24;

/** Whether a header refers to lookup tables in other HDUs (FITS WCS paper IV). */
export function needsLookupTables(header: Header): boolean {
  return ["CPDIS1", "CPDIS2", "D2IMDIS1", "D2IMDIS2"].some(
    (keyword) => textOrNothing(header, keyword)?.toUpperCase() === "LOOKUP",
  );
}

/**
 * Reads the lookup tables that a header refers to: images named WCSDVARR and D2IMARR. Of two with
 * the same name and version the first is used, as in astropy; no others are read. Errors:
 * FITS_TOO_LARGE for more cells than CELL_LIMIT, MEMORY_*, FITS_*, WCS_*, those of the source.
 */
export async function readLookupTables(source: ByteSource, header: Header): Promise<FindLookupTable> {
  const needed = namedTables(header);
  const { hdus } = await openFits(source);
  const tables = new Map<string, LookupTable>();
  let cells = 0;
  for (const hdu of hdus) {
    const key = `${hdu.name?.toUpperCase()} ${hdu.version}`;
    if (!needed.has(key) || tables.has(key)) continue;
    const image = await describeImage(source, hdu);
    if (image?.naxis.length !== 2) continue;
    const [width, height] = image.naxis as readonly [number, number];
    cells += width * height;
    if (cells > CELL_LIMIT) {
      throw new SisError(
        "FITS_TOO_LARGE",
        `the lookup tables of the coordinate system have ${cells} cells; at most ${CELL_LIMIT} are read`,
      );
    }
    holdMemory("read for lookup tables", cells * CELL_BYTES);
    tables.set(key, await readTable(source, hdu, image, [width, height]));
  }
  return (name, version) => tables.get(`${name} ${version}`);
}

const SINGLE_CELL: LookupTable = {
  width: 1,
  height: 1,
  data: new Float64Array(1),
  crpix: [1, 1],
  crval: [1, 1],
  cdelt: [1, 1],
};

/**
 * Name and version of each table that the coordinate system of a header looks for. Errors: WCS_*.
 */
function namedTables(header: Header): ReadonlySet<string> {
  const named = new Set<string>();
  wcsFromHeader(header, {
    lookupTable: (name, version) => {
      named.add(`${name} ${version}`);
      return SINGLE_CELL;
    },
  });
  return named;
}

async function readTable(
  source: ByteSource,
  hdu: Hdu,
  image: ImageDescription,
  shape: readonly [number, number],
): Promise<LookupTable> {
  const stored = await readSection(source, planSection(image, { start: [0, 0], shape }));
  const pair = (keyword: string, fallback: number) =>
    [1, 2].map((axis) => headerNumber(hdu.header, `${keyword}${axis}`) ?? fallback) as [number, number];
  return {
    width: shape[0],
    height: shape[1],
    data: Float64Array.from(physicalValues(image, stored) as ArrayLike<number>, Number),
    crpix: pair("CRPIX", 0),
    crval: pair("CRVAL", 0),
    cdelt: pair("CDELT", 1),
  };
}
