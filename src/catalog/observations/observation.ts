import type { SiaQuery } from "@sbnsis/vo";

/**
 * A search of observations. A null never matches. Shapes have no problem (`shapeProblem`); `id` may
 * be a LID, case-insensitively, optionally with `::` and the version.
 */
export type ObservationQuery = Omit<SiaQuery, "format" | "maxrec" | "runId">;

/**
 * An observation: columns of ObsCore 1.1 (appendix C) that depend on the image, by their names, in
 * their units; null where the catalog does not know the value.
 */
export interface Observation {
  readonly lid: string;
  readonly version: string | null;
  readonly image_url: string | null;
  /** Bytes of the file as it is served. */
  readonly file_size: number | null;
  readonly dataproduct_type: string;
  readonly dataproduct_subtype: string | null;
  readonly calib_level: number;
  readonly obs_collection: string;
  /** Shared by the products of an exposure. */
  readonly obs_id: string;
  /** kbyte */
  readonly access_estsize: number | null;
  readonly target_name: string | null;
  readonly s_ra: number | null;
  readonly s_dec: number | null;
  readonly s_fov: number | null;
  /**
   * Right ascensions and declinations of the corners, counter-clockwise as seen from inside, not
   * closed.
   */
  readonly s_region: readonly number[] | null;
  readonly s_xel1: number | null;
  readonly s_xel2: number | null;
  readonly t_min: number | null;
  readonly t_max: number | null;
  readonly t_exptime: number | null;
  readonly t_resolution: number | null;
  readonly em_min: number | null;
  readonly em_max: number | null;
  readonly facility_name: string;
  readonly instrument_name: string;
  readonly obs_title: string | null;
  /** Arcseconds. */
  readonly s_pixel_scale: number | null;
  readonly filter: string | null;
  readonly pds_collection: string;
  readonly limiting_magnitude: number | null;
}

/** How many observations to return, and whether they are still wanted. */
export interface ObservationOptions {
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/** Values that searches can use, sorted. */
export interface ObservationNames {
  readonly collections: readonly string[];
  readonly facilities: readonly string[];
  readonly instruments: readonly string[];
  /** Ascending. */
  readonly calibLevels: readonly number[];
}
