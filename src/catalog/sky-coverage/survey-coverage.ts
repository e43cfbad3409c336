/** The coverage of a survey on the sky. */
export interface SurveyCoverage {
  /** Name of the survey; `all` for all of them. */
  readonly name: string;
  /** Images of the survey, with or without a footprint. */
  readonly images: number;
  /** HEALPix order of the cells. */
  readonly order: number;
  /** Square degrees. */
  readonly area: number;
}

/** How a coverage is written (IVOA MOC 2.0, 4.2 and 4.3). */
export type CoverageForm = "fits" | "ascii" | "json";

/** Which coverage is wanted, and how. */
export interface WantedCoverage {
  readonly name: string;
  readonly form: CoverageForm;
  readonly order?: number;
}
