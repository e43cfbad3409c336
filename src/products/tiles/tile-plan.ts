import type { ImageDescription } from "@sbnsis/fits";
import type { SourceFile } from "../request/source-file.ts";

interface TileSource {
  readonly source: SourceFile;
  readonly image: ImageDescription;
}

/** The coarse levels of a whole frame, with its cuts and its histogram. */
interface OverviewPlan extends TileSource {
  readonly kind: "overview";
}

/** One row of tiles of a fine level. */
export interface BandPlan extends TileSource {
  readonly kind: "band";
  readonly level: number;
  /** Row of tiles, from 0 at the lower edge. */
  readonly row: number;
  /** float32 where values would be rounded. */
  readonly exact: boolean;
}

export type TilePlan = OverviewPlan | BandPlan;

/** Limits of brightness of a frame and the distribution of its values; null without any value. */
export interface FrameStatistics {
  readonly cuts: {
    /** Limits of IRAF's zscale of about 1000 evenly spaced pixels, as astropy computes them. */
    readonly zscale: readonly [number, number];
    /** Percentiles 0.5 and 99.5. */
    readonly percentile: readonly [number, number];
    readonly minmax: readonly [number, number];
    readonly median: number;
    /** 1.4826 times the median absolute deviation. */
    readonly sigma: number;
  } | null;
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    readonly counts: readonly number[];
  } | null;
  /** Whether pixels without a value were found. */
  readonly blank: boolean;
}
