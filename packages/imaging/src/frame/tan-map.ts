import { DEGREE } from "@sbnsis/wcs/internal";
import type { RowMap } from "./pixel-map.ts";
import type { TanFrame } from "./tan-frame.ts";

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/**
 * Maps the pixels of one TAN frame to another in the same celestial system. Both are planes seen
 * from the centre of the sphere, so the map is projective: a 3 x 3 matrix of homogeneous
 * coordinates, exact and without trigonometry per pixel.
 */
export function tanMap(target: TanFrame, source: TanFrame): RowMap {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = product(skyToPixel(source), pixelToSky(target));
  return (y, x0, step, count, sourceX, sourceY) => {
    const a = m01 * y + m02;
    const b = m11 * y + m12;
    const c = m21 * y + m22;
    for (let i = 0; i < count; i++) {
      const x = x0 + i * step;
      const w = m20 * x + c;
      const scale = w > 0 ? 1 / w : Number.NaN;
      sourceX[i] = (m00 * x + a) * scale;
      sourceY[i] = (m10 * x + b) * scale;
    }
  };
}

/**
 * Takes a homogeneous pixel (counted from 0) to a vector along (lon, lat) of the celestial sphere.
 */
function pixelToSky({ crval, crpix, cd }: TanFrame): Matrix {
  const [cd11, cd12, cd21, cd22] = cd.map((value) => value * DEGREE) as [number, number, number, number];
  const px = crpix[0] - 1;
  const py = crpix[1] - 1;
  const plane: Matrix = [cd11, cd12, -cd11 * px - cd12 * py, cd21, cd22, -cd21 * px - cd22 * py, 0, 0, 1];
  return product(axes(crval), plane);
}

/**
 * The inverse: takes a vector to homogeneous pixel coordinates, the third positive in front of the
 * tangent plane.
 */
function skyToPixel({ crval, crpix, cd }: TanFrame): Matrix {
  const [cd11, cd12, cd21, cd22] = cd.map((value) => value * DEGREE) as [number, number, number, number];
  const determinant = cd11 * cd22 - cd12 * cd21;
  const plane: Matrix = [
    cd22 / determinant,
    -cd12 / determinant,
    crpix[0] - 1,
    -cd21 / determinant,
    cd11 / determinant,
    crpix[1] - 1,
    0,
    0,
    1,
  ];
  const [a, b, c, d, e, f, g, h, i] = axes(crval);
  return product(plane, [a, d, g, b, e, h, c, f, i]);
}

/** Columns: the directions of east, north and the tangent point. */
function axes([lon, lat]: readonly [number, number]): Matrix {
  const sinLon = Math.sin(lon * DEGREE);
  const cosLon = Math.cos(lon * DEGREE);
  const sinLat = Math.sin(lat * DEGREE);
  const cosLat = Math.cos(lat * DEGREE);
  return [
    -sinLon,
    -sinLat * cosLon,
    cosLat * cosLon,
    cosLon,
    -sinLat * sinLon,
    cosLat * sinLon,
    0,
    cosLat,
    sinLat,
  ];
}

function product(a: Matrix, b: Matrix): Matrix {
  const cell = (row: number, column: number): number =>
    a[row * 3]! * b[column]! + a[row * 3 + 1]! * b[column + 3]! + a[row * 3 + 2]! * b[column + 6]!;
  return [
    cell(0, 0),
    cell(0, 1),
    cell(0, 2),
    cell(1, 0),
    cell(1, 1),
    cell(1, 2),
    cell(2, 0),
    cell(2, 1),
    cell(2, 2),
  ];
}
