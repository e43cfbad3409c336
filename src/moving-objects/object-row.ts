import type { ErrorCode } from "../errors/catalogue.ts";

/** Facts that a list states about a row but that should be known before its products are used. */
export type RowWarning =
  | "EDGE"
  | "ELLIPSE_LARGER"
  | "EPHEMERIS_SPARSE"
  | "GEOCENTRIC"
  | "RATE_OF_DATE"
  | "TIME_MISMATCH"
  | "TRAILED";

/** Errors of a row; the rest of the list is processed. */
export type RowCode = Extract<ErrorCode, "ROW_INVALID" | "NO_FRAME" | "NO_TIME" | "IMAGE_NOT_FOUND">;

/** What a list states about the object besides its position; null means not known. */
export interface ObjectFacts {
  /** Motion on the sky: arcseconds per hour, and position angle in degrees, north through east. */
  readonly rate: number | null;
  readonly pa: number | null;
  /**
   * Uncertainty ellipse: semi-axes in arcseconds, position angle of the major axis in degrees, and
   * how many standard deviations the axes are.
   */
  readonly unc_a: number | null;
  readonly unc_b: number | null;
  readonly unc_pa: number | null;
  readonly unc_sigma: number | null;
  /** Position angles towards the Sun, and along the projected heliocentric velocity, degrees. */
  readonly sun_pa: number | null;
  readonly vel_pa: number | null;
  readonly vmag: number | null;
}

/**
 * One interpreted row of a list, whatever its form. Names are those of the manifest; null means not
 * known. Plain data, which is stored and hashed as JSON.
 */
export interface ObjectRow extends ObjectFacts {
  /** Number in the list, from 1. */
  readonly n: number;
  /** The caller's own name of the row. */
  readonly row: string | null;
  /** PDS4 logical identifier of the frame. */
  readonly obs_id: string | null;
  /** Predicted position at `mjd`: ICRS, degrees. */
  readonly ra: number | null;
  readonly dec: number | null;
  /** Time of the position: Modified Julian Date, UTC. */
  readonly mjd: number | null;
  /** Size of the cutout as in GET /images, if the row has its own. */
  readonly size: string | null;
  /** Weight in stacks. */
  readonly weight: number | null;
  /** Full width at half maximum of a point source, arcseconds. */
  readonly fwhm: number | null;
  /** Whether stacks use the row. */
  readonly use: boolean;
  readonly label: string | null;
  /** MPC code of the observatory. */
  readonly station: string | null;
  /** Estimated error of an interpolated position, arcseconds. */
  readonly interp_err: number | null;
  readonly warnings: readonly RowWarning[];
  /** Why nothing can be made from the row, the column at fault, and a sentence for people. */
  readonly code: RowCode | null;
  readonly column: string | null;
  readonly detail: string | null;
}

/** A row about which nothing is known. */
export function emptyRow(n: number): ObjectRow {
  return {
    n,
    row: null,
    obs_id: null,
    ra: null,
    dec: null,
    mjd: null,
    rate: null,
    pa: null,
    unc_a: null,
    unc_b: null,
    unc_pa: null,
    unc_sigma: null,
    sun_pa: null,
    vel_pa: null,
    vmag: null,
    size: null,
    weight: null,
    fwhm: null,
    use: true,
    label: null,
    station: null,
    interp_err: null,
    warnings: [],
    code: null,
    column: null,
    detail: null,
  };
}

/** The same row with an error, unless it already has one. */
export function failedRow(row: ObjectRow, code: RowCode, detail: string, column: string | null): ObjectRow {
  return row.code === null ? { ...row, code, detail, column } : row;
}

/** Forms in which lists can be read. */
type ListForm = "ades-psv" | "ades-xml" | "catch" | "csv" | "horizons" | "json" | "mpc80" | "tsv" | "votable";

/** A list after it was read. */
export interface ObjectList {
  readonly form: ListForm;
  /** Name of the object, if the list states it. */
  readonly target: string | null;
  /** Whether the rows are nodes of one ephemeris rather than single positions. */
  readonly isEphemeris: boolean;
  readonly rows: readonly ObjectRow[];
  /** Columns that have no meaning here. */
  readonly ignored: readonly string[];
  /** What the caller should know about the list as a whole. */
  readonly notes: readonly string[];
  /** Options that a JSON list has beside its rows. */
  readonly options: Readonly<Record<string, unknown>>;
}
