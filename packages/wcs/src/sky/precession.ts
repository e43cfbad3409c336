import { axisRotation, DEGREE, type Matrix3, multiply, transpose } from "./rotation.ts";

const ARCSEC = DEGREE / 3600;

function series(t: number, ...coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, c) => sum * t + c, 0) * ARCSEC;
}

/**
 * Fukushima-Williams angles of IAU 2006 precession; t in Julian centuries from J2000. Capitaine and
 * Wallace 2006, table 1.
 */
function biasPrecession(t: number): Matrix3 {
  const gamma = series(t, -0.052928, 10.556378, 0.4932044, -0.00031238, -0.000002788, 0.000000026);
  const phi = series(t, 84381.412819, -46.811016, 0.0511268, 0.00053289, -0.00000044, -0.0000000176);
  const psi = series(t, -0.041775, 5038.481484, 1.5584175, -0.00018522, -0.000026452, -0.0000000148);
  return multiply(
    axisRotation("x", -meanObliquity(t)),
    multiply(axisRotation("z", -psi), multiply(axisRotation("x", phi), axisRotation("z", gamma))),
  );
}

function meanObliquity(t: number): number {
  return series(t, 84381.406, -46.836769, -0.0001831, 0.0020034, -0.000000576, -0.0000000434);
}

/** Rotates FK5 directions of J2000 to a Julian equinox, by IAU 2006 precession without bias. */
export function fk5Precession(equinox: number): Matrix3 {
  return multiply(biasPrecession((equinox - 2000) / 100), transpose(biasPrecession(0)));
}

/** Rotates ICRS directions to the mean ecliptic and equinox of a Julian year. IAU 2006. */
export function icrsToEcliptic(equinox: number): Matrix3 {
  const t = (equinox - 2000) / 100;
  return multiply(axisRotation("x", meanObliquity(t)), biasPrecession(t));
}

/**
 * Rotates FK4 directions without E-terms from one Besselian equinox to another, by Newcomb's
 * precession. Explanatory Supplement 1992, 3.214.
 */
export function fk4Precession(from: number, to: number): Matrix3 {
  const t = (from - 1850) / 1000;
  const dt = (to - 1850) / 1000 - t;
  const common = (0.06 * t + 139.72) * t + 23035.545;
  const zeta = ((17.995 * dt + 30.24 - 0.27 * t) * dt + common) * dt * ARCSEC;
  const z = ((18.325 * dt + 109.48 + 0.39 * t) * dt + common) * dt * ARCSEC;
  const theta = ((-41.8 * dt - 0.37 * t - 42.65) * dt + (-0.37 * t - 85.29) * t + 20051.12) * dt * ARCSEC;
  return multiply(axisRotation("z", -z), multiply(axisRotation("y", theta), axisRotation("z", -zeta)));
}
