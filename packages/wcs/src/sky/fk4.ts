import { fk4Precession } from "./precession.ts";
import { DEGREE, type Matrix3, multiply } from "./rotation.ts";

const TROPICAL_YEAR = 365.242198781;
const JD_B1950 = 2433282.42345905;

/**
 * From FK4 without E-terms, B1950, to FK5, J2000, at epoch 1950, and its change per Julian century.
 * Murray 1989, equations 28 and 29.
 */
const TO_FK5: Matrix3 = [
  0.9999256794956877, -0.0111814832204662, -0.0048590038153592, 0.0111814832391717, 0.9999374848933135,
  -0.0000271625947142, 0.0048590037723143, -0.000027170293744, 0.9999881946023742,
];
const TO_FK5_RATE = [
  -0.0026455262, -1.1539918689, 2.111134619, 1.1540628161, -0.0129042997, 0.0236021478, -2.1112979048,
  -0.0056024448, 0.0102587734,
];

/** Julian date of a Besselian year. */
function julianDate(besselian: number): number {
  return JD_B1950 + (besselian - 1950) * TROPICAL_YEAR;
}

/**
 * Rotates FK4 directions without E-terms at a Besselian equinox, observed at that epoch, to FK5
 * J2000.
 */
export function fk4ToFk5(equinox: number): Matrix3 {
  const centuries = ((julianDate(equinox) - 2451545) / 365.25 + 50) / 100;
  const b = TO_FK5.map((c, i) => c + TO_FK5_RATE[i]! * 1e-6 * centuries) as unknown as Matrix3;
  return multiply(b, fk4Precession(equinox, 1950));
}

/**
 * E-terms of aberration at a Besselian equinox, as a vector in the frame. Explanatory Supplement
 * 1992, 3.531.
 */
export function fk4ETerms(equinox: number): readonly [number, number, number] {
  const jd = julianDate(equinox);
  const t = (jd - JD_B1950) / 36525;
  const eccentricity = (-0.000000126 * t - 0.00004193) * t + 0.01673011;
  const strength = 0.0056932 * DEGREE * eccentricity;
  const perigee = (((((0.012 * t + 1.65) * t + 6190.67) * t + 1015489.951) / 3600) * Math.PI) / 180;
  const t2000 = (jd - 2451545) / 36525;
  const obliquity = (84381.448 + (-46.815 + (-0.00059 + 0.001813 * t2000) * t2000) * t2000) * (DEGREE / 3600);
  const down = -strength * Math.cos(perigee);
  return [strength * Math.sin(perigee), down * Math.cos(obliquity), down * Math.sin(obliquity)];
}

/** Removes the E-terms from the unit vector v[0..2], in place. */
export function removeETerms(e: readonly [number, number, number], v: Float64Array): void {
  const along = e[0] * v[0]! + e[1] * v[1]! + e[2] * v[2]!;
  for (let i = 0; i < 3; i++) v[i] = v[i]! - e[i]! + along * v[i]!;
  normalize(v);
}

/** Adds the E-terms to the unit vector v[0..2], in place: the exact inverse of removeETerms. */
export function addETerms(e: readonly [number, number, number], v: Float64Array): void {
  const [x, y, z] = [v[0]!, v[1]!, v[2]!];
  let [px, py, pz] = [x, y, z];
  for (let step = 0; step < 10; step++) {
    const along = 1 + e[0] * px + e[1] * py + e[2] * pz;
    px = (e[0] + x) / along;
    py = (e[1] + y) / along;
    pz = (e[2] + z) / along;
  }
  v[0] = px;
  v[1] = py;
  v[2] = pz;
  normalize(v);
}

function normalize(v: Float64Array): void {
  const length = Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!);
  v[0] = v[0]! / length;
  v[1] = v[1]! / length;
  v[2] = v[2]! / length;
}
