import type { Parameter } from "../header/keywords.ts";
import { type PlaneMap, polynomial } from "../transform/plane-map.ts";
import { planeMap } from "../transform/unfolded-radius.ts";

/** Numbers of the terms in r, r^3, r^5, r^7. */
const RADIAL = [3, 11, 23, 39];
const DEGREE_OF_TPV = 7;

/**
 * Powers of the axis' own coordinate and of the other one in each TPV term, in the order of the
 * registered convention.
 */
const POWERS: readonly (readonly [number, number] | undefined)[] = (() => {
  const powers: (readonly [number, number] | undefined)[] = [];
  for (let degree = 0; degree <= DEGREE_OF_TPV; degree++) {
    for (let j = 0; j <= degree; j++) powers.push([degree - j, j]);
    if (degree % 2 === 1) powers.push(undefined);
  }
  return powers;
})();

/**
 * The TPV polynomials (PVi_0 to PVi_39) as a map of intermediate world coordinates, longitude
 * first, in degrees. The linear term defaults to 1. Registered FITS convention TPV.
 * @param axes axis numbers of longitude and latitude
 */
export function tpvFromParameters(
  parameters: readonly Parameter[],
  axes: readonly [number, number],
): PlaneMap {
  const side = (axis: number) => {
    const values = new Array<number>(POWERS.length).fill(0);
    values[1] = 1;
    for (const { axis: of, m, value } of parameters) if (of === axis && m < values.length) values[m] = value;
    return values;
  };
  const lon = side(axes[0]);
  const lat = side(axes[1]);
  let degree = 1;
  POWERS.forEach((power, m) => {
    if (power !== undefined && (lon[m] !== 0 || lat[m] !== 0)) degree = Math.max(degree, power[0] + power[1]);
  });
  const terms = (values: readonly number[], swapped: boolean) =>
    POWERS.flatMap((power, m): [number, number, number][] =>
      power === undefined || power[0] + power[1] > degree
        ? []
        : [swapped ? [power[1], power[0], values[m]!] : [power[0], power[1], values[m]!]],
    );
  const radial = RADIAL.some((m) => lon[m] !== 0 || lat[m] !== 0);
  return planeMap({
    degree,
    x: polynomial(degree, terms(lon, false)),
    y: polynomial(degree, terms(lat, true)),
    radialX: radial ? RADIAL.map((m) => lon[m]!) : [],
    radialY: radial ? RADIAL.map((m) => lat[m]!) : [],
    origin: [0, 0],
    scale: [1, 1],
    tolerance: 1e-13,
  });
}

/**
 * Whether the PVi_m of a header with CTYPE -TAN are polynomials as SCAMP once wrote them: numbers
 * above 4, which no TAN header has, or a linear term of the latitude, for which TAN has no
 * parameters.
 */
export function isImplicitTpv(parameters: readonly Parameter[], axes: readonly [number, number]): boolean {
  return parameters.some(({ axis, m, value }) =>
    axis === axes[1] ? m >= 5 || (m === 1 && value !== 0) : axis === axes[0] && m >= 5,
  );
}
