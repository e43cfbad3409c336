import type { TilePyramid } from "./tile-plan.ts";

/** The response of /images/{id}/tiles: tile pyramid, cuts and histogram of a frame. */
export interface TilesDescription extends TilePyramid {
  readonly id: string;
  readonly version: string;
  readonly bitpix: number;
  readonly unit: string | null;
  readonly levels: readonly (TilePyramid["levels"][number] & { readonly exact: boolean })[];
  /** Null for a frame without values. */
  readonly cuts: {
    readonly zscale: readonly [number, number];
    readonly percentile: readonly [number, number];
    readonly minmax: readonly [number, number];
    readonly median: number;
    readonly sigma: number;
  } | null;
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    readonly counts: readonly number[];
  } | null;
}
