import { tooManyRows, unreadable } from "../list-error.ts";
import { failedRow, type ObjectRow } from "../object-row.ts";
import { buildRow, type RowRules } from "./build-row.ts";
import { type Cell, rowValues } from "./cells.ts";
import { type KnownColumn, knownColumns, type ListColumn } from "./columns.ts";

/** Most columns of a list, more than any form has. */
const MOST_COLUMNS = 1000;

/** What every form is read with. */
export interface FormOptions {
  /** Most rows that a list may have. */
  readonly maximumRows: number;
  /** What `unc_theta` of CATCH means. */
  readonly uncTheta: "theta" | "pa";
}

/** Rows under construction, with the columns of their list. */
export class TableRows {
  readonly rows: ObjectRow[] = [];
  readonly ignored: readonly string[];
  readonly #known: readonly KnownColumn[];
  readonly #rules: RowRules;
  readonly #limit: number;

  /**
   * Errors: LIST_UNREADABLE at `line` for columns that repeat, and when none is a position.
   */
  constructor(columns: readonly ListColumn[], rules: RowRules, { maximumRows }: FormOptions, line = 1) {
    if (columns.length > MOST_COLUMNS) {
      throw unreadable(`there are more than ${MOST_COLUMNS} columns`, { line, column: 1 });
    }
    const { known, ignored, repeated } = knownColumns(columns);
    if (repeated !== undefined) {
      throw unreadable(`the column ${repeated} is there twice`, { line, column: 1 });
    }
    for (const key of ["ra", "dec"] as const) {
      if (!known.some(({ meaning }) => meaning.key === key)) {
        const names = columns.map(({ name }) => name).join(", ");
        throw unreadable(`no column is ${key}; the columns are: ${names.slice(0, 200)}`, { line, column: 1 });
      }
    }
    this.#known = known;
    this.ignored = ignored;
    this.#rules = rules;
    this.#limit = maximumRows;
  }

  /** Adds a row. Errors: LIST_TOO_LARGE. */
  add(cells: readonly Cell[]): void {
    this.push((n) => buildRow(n, rowValues(cells, this.#known), this.#rules));
  }

  /** Adds a row whose cells are not where the columns say. */
  addInvalid(cells: readonly Cell[], detail: string): void {
    this.push((n) => {
      const row = buildRow(n, rowValues(cells, this.#known), this.#rules);
      return failedRow({ ...row, code: null }, "ROW_INVALID", detail, null);
    });
  }

  /** Adds a row that `make` returns for its place. Errors: LIST_TOO_LARGE. */
  push(make: (n: number) => ObjectRow): void {
    if (this.rows.length >= this.#limit) throw tooManyRows(this.#limit);
    this.rows.push(make(this.rows.length + 1));
  }
}
