import type { Projection } from "./projection.ts";
import { quadCube } from "./quad-cube.ts";

/** P_ij of FITS WCS paper II, 5.6.2: one row for each power j of y^2, with the powers i of x^2. */
const FROM_SQUARE: readonly (readonly number[])[] = [
  [-0.27292696, -0.07629969, -0.22797056, 0.54852384, -0.62930065, 0.25795794, 0.02584375],
  [-0.02819452, -0.01471565, 0.48051509, -1.74114454, 1.71547508, -0.53022337],
  [0.2705816, -0.56800938, 0.30803317, 0.98938102, -0.83180469],
  [-0.6044156, 1.50880086, -0.93678576, 0.08693841],
  [0.93412077, -1.4160192, 0.33887446],
  [-0.63915306, 0.52032238],
  [0.14381585],
];

/**
 * COBE quadrilateralized spherical cube. FITS WCS paper II, 5.6.2. The forward and inverse
 * polynomials agree only to about 24 arcsec; they are evaluated in double precision here, where
 * wcslib uses single precision.
 */
export const csc: Projection = quadCube("CSC", {
  toSquare(xi, eta, zeta, out) {
    out[0] = toSide(xi / zeta, eta / zeta);
    out[1] = toSide(eta / zeta, xi / zeta);
  },
  fromSquare(x, y, out) {
    const chi = fromSide(x, y);
    const psi = fromSide(y, x);
    const zeta = 1 / Math.sqrt(1 + chi * chi + psi * psi);
    out[0] = chi * zeta;
    out[1] = psi * zeta;
    out[2] = zeta;
  },
});

function fromSide(x: number, y: number): number {
  const x2 = x * x;
  const y2 = y * y;
  const sum = FROM_SQUARE.reduceRight(
    (total, row) => total * y2 + row.reduceRight((inner, p) => inner * x2 + p, 0),
    0,
  );
  return x + x * (1 - x2) * sum;
}

function toSide(a: number, b: number): number {
  const a2 = a * a;
  const b2 = b * b;
  const sum =
    0.141189631152 +
    0.0809701286525 * a2 -
    0.281528535557 * b2 +
    0.15384112876 * a2 * b2 -
    0.178251207466 * a2 * a2 +
    0.106959469314 * b2 * b2;
  const across = -0.13161671474 * (1 - a2) + 0.004869491981 * a2 + (1 - b2) * sum;
  const along = -0.159596235474 - (1 - a2) * (0.0759196200467 - 0.0217762490699 * a2);
  return a * a2 + a * (1 - a2) * (1.37484847732 + b2 * across + a2 * along);
}
