import type { ObjectRow } from "../object-row.ts";
import type { Cell } from "./cells.ts";

/**
 * Cells in the order of ADES_COLUMNS from the fields of an observation. The first of permID, provID
 * and trkSub names the object.
 */
export function adesRow(fields: ReadonlyMap<string, string>): readonly Cell[] {
  const field = (name: string) => fields.get(name);
  const name = [field("permID"), field("provID"), field("trkSub")].find((text) => (text ?? "") !== "");
  return [
    field("obsID") ?? name,
    name,
    field("stn"),
    field("obsTime"),
    field("ra"),
    field("dec"),
    field("rmsRA"),
    field("rmsDec"),
    field("rmsCorr"),
  ];
}

/** The object of a list, if all rows have the same. */
export function adesTarget(rows: readonly ObjectRow[]): string | null {
  const [first] = rows;
  return first !== undefined && rows.every(({ label }) => label === first.label) ? first.label : null;
}
