import {
  type ByteSource,
  describeImage,
  type Hdu,
  type Header,
  headerNumber,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";
import { textOrNothing } from "@sbnsis/fits/internal";
import type { FindLookupTable, LookupTable } from "@sbnsis/wcs";

/**
 * Largest distortion table that is read, in cells: those of the Hubble archive have a few thousand.
 */
const CELL_LIMIT = 4_194_304;

/** Whether a header refers to lookup tables in other HDUs (FITS WCS paper IV). */
export function needsLookupTables(header: Header): boolean {
  return ["CPDIS1", "CPDIS2", "D2IMDIS1", "D2IMDIS2"].some(
    (keyword) => textOrNothing(header, keyword)?.toUpperCase() === "LOOKUP",
  );
}

/**
 * Reads the lookup tables of a file: its images named WCSDVARR and D2IMARR. Errors: FITS_*, those
 * of the source.
 */
export async function readLookupTables(source: ByteSource): Promise<FindLookupTable> {
  const { hdus } = await openFits(source);
  const tables = new Map<string, LookupTable>();
  for (const hdu of hdus) {
    if (hdu.name !== "WCSDVARR" && hdu.name !== "D2IMARR") continue;
    const table = await readTable(source, hdu);
    if (table !== undefined) tables.set(`${hdu.name} ${hdu.version}`, table);
  }
  return (name, version) => tables.get(`${name} ${version}`);
}

async function readTable(source: ByteSource, hdu: Hdu): Promise<LookupTable | undefined> {
  const image = await describeImage(source, hdu);
  const [width, height] = image?.naxis ?? [];
  if (image === undefined || width === undefined || height === undefined || width * height > CELL_LIMIT)
    return undefined;
  const stored = await readSection(source, planSection(image, { start: [0, 0], shape: [width, height] }));
  const pair = (keyword: string, fallback: number) =>
    [1, 2].map((axis) => headerNumber(hdu.header, `${keyword}${axis}`) ?? fallback) as [number, number];
  return {
    width,
    height,
    data: Float64Array.from(physicalValues(image, stored) as ArrayLike<number>, Number),
    crpix: pair("CRPIX", 0),
    crval: pair("CRVAL", 0),
    cdelt: pair("CDELT", 1),
  };
}
