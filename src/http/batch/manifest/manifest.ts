import type { BatchRow } from "../../../moving-objects/batch-row.ts";
import { csvTable, votable } from "../../responses/tables.ts";
import { MANIFEST_COLUMNS, type ManifestValue } from "./manifest-columns.ts";

/** Rows of a manifest, and facts about all of them. */
export interface ManifestParts {
  readonly rows: readonly BatchRow[];
  /** Beginning of all links; undefined outside a service, which has no links. */
  readonly baseUrl: string | undefined;
}

const cellText = (value: ManifestValue): string => {
  if (value === null) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
};

function cellsOf({ rows, baseUrl }: ManifestParts): readonly (readonly string[])[] {
  return rows.map((row) => MANIFEST_COLUMNS.map(({ value }) => cellText(value(row, baseUrl))));
}

/** The rows as objects, the members in the order of the columns. */
export function manifestObjects({
  rows,
  baseUrl,
}: ManifestParts): readonly Readonly<Record<string, ManifestValue>>[] {
  return rows.map((row) =>
    Object.fromEntries(MANIFEST_COLUMNS.map(({ name, value }) => [name, value(row, baseUrl)])),
  );
}

/** The rows as CSV with a header line. */
export function manifestCsv(parts: ManifestParts): string {
  return csvTable(
    MANIFEST_COLUMNS.map(({ name }) => name),
    cellsOf(parts),
  );
}

/** The rows as a VOTable; `next` is where the next page starts, if there is one. */
export function manifestVotable(
  parts: ManifestParts,
  info: Readonly<Record<string, string | number>>,
  next: number | undefined,
): string {
  return votable({
    description: "Rows of a batch of the SBN Survey Image Service",
    info: { ...info, ...(next !== undefined && { next }) },
    columns: MANIFEST_COLUMNS,
    rows: cellsOf(parts),
    overflow: next !== undefined,
  });
}
