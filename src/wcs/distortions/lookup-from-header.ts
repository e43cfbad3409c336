import { type Keywords, plainText, recordFields } from "../keywords.ts";
import type { WcsWarning } from "../wcs.ts";
import type { LookupTable } from "./lookup-table.ts";

/** Gives a table of the file by the name and version of its extension (EXTNAME, EXTVER); undefined when there is none. */
export type FindLookupTable = (name: "WCSDVARR" | "D2IMARR", version: number) => LookupTable | undefined;

type Pair = readonly [LookupTable | undefined, LookupTable | undefined];

/**
 * The lookup tables that CPDISj = 'LOOKUP' (or D2IMDISj) and the records EXTVER of DPj (or D2IMj) name for axes 1 and 2; undefined when
 * they name none. Errors: WCS_INVALID for cards that cannot be read. FITS WCS paper IV, 4; the extension names are those of astropy and the Hubble archive.
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
    const method = plainText(keywords.header, `${keyword}${axis}`);
    if (method?.toUpperCase() !== "LOOKUP") return undefined;
    const fields = recordFields(keywords, `${record}${axis}`);
    const version = fields.find((field) => field.name === "EXTVER")?.value ?? 1;
    const table = find?.(name, version);
    if (table === undefined) {
      warnings.push({
        code: "LOOKUP_IGNORED",
        message: `The lookup table ${name}, version ${version}, of ${keyword}${axis} is not at hand.`,
      });
    }
    return table;
  };
  const tables = [tableOf(1), tableOf(2)] as const;
  return tables[0] === undefined && tables[1] === undefined ? undefined : tables;
}
