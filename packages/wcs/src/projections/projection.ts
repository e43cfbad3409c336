/**
 * One spherical projection. Native directions are unit vectors (x towards native longitude 0 on the
 * equator, z to the native pole); intermediate coordinates are radians on a unit sphere, x along
 * the longitude. FITS WCS paper II.
 */
export interface Projection {
  /** Three letters of CTYPE. */
  readonly code: string;
  /**
   * Native latitude of the fiducial point for these parameters (PVi_m of the latitude axis),
   * degrees; its native longitude is 0.
   */
  readonly theta0: (pv: readonly number[]) => number;
  /**
   * Numbers needed in both directions, computed once. Errors: WCS_INVALID for parameters without a
   * valid projection.
   */
  readonly constants: (pv: readonly number[]) => readonly number[];
  /** Writes the native direction of (x, y) into out[0..2]; false outside the map. */
  readonly toNative: (c: readonly number[], x: number, y: number, out: Float64Array) => boolean;
  /**
   * Writes x, y of the native direction in v[0..2] into out[0..1] (which may be v); false when it
   * is not on the map.
   */
  readonly toPlane: (c: readonly number[], v: Float64Array, out: Float64Array) => boolean;
}
