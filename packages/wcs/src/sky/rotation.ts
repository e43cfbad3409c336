/** A 3 x 3 matrix, row by row, that rotates column vectors. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Radians in a degree: `x * DEGREE` converts degrees to radians. */
export const DEGREE = Math.PI / 180;

/** Product a b. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const cell = (i: number, j: number) =>
    a[3 * i]! * b[j]! + a[3 * i + 1]! * b[3 + j]! + a[3 * i + 2]! * b[6 + j]!;
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

/** The transposed matrix, which is the inverse of a rotation. */
export function transpose(m: Matrix3): Matrix3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

/**
 * Rotates the axes by `angle` radians about axis x, y or z (the passive rotation R1, R2, R3 of the
 * Explanatory Supplement).
 */
export function axisRotation(axis: "x" | "y" | "z", angle: number): Matrix3 {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (axis === "x") return [1, 0, 0, 0, c, s, 0, -s, c];
  if (axis === "y") return [c, 0, -s, 0, 1, 0, s, 0, c];
  return [c, s, 0, -s, c, 0, 0, 0, 1];
}

/** Rotates the vector in v[0..2] in place. */
export function turn(m: Matrix3, v: Float64Array): void {
  const x = v[0]!;
  const y = v[1]!;
  const z = v[2]!;
  v[0] = m[0] * x + m[1] * y + m[2] * z;
  v[1] = m[3] * x + m[4] * y + m[5] * z;
  v[2] = m[6] * x + m[7] * y + m[8] * z;
}

/** Rotates the vector in v[0..2] in place by the transposed matrix. */
export function turnBack(m: Matrix3, v: Float64Array): void {
  const x = v[0]!;
  const y = v[1]!;
  const z = v[2]!;
  v[0] = m[0] * x + m[3] * y + m[6] * z;
  v[1] = m[1] * x + m[4] * y + m[7] * z;
  v[2] = m[2] * x + m[5] * y + m[8] * z;
}

/** Writes the unit vector of longitude and latitude (radians) into v[0..2]. */
export function setDirection(v: Float64Array, lon: number, lat: number): void {
  const c = Math.cos(lat);
  v[0] = c * Math.cos(lon);
  v[1] = c * Math.sin(lon);
  v[2] = Math.sin(lat);
}

/** Longitude of v[0..2] in radians, -pi .. pi; 0 at the poles. */
export function longitudeOf(v: Float64Array): number {
  return v[0] === 0 && v[1] === 0 ? 0 : Math.atan2(v[1]!, v[0]!);
}

/** Latitude of v[0..2], of any length, in radians; precise at the poles too. */
export function latitudeOf(v: Float64Array): number {
  return Math.atan2(v[2]!, Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]!));
}
