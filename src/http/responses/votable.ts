import { rowWriter, type VotableField, votableHead, votableTail } from "@sbnsis/vo";

/** A FIELD of a VOTable of this service; `ref` names the COOSYS or TIMESYS. */
export interface VotableColumn extends VotableField {
  readonly ref?: "icrs" | "utc";
  readonly ucd: string;
  readonly description: string;
}

/** What the VOTable of a response contains in addition to its rows. */
export interface VotableParts {
  readonly description: string;
  /** Facts by name. */
  readonly info: Readonly<Record<string, string | number>>;
  readonly columns: readonly VotableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Whether matching rows were left out (DALI 1.1, 4.4.1). */
  readonly overflow: boolean;
}

/**
 * A VOTable document with one table; a row has a text for each column, empty for a missing value.
 */
export function votable({ description, info, columns, rows, overflow }: VotableParts): string {
  const writeRow = rowWriter(columns);
  return (
    votableHead({ description, info, fields: columns, hasSystems: true, rows: rows.length }) +
    rows.map(writeRow).join("") +
    votableTail({ status: overflow ? "OVERFLOW" : "OK" })
  );
}
