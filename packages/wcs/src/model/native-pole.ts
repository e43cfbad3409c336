import { WcsError } from "../errors.ts";
import { DEGREE, type Matrix3 } from "../sky/rotation.ts";

/** Degrees in a radian. */
const PER_RADIAN = 180 / Math.PI;

/**
 * Celestial longitude and latitude of the native pole, and LONPOLE, all in degrees. FITS WCS paper
 * II, 2.2 to 2.4, equations 8 to 10.
 * Errors: WCS_INVALID when no such pole exists.
 * @param crval celestial longitude and latitude of the fiducial point
 * @param fiducial its native longitude and latitude
 * @param lonpole LONPOLE, or undefined for the default
 * @param latpole LATPOLE, which chooses between two solutions
 */
export function nativePole(
  crval: readonly [number, number],
  fiducial: readonly [number, number],
  lonpole: number | undefined,
  latpole: number,
): readonly [number, number, number] {
  const [alpha0, delta0] = crval;
  const [phi0, theta0] = fiducial;
  const phiP = lonpole ?? (delta0 < theta0 ? phi0 + 180 : phi0);
  if (theta0 === 90) return [alpha0, delta0, phiP];
  const [sinTheta0, x] = [exact(theta0)[1], exact(theta0)[0] * exact(phiP - phi0)[0]];
  const z = Math.sqrt(x * x + sinTheta0 * sinTheta0);
  const u = Math.atan2(sinTheta0, x) * PER_RADIAN;
  const sinDelta0 = exact(delta0)[1];
  let deltaP: number;
  if (z < 1e-10) {
    if (Math.abs(sinDelta0) > 1e-10) throw noPole(crval, phiP);
    deltaP = latpole;
  } else {
    const ratio = sinDelta0 / z;
    if (Math.abs(ratio) > 1 + 1e-10) throw noPole(crval, phiP);
    const v = ratio === 0 ? 90 : Math.acos(Math.max(-1, Math.min(1, ratio))) * PER_RADIAN;
    deltaP = nearer(within(u + v), within(u - v), latpole, crval, phiP);
  }
  return [poleLongitude(alpha0, delta0, deltaP, phi0, phiP, theta0), deltaP, phiP];
}

/** The rotation from native to celestial directions. FITS WCS paper II, equation 2. */
export function celestialRotation([alphaP, deltaP, phiP]: readonly [number, number, number]): Matrix3 {
  const [ca, sa] = exact(alphaP);
  const [cd, sd] = exact(deltaP);
  const [cp, sp] = exact(phiP);
  return [
    -ca * sd * cp - sa * sp,
    -ca * sd * sp + sa * cp,
    ca * cd,
    -sa * sd * cp + ca * sp,
    -sa * sd * sp - ca * cp,
    sa * cd,
    cd * cp,
    cd * sp,
    sd,
  ];
}

/** Cosine and sine of an angle in degrees, exact at multiples of 90. */
function exact(angle: number): readonly [number, number] {
  const reduced = ((angle % 360) + 360) % 360;
  if (reduced === 0) return [1, 0];
  if (reduced === 90) return [0, 1];
  if (reduced === 180) return [-1, 0];
  if (reduced === 270) return [0, -1];
  return [Math.cos(angle * DEGREE), Math.sin(angle * DEGREE)];
}

function within(angle: number): number {
  return angle > 180 ? angle - 360 : angle < -180 ? angle + 360 : angle;
}

/**
 * The solution nearer to LATPOLE, and in a tie the second, as in wcslib's celset. The arithmetic
 * above follows wcslib's, so that rounding decides near-ties alike.
 */
function nearer(
  one: number,
  two: number,
  latpole: number,
  crval: readonly [number, number],
  phiP: number,
): number {
  const first = Math.abs(latpole - one) < Math.abs(latpole - two);
  const [wanted, other] = first ? [one, two] : [two, one];
  const chosen = [wanted, other].find((latitude) => Math.abs(latitude) < 90 + 1e-10);
  if (chosen === undefined) throw noPole(crval, phiP);
  return Math.max(-90, Math.min(90, chosen));
}

function poleLongitude(
  alpha0: number,
  delta0: number,
  deltaP: number,
  phi0: number,
  phiP: number,
  theta0: number,
): number {
  const cosDelta0 = Math.cos(delta0 * DEGREE);
  if (Math.abs(cosDelta0) < 1e-10) return alpha0;
  if (90 - Math.abs(deltaP) < 1e-10) return deltaP > 0 ? alpha0 + phiP - phi0 - 180 : alpha0 - phiP + phi0;
  const x =
    (Math.sin(theta0 * DEGREE) - Math.sin(deltaP * DEGREE) * Math.sin(delta0 * DEGREE)) /
    Math.cos(deltaP * DEGREE);
  const y = Math.sin((phiP - phi0) * DEGREE) * Math.cos(theta0 * DEGREE);
  return alpha0 - Math.atan2(y / cosDelta0, x / cosDelta0) / DEGREE;
}

function noPole(crval: readonly [number, number], phiP: number): WcsError {
  return new WcsError("WCS_INVALID", `CRVAL ${crval.join(", ")} and LONPOLE ${phiP} contradict each other.`);
}
