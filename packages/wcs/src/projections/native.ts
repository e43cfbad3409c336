/** Tolerance, in radians, for a native coordinate pushed out of range by rounding. */
export const SLACK = 1e-12;

/**
 * Writes the direction of native longitude and latitude (radians) into out[0..2]; false when they
 * are out of range, as in wcslib's bounds check.
 */
export function setNative(out: Float64Array, phi: number, theta: number): boolean {
  if (!(Math.abs(phi) <= Math.PI + SLACK && Math.abs(theta) <= Math.PI / 2 + SLACK)) return false;
  const c = Math.cos(theta);
  out[0] = c * Math.cos(phi);
  out[1] = c * Math.sin(phi);
  out[2] = Math.sin(theta);
  return true;
}

/** As setNative, from the sine of the latitude. */
export function setNativeSine(out: Float64Array, phi: number, sine: number): boolean {
  if (!(Math.abs(sine) <= 1 + SLACK && Math.abs(phi) <= Math.PI + SLACK)) return false;
  const s = Math.max(-1, Math.min(1, sine));
  const c = Math.sqrt((1 - s) * (1 + s));
  out[0] = c * Math.cos(phi);
  out[1] = c * Math.sin(phi);
  out[2] = s;
  return true;
}

/**
 * Writes the direction at colatitude `sigma` towards (x, y), whose distance from the pole of the
 * zenithal map is `r`.
 */
export function setZenithal(out: Float64Array, x: number, y: number, r: number, sigma: number): boolean {
  if (!(sigma >= 0 && sigma <= Math.PI + SLACK)) return false;
  const q = r === 0 ? 0 : Math.sin(sigma) / r;
  out[0] = -y * q;
  out[1] = x * q;
  out[2] = Math.cos(sigma);
  return true;
}

/** Writes x, y on a zenithal map of the direction v at distance `r` from the pole. */
export function setZenithalPlane(v: Float64Array, r: number, out: Float64Array): boolean {
  if (!Number.isFinite(r)) return false;
  const s = Math.hypot(v[0]!, v[1]!);
  const x = s === 0 ? 0 : (r * v[1]!) / s;
  out[1] = s === 0 ? -r : (-r * v[0]!) / s;
  out[0] = x;
  return true;
}

/** Colatitude of a direction, radians. */
export function colatitude(v: Float64Array): number {
  return Math.atan2(Math.hypot(v[0]!, v[1]!), v[2]!);
}

/** A parameter, or its default when absent. */
export function parameter(pv: readonly number[], m: number, otherwise: number): number {
  const value = pv[m];
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

/**
 * As setNative, from the sign of the latitude and the distance 1 - |sin theta| to the nearer pole,
 * which stays precise there.
 */
export function setNativeNearPole(out: Float64Array, phi: number, down: number, sign: number): boolean {
  if (!(down >= 0 && down <= 1 + SLACK && Math.abs(phi) <= Math.PI + SLACK)) return false;
  const c = Math.sqrt(down * (2 - down));
  out[0] = c * Math.cos(phi);
  out[1] = c * Math.sin(phi);
  out[2] = sign * (1 - down);
  return true;
}

/** 1 - |sin theta| of a direction, precise near the poles. */
export function distanceToPole(v: Float64Array): number {
  return (v[0]! * v[0]! + v[1]! * v[1]!) / (1 + Math.abs(v[2]!));
}
