import type { ColormapName } from "../color/colormap.ts";
import type { Mark } from "../draw/marks.ts";
import type { Interpolation } from "../resample/resample.ts";
import type { Stretch } from "../stretch/functions/registry.ts";

/** Methods of finding the levels. */
export const CUTS = ["zscale", "minmax", "percentile"] as const;
type CutMethod = (typeof CUTS)[number];

/** Largest enlargement factor, and most pixels of an enlarged picture. */
export const MAXIMUM_ZOOM = 16;
export const ZOOM_PIXELS = 2 ** 25;

/** One level: a physical value, or a percentile of the finite values (0..100). */
export type Cut =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "percent"; readonly value: number };

/**
 * A client's choices for a picture. Defaults to zscale, linear, grey, nearest neighbor, full size
 * and no marks.
 */
export interface PictureOptions {
  /** How values within the interval become brightness. */
  readonly stretch?: Stretch;
  /** a of log (defaults to 1000), asinh (0.1) or power (2). */
  readonly stretchParameter?: number;
  readonly cut?: CutMethod;
  /** Replaces the level found by `cut`. */
  readonly minCut?: Cut;
  readonly maxCut?: Cut;
  readonly colormap?: ColormapName;
  /** Exchanges white and black. */
  readonly invert?: boolean;
  /** Longer side in pixels; a picture is reduced to it by area averaging, never enlarged. */
  readonly width?: number;
  /**
   * Integer enlargement factor, each pixel becoming a square; defaults to 1. Cannot be combined
   * with `width`.
   */
  readonly zoom?: number;
  readonly interpolation?: Interpolation;
  /** Drawn in this order; at most 64. */
  readonly marks?: readonly Mark[];
}
