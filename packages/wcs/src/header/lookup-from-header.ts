import type { LookupTable } from "../distortions/lookup-table.ts";
import { WcsError } from "../errors.ts";
import type { WcsWarning } from "../model/wcs.ts";
import { type Keywords, plainText, recordFields } from "./keywords.ts";

/** EXTNAME of the extensions with lookup tables. */
type LookupName = "WCSDVARR" | "D2IMARR";

/**
 * Looks up a table of the file by the name and version of its extension (EXTNAME, EXTVER);
 * undefined when there is none.
 */
export type FindLookupTable = (name: LookupName, version: number) => LookupTable | undefined;

type Pair = readonly [LookupTable | undefined, LookupTable | undefined];

/**
 * Whether axis `axis` has a lookup table, by the keyword CPDISj or D2IMDISj. Errors:
 * WCS_UNSUPPORTED for functions other than `known`.
 */
export function isLookup(
  { header }: Keywords,
  keyword: "CPDIS" | "D2IMDIS",
  axis: number,
  known: readonly string[] = [],
): boolean {
  const method = plainText(header, `${keyword}${axis}`);
  if (method === undefined) return false;
  const kind = method.toUpperCase();
  if (kind === "LOOKUP") return true;
  if (known.includes(kind)) return false;
  throw new WcsError(
    "WCS_UNSUPPORTED",
    `The distortion function ${method} of ${keyword}${axis} is not known.`,
  );
}

/**
 * The lookup tables for axes 1 and 2 given by CPDISj = 'LOOKUP' (or D2IMDISj) and the EXTVER
 * records of DPj (or D2IMj); undefined without any. FITS WCS paper IV, 4; the extension names are
 * those of astropy and the Hubble archive.
 * Without `find` they are ignored, with a warning.
 * Errors: WCS_INVALID for cards that cannot be read and when the file has no such table,
 * WCS_UNSUPPORTED for other functions.
 */
export function lookupFromHeader(
  keywords: Keywords,
  kind: "detector" | "prior",
  find: FindLookupTable | undefined,
  warnings: WcsWarning[],
): Pair | undefined {
  const [keyword, record, name] =
    kind === "prior" ? (["CPDIS", "DP", "WCSDVARR"] as const) : (["D2IMDIS", "D2IM", "D2IMARR"] as const);
  const tableOf = (axis: 1 | 2): LookupTable | undefined => {
    if (!isLookup(keywords, keyword, axis, kind === "prior" ? ["TPD"] : [])) return undefined;
    const fields = new Map(
      recordFields(keywords, `${record}${axis}`).map(({ name: field, value }) => [field, value]),
    );
    const version = fields.get("EXTVER") ?? 1;
    const along = fields.get(`AXIS.${axis}`) ?? axis;
    const table = find?.(name, version);
    const named = `The lookup table ${name}, version ${version}, of ${keyword}${axis}`;
    if (table !== undefined) {
      const transposed = along !== axis;
      return {
        ...(transposed ? transpose(table) : table),
        extension: { name, version, transposed },
      };
    }
    if (find !== undefined)
      throw new WcsError("WCS_INVALID", `${named} is not in the file, or is not a readable image.`);
    warnings.push({ code: "LOOKUP_IGNORED", message: `${named} is not available.` });
    return undefined;
  };
  const old = kind === "detector" && keywords.header.index.has("AXISCORR");
  if (old) {
    const message = "The old form of detector corrections, AXISCORR, is not supported.";
    warnings.push({ code: "LOOKUP_IGNORED", message });
  }
  const tables = [tableOf(1), tableOf(2)] as const;
  return tables[0] === undefined && tables[1] === undefined ? undefined : tables;
}

/**
 * Exchanges the axes of a table that are in reverse order of the image's. Its reference keeps its
 * order, as in astropy.
 */
function transpose(table: LookupTable): LookupTable {
  const { width, height, data } = table;
  const transposed = new Float64Array(width * height);
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) transposed[i * height + j] = data[j * width + i]!;
  return { ...table, width: height, height: width, data: transposed };
}
