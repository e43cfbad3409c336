import { tooManyRows, unreadable } from "../list-error.ts";
import { failedRow, type ObjectList, type ObjectRow, type RowWarning } from "../object-row.ts";
import { type Cell, type RowValues, rowValues } from "./cells.ts";
import { type KnownColumn, knownColumns, type ListColumn } from "./columns.ts";

/** How the columns of a form are interpreted where their names leave it open. */
export interface RowRules {
  /** Standard deviations of an ellipse that does not state its own. */
  readonly sigma: number;
  /** Whether motions are in the equator of date, as Horizons states them. */
  readonly ratesOfDate: boolean;
  /**
   * What `unc_theta` means: `theta`, from east towards north, as Horizons and CATCH state it, or
   * `pa`, from north through east, as CATCH documents it.
   */
  readonly uncTheta: "theta" | "pa";
}

/** The rules of forms without a meaning of their own. */
export const PLAIN_RULES: RowRules = { sigma: 1, ratesOfDate: false, uncTheta: "theta" };

const DEGREE = Math.PI / 180;

/** An angle within 0 to 360 degrees. */
function normalized(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** Motion from its components, the first with the cosine of the declination. */
function motionOf(ra: number, dec: number): { readonly rate: number; readonly pa: number } {
  return { rate: Math.hypot(ra, dec), pa: normalized(Math.atan2(ra, dec) / DEGREE) };
}

/** Ellipse of 1 standard deviation of two correlated errors, east and north. */
function ellipseOf(east: number, north: number, correlation: number) {
  const [ee, nn] = [east * east, north * north];
  const en = correlation * east * north;
  const mean = (ee + nn) / 2;
  const half = Math.hypot((ee - nn) / 2, en);
  return {
    unc_a: Math.sqrt(mean + half),
    unc_b: Math.sqrt(Math.max(0, mean - half)),
    unc_pa: normalized(Math.atan2(2 * en, nn - ee) / 2 / DEGREE) % 180,
    unc_sigma: 1,
  };
}

type Values = RowValues["values"];

const numeric = (value: Values[keyof Values]): number | null => (typeof value === "number" ? value : null);
const textual = (value: Values[keyof Values]): string | null => (typeof value === "string" ? value : null);

/** Lists write 0 or a negative number for a seeing that is not known. */
const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

function uncertaintyOf(values: Values, { sigma, uncTheta }: RowRules) {
  const {
    rms_ra: east,
    rms_dec: north,
    rms_corr: correlation = 0,
  } = values as Record<string, number | undefined>;
  if (values.unc_a === undefined && east !== undefined && north !== undefined) {
    return ellipseOf(east, north, correlation);
  }
  const a = numeric(values.unc_a);
  const b = numeric(values.unc_b);
  const theta = numeric(values.unc_theta);
  const written = numeric(values.unc_pa);
  const pa = theta === null ? written : uncTheta === "pa" ? theta : 90 - theta;
  if (a === null) return { unc_a: null, unc_b: null, unc_pa: null, unc_sigma: null };
  const own = values.unc_sigma;
  return {
    unc_a: a,
    unc_b: b,
    unc_pa: pa === null ? null : normalized(pa),
    // Horizons' own columns are 3 standard deviations
    unc_sigma: numeric(own) ?? (theta !== null && written === null ? 3 : sigma),
  };
}

/** The other half of a pair of which a row has only one. */
function missingHalf(values: Values): string | undefined {
  const pairs = [
    ["ra", "dec"],
    ["rate", "pa"],
    ["motion_ra", "motion_dec"],
  ] as const;
  for (const [first, second] of pairs) {
    if (values[first] !== undefined && values[second] === undefined && values[first] !== 0) return second;
    // a position angle without a rate is harmless
    if (values[first] === undefined && values[second] !== undefined && second !== "pa") return first;
  }
  return undefined;
}

/**
 * The identifier of the frame that a row names: as a LID, as a publisher's identifier that ends
 * with one, or as a LID in the column of the row's name.
 */
function frameOf({ obs_id: named, row }: Values): string | null {
  const text = textual(named)?.replace(/^ivo:\/\/[^?#]*\?/i, "") ?? null;
  if (text !== null) return text;
  const name = textual(row);
  return name !== null && /^urn:/i.test(name) ? name : null;
}

/**
 * A row from its values. Rows that cannot be used have ROW_INVALID, naming the column, or NO_TIME
 * when they name neither a frame nor a time.
 *
 * @param n number in the list, from 1
 */
function buildRow(n: number, { values, problem }: RowValues, rules: RowRules): ObjectRow {
  const { motion_ra: east, motion_dec: north } = values;
  const motion =
    values.rate === undefined && typeof east === "number" && typeof north === "number"
      ? motionOf(east, north)
      : { rate: numeric(values.rate), pa: values.pa === undefined ? null : normalized(Number(values.pa)) };
  const ofDate = rules.ratesOfDate && values.rate === undefined && motion.rate !== null;
  const warnings: readonly RowWarning[] = ofDate ? ["RATE_OF_DATE"] : [];
  const angle = (value: Values[keyof Values]) => (typeof value === "number" ? normalized(value) : null);
  const { unc_a, unc_b, unc_pa, unc_sigma } = uncertaintyOf(values, rules);
  // without spreads, which take most of the time of long lists
  const row: ObjectRow = {
    n,
    row: textual(values.row),
    obs_id: frameOf(values),
    ra: numeric(values.ra),
    dec: numeric(values.dec),
    mjd: numeric(values.time),
    rate: motion.rate,
    pa: motion.pa,
    unc_a,
    unc_b,
    unc_pa,
    unc_sigma,
    sun_pa: angle(values.sun_pa),
    vel_pa: angle(values.vel_pa),
    vmag: numeric(values.vmag),
    size: textual(values.size),
    weight: numeric(values.weight),
    fwhm: positive(numeric(values.fwhm)),
    use: values.use !== false,
    label: textual(values.label),
    station: textual(values.station),
    interp_err: null,
    warnings,
    code: null,
    column: null,
    detail: null,
  };
  if (problem !== undefined) return failedRow(row, "ROW_INVALID", problem.detail, problem.column);
  if (row.ra === null && row.dec === null) {
    return failedRow(row, "ROW_INVALID", "The row has no position: ra and dec are empty.", "ra");
  }
  const half = missingHalf(values);
  if (half !== undefined) {
    const name = half.replace("motion_", "d");
    return failedRow(row, "ROW_INVALID", `Column ${name} is empty, but the row needs it.`, name);
  }
  if (row.obs_id === null && row.mjd === null) {
    const detail = "The row names neither a frame nor a time, so no frame can be found.";
    return failedRow(row, "NO_TIME", detail, "time");
  }
  return row;
}

/** Maximum number of columns of a list, more than any form has. */
const MOST_COLUMNS = 1000;

/** Options for reading any form. */
export interface FormOptions {
  /** Maximum number of rows of a list. */
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
      throw unreadable(`the column ${repeated} appears twice`, { line, column: 1 });
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

  /** Adds a row that `make` returns for its number. Errors: LIST_TOO_LARGE. */
  push(make: (n: number) => ObjectRow): void {
    if (this.rows.length >= this.#limit) throw tooManyRows(this.#limit);
    this.rows.push(make(this.rows.length + 1));
  }

  /** The finished list of a form that states only rows. */
  list(form: ObjectList["form"]): ObjectList {
    const { rows, ignored } = this;
    return { form, target: null, isEphemeris: false, rows, ignored, notes: [], options: {} };
  }
}
