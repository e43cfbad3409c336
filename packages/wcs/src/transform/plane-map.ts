/**
 * A map of the plane onto itself, as plain data: polynomials of both coordinates plus odd powers of
 * the distance from the origin.
 * All polynomial distortions (SIP, TPV, TNX, ZPX, DSS, TPD) reduce to it.
 *     x' = sum_ij x[i * (degree + 1) + j] u^i v^j + sum_k radialX[k] r^(2k+1),
 *     u = (x - origin[0]) * scale[0], r^2 = u^2 + v^2
 */
export interface PlaneMap {
  readonly degree: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Coefficients of r, r^3, r^5, r^7 ...; empty when there are none. */
  readonly radialX: readonly number[];
  readonly radialY: readonly number[];
  /** Position of u = v = 0, in the units of the input. */
  readonly origin: readonly [number, number];
  readonly scale: readonly [number, number];
  /** Accuracy of the inverse, in units of the output. */
  readonly tolerance: number;
  /**
   * Distance from u = v = 0, in units of u and v, within which the map certainly does not fold (see
   * unfoldedRadius).
   */
  readonly unfoldedRadius: number;
}

/**
 * Builds the coefficient list of a polynomial of `degree` from its terms [i, j, coefficient of u^i
 * v^j]; terms with equal powers add up.
 */
export function polynomial(
  degree: number,
  terms: Iterable<readonly [number, number, number]>,
): readonly number[] {
  const out = new Array<number>((degree + 1) * (degree + 1)).fill(0);
  for (const [i, j, c] of terms) out[i * (degree + 1) + j]! += c;
  return out;
}

/** Writes x', y' of (x, y) into out[0..1]. */
export function mapPlane(map: PlaneMap, x: number, y: number, out: Float64Array): void {
  const { degree, x: cx, y: cy } = map;
  const u = (x - map.origin[0]) * map.scale[0];
  const v = (y - map.origin[1]) * map.scale[1];
  let fx = 0;
  let fy = 0;
  for (let i = degree; i >= 0; i--) {
    let rowX = 0;
    let rowY = 0;
    const base = i * (degree + 1);
    for (let k = base + degree - i; k >= base; k--) {
      rowX = rowX * v + cx[k]!;
      rowY = rowY * v + cy[k]!;
    }
    fx = fx * u + rowX;
    fy = fy * u + rowY;
  }
  if (map.radialX.length > 0) {
    const r2 = u * u + v * v;
    const r = Math.sqrt(r2);
    let sx = 0;
    let sy = 0;
    for (let k = map.radialX.length - 1; k >= 0; k--) {
      sx = sx * r2 + map.radialX[k]!;
      sy = sy * r2 + map.radialY[k]!;
    }
    fx += r * sx;
    fy += r * sy;
  }
  out[0] = fx;
  out[1] = fy;
}

/** Writes x', y', dx'/dx, dx'/dy, dy'/dx, dy'/dy of (x, y) into out[0..5]. */
export function mapPlaneWithSlopes(map: PlaneMap, x: number, y: number, out: Float64Array): void {
  const { degree, x: cx, y: cy } = map;
  const u = (x - map.origin[0]) * map.scale[0];
  const v = (y - map.origin[1]) * map.scale[1];
  let fx = 0;
  let fy = 0;
  let fxu = 0;
  let fyu = 0;
  let fxv = 0;
  let fyv = 0;
  for (let i = degree; i >= 0; i--) {
    let rowX = 0;
    let rowY = 0;
    let slopeX = 0;
    let slopeY = 0;
    const base = i * (degree + 1);
    for (let k = base + degree - i; k >= base; k--) {
      slopeX = slopeX * v + rowX;
      slopeY = slopeY * v + rowY;
      rowX = rowX * v + cx[k]!;
      rowY = rowY * v + cy[k]!;
    }
    fxu = fxu * u + fx;
    fyu = fyu * u + fy;
    fx = fx * u + rowX;
    fy = fy * u + rowY;
    fxv = fxv * u + slopeX;
    fyv = fyv * u + slopeY;
  }
  if (map.radialX.length > 0) {
    const r2 = u * u + v * v;
    const r = Math.sqrt(r2);
    let power = 1;
    for (let k = 0; k < map.radialX.length; k++) {
      const ax = map.radialX[k]!;
      const ay = map.radialY[k]!;
      fx += ax * r * power;
      fy += ay * r * power;
      const steep = r > 0 ? ((2 * k + 1) * power) / r : 0;
      fxu += ax * steep * u;
      fxv += ax * steep * v;
      fyu += ay * steep * u;
      fyv += ay * steep * v;
      power *= r2;
    }
  }
  out[0] = fx;
  out[1] = fy;
  out[2] = fxu * map.scale[0];
  out[3] = fxv * map.scale[1];
  out[4] = fyu * map.scale[0];
  out[5] = fyv * map.scale[1];
}
