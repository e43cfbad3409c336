import type { ImageLabel } from "@sbnsis/pds4";
import type { SkyCorners } from "@sbnsis/wcs/internal";

/** Values of a column: corners are stored as JSON. */
export type ColumnType = "text" | "integer" | "bigint" | "real" | "corners";

/** How both engines declare a type, and which declarations of existing tables are accepted. */
export const COLUMN_TYPES: Readonly<
  Record<ColumnType, { readonly declared: string; readonly accepted: RegExp }>
> = {
  text: { declared: "VARCHAR", accepted: /CHAR|TEXT|CLOB/i },
  integer: { declared: "INTEGER", accepted: /INT/i },
  bigint: { declared: "BIGINT", accepted: /INT/i },
  real: { declared: "DOUBLE PRECISION", accepted: /DOUBLE|FLOAT|REAL/i },
  corners: { declared: "VARCHAR", accepted: /CHAR|TEXT|CLOB/i },
};

/**
 * How `/query` searches a column: `counted` columns have the number of images of each value (all
 * combinations of them are counted, by triggers); `exact` ones match a text; `prefix` ones match a
 * text or, with `*` at its end, its beginning.
 */
export interface ColumnSearch {
  readonly by: "counted" | "exact" | "prefix";
  readonly parameter: string;
  readonly description: string;
  readonly example: string;
}

/** How responses of `/query` show a column. */
export interface ColumnResponse {
  /** Member of a JSON row, column of a table. */
  readonly name: string;
  /** In the OpenAPI document, if the name does not say it all. */
  readonly note?: string;
  /** In a VOTable. */
  readonly description: string;
  /** Unified content descriptor (IVOA UCD1+ 1.4). */
  readonly ucd: string;
  readonly unit?: string;
  /** A time of a label, which is ASCII; all other texts can be any Unicode. */
  readonly isTime?: true;
}

/** What the values of derived columns depend on. */
export interface DerivedFrom {
  readonly obsId: string;
  readonly collection: string;
  readonly startMjd: number | null;
  readonly stopMjd: number | null;
  readonly filter: string | null;
  readonly corners: SkyCorners | null;
}

/** A column that describes an image. */
export interface ImageColumn {
  /** `image` is the Python service's own table and never changes; new columns are in the other. */
  readonly table: "image" | "image_detail";
  readonly name: string;
  /** Property of ImageRecord or ImageDetail. */
  readonly property: string;
  readonly type: ColumnType;
  /** Whether it is never null. */
  readonly isRequired?: true;
  /** The value according to the label; without it and `derive`, the harvest supplies it. */
  readonly fromLabel?: (label: ImageLabel) => string | number | SkyCorners | undefined;
  /**
   * The value according to other columns: written with them, and by `migrate` for existing rows.
   */
  readonly derive?: (image: DerivedFrom) => string | number | null | undefined;
  /** The migration that adds the column; defaults to that of its table. */
  readonly since?: number;
  readonly search?: ColumnSearch;
  readonly response?: ColumnResponse;
}
