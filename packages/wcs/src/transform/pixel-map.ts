import type { Wcs } from "../model/wcs.ts";
import { type ExactMap, type GridMap, gridMap } from "./grid-map.ts";
import { icrsToPixel, pixelToIcrs, pixelToWorld, worldToPixel } from "./sky.ts";

/** How the pixels of one image are mapped to another. */
export interface PixelMapOptions {
  /**
   * Pixel of the other image, counted from 0, that is the origin of positions in it; defaults to
   * (0, 0).
   */
  readonly origin?: readonly [number, number];
  /** Allowed error of the interpolation, pixels of the other image; defaults to 1e-7. */
  readonly tolerance?: number;
  /**
   * Called from time to time while positions are computed one by one, by this function and by the
   * map; an exception ends the work.
   */
  readonly checkpoint?: () => void;
}

/** Positions computed between two calls of the checkpoint: milliseconds for a strong distortion. */
const PLACES = 1024;

/**
 * The map from the width x height pixels of `from` to the pixels of `to` at the same sky positions,
 * counted from 0 on both sides. Through ICRS, or through the system itself when it is a common one
 * without a known relation to ICRS. Exact at the nodes of a grid; interpolated between them if that
 * is accurate to the tolerance, and computed one by one otherwise (see gridMap).
 */
export function pixelMap(
  from: Wcs,
  to: Wcs,
  [width, height]: readonly [number, number],
  options: PixelMapOptions = {},
): GridMap {
  return gridMap(exactPixelMap(from, to, options), width, height, options.tolerance);
}

/** As pixelMap, for single positions without any interpolation. */
export function exactPixelMap(
  from: Wcs,
  to: Wcs,
  { origin: [x0, y0] = [0, 0], checkpoint }: Pick<PixelMapOptions, "origin" | "checkpoint"> = {},
): ExactMap {
  const find = to.frame.toIcrs === undefined ? throughOwnSystem : throughIcrs;
  let places = 0;
  return (x, y, out) => {
    if (++places % PLACES === 0) checkpoint?.();
    const place = find(from, to, x, y);
    out[0] = place === undefined ? Number.NaN : place.x - x0;
    out[1] = place === undefined ? Number.NaN : place.y - y0;
  };
}

/** The pixel of `to` at the sky position of pixel (x, y) of `from`. */
type FindPixel = (
  from: Wcs,
  to: Wcs,
  x: number,
  y: number,
) => { readonly x: number; readonly y: number } | undefined;

const throughIcrs: FindPixel = (from, to, x, y) => {
  const sky = pixelToIcrs(from, x, y);
  return sky && icrsToPixel(to, sky.ra, sky.dec);
};

const throughOwnSystem: FindPixel = (from, to, x, y) => {
  const sky = pixelToWorld(from, x, y);
  return sky && worldToPixel(to, sky.lon, sky.lat);
};

/**
 * Areas of the pixels of one row of a picture: for i = 0 .. count-1 that of pixel (x0 + i, y) is
 * written to areas[i], in pixels of the source; NaN outside the source's map.
 */
export type RowAreas = (y: number, x0: number, count: number, areas: Float64Array) => void;

/**
 * The area that each of width x height pixels covers in the source of a map: the magnitude of the
 * determinant of the map's Jacobian, by which a flux per source pixel is multiplied to give the
 * flux per picture pixel. By central differences of one pixel at the nodes of a grid, as gridMap,
 * with a relative error of at most `tolerance`.
 */
export function pixelAreas(exact: ExactMap, width: number, height: number, tolerance = 1e-6): RowAreas {
  const [right, left, up, down] = [0, 0, 0, 0].map(() => new Float64Array(2)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const areaAt = (x: number, y: number): number => {
    exact(x + 0.5, y, right);
    exact(x - 0.5, y, left);
    exact(x, y + 0.5, up);
    exact(x, y - 0.5, down);
    const xByX = right[0]! - left[0]!;
    const yByX = right[1]! - left[1]!;
    const xByY = up[0]! - down[0]!;
    const yByY = up[1]! - down[1]!;
    return Math.abs(xByX * yByY - yByX * xByY);
  };
  // in units of the area in the middle, so that the tolerance is a relative one
  const unit = areaAt((width - 1) / 2, (height - 1) / 2) || 1;
  const { rows } = gridMap(
    (x, y, out) => {
      out[0] = areaAt(x, y) / unit;
      out[1] = out[0]!;
    },
    width,
    height,
    tolerance,
  );
  const unused = new Float64Array(width);
  return (y, x0, count, areas) => {
    rows(y, x0, 1, count, areas, unused);
    for (let i = 0; i < count; i++) areas[i] = areas[i]! * unit;
  };
}
