import { pixelToWorld, type Wcs, worldToPixel } from "@sbnsis/wcs";
import { celestialFrame, DEGREE, tanWcs } from "@sbnsis/wcs/internal";
import type { PixelBox } from "./cutout-box.ts";

type Matrix = readonly [number, number, number, number];

/**
 * Allowed rotation of the header's matrix against the sky at its own reference pixel, degrees:
 * enough for rounding errors only.
 */
const ROTATION_AT_REFERENCE = 1e-4;

/**
 * As ROTATION_AT_REFERENCE, at the middle of a picture. Meridians converge, so each picture away
 * from the reference pixel is rotated a little; up to this limit it keeps the header's matrix, as
 * in the existing service.
 */
const ROTATION_AT_MIDDLE = 15;

/**
 * Linear matrix of a picture that keeps the orientation of its file: CD1_1, CD1_2, CD2_1, CD2_2 in
 * degrees per pixel, rows of longitude and latitude.
 * This is the header's matrix where it matches the sky; otherwise (LONPOLE other than its default,
 * distortions that rotate or mirror, positions far from the reference pixel near a pole) the
 * Jacobian at the middle of the picture.
 */
export function unalignedMatrix(wcs: Wcs, { start, shape }: PixelBox): Matrix {
  const middle = jacobian(wcs, start[0] + (shape[0] - 1) / 2, start[1] + (shape[1] - 1) / 2);
  if (middle === undefined) return wcs.toPlane;
  const { crpix } = wcs.linear;
  const undistorted: Wcs = {
    ...wcs,
    sip: undefined,
    sequent: undefined,
    prior: undefined,
    detector: undefined,
  };
  const reference = jacobian(undistorted, crpix[0] - 1, crpix[1] - 1);
  const isPlain =
    (reference === undefined || rotationOf(wcs.toPlane, reference) < ROTATION_AT_REFERENCE) &&
    rotationOf(wcs.toPlane, middle) < ROTATION_AT_MIDDLE;
  return isPlain ? wcs.toPlane : middle;
}

/** Rotation of matrix `b` against `a` in degrees, 0 to 180; 180 if it is mirrored. */
function rotationOf(a: Matrix, b: Matrix): number {
  const [a11, a12, a21, a22] = a;
  const [b11, b12, b21, b22] = b;
  const determinant = a11 * a22 - a12 * a21;
  if (!(determinant * (b11 * b22 - b12 * b21) > 0)) return 180;
  // the rotation of b times the inverse of a (polar decomposition)
  const sine = (b21 * a22 - b22 * a21 - (b12 * a11 - b11 * a12)) / determinant;
  const cosine = (b11 * a22 - b12 * a21 + (b22 * a11 - b21 * a12)) / determinant;
  return Math.abs(Math.atan2(sine, cosine)) / DEGREE;
}

/** Half the step of the differences, pixels. */
const HALF_STEP = 0.5;

/**
 * Derivatives by x and y (pixels from 0) of the plane that is tangent to the sky at (x, y), with
 * north as its second axis; undefined at an edge of the map.
 */
function jacobian(wcs: Wcs, x: number, y: number): Matrix | undefined {
  const centre = pixelToWorld(wcs, x, y);
  if (centre === undefined) return undefined;
  // a pixel of this plane is a degree
  const plane = tanWcs(
    { crval: [centre.lon, centre.lat], crpix: [1, 1], cd: [1, 0, 0, 1] },
    celestialFrame("OTHER"),
  );
  const onPlane = (px: number, py: number) => {
    const place = pixelToWorld(wcs, px, py);
    return place && worldToPixel(plane, place.lon, place.lat);
  };
  const along = (dx: number, dy: number): readonly [number, number] | undefined => {
    const before = onPlane(x - dx, y - dy);
    const after = onPlane(x + dx, y + dy);
    return before && after && [after.x - before.x, after.y - before.y];
  };
  const byX = along(HALF_STEP, 0);
  const byY = along(0, HALF_STEP);
  return byX && byY && [byX[0], byY[0], byX[1], byY[1]];
}
