import { WcsError } from "../errors.ts";
import { type Keywords, recordFields, textAt } from "../header/keywords.ts";
import { type PlaneMap, polynomial } from "../transform/plane-map.ts";
import { planeMap } from "../transform/unfolded-radius.ts";

const HIGHEST = 9;
const LAST_TERM = 59;

/**
 * Powers of the two coordinates in each TPD term, or the power of r. Same order as TPV, with two
 * more degrees.
 */
const TERMS: readonly (readonly [number, number] | number)[] = (() => {
  const terms: (readonly [number, number] | number)[] = [];
  for (let degree = 0; degree <= HIGHEST; degree++) {
    for (let j = 0; j <= degree; j++) terms.push([degree - j, j]);
    if (degree % 2 === 1) terms.push(degree);
  }
  return terms;
})();

/**
 * The TPD polynomials of CQDISi = 'TPD' and the DQi records, as a map of intermediate world
 * coordinates, longitude first, in degrees; undefined without any. They apply to the result of the
 * matrix PCi_j, before CDELTi. FITS WCS paper IV, as implemented by wcslib.
 * Errors: WCS_INVALID; WCS_UNSUPPORTED for other functions, auxiliary variables and unequal offsets
 * and scales.
 * @param axes axis numbers of longitude and latitude
 * @param steps degrees per unit of both coordinates: CDELTi in degrees, or the unit alone beside
 * CDi_j
 */
export function tpdFromHeader(
  keywords: Keywords,
  axes: readonly [number, number],
  steps: readonly [number, number],
): PlaneMap | undefined {
  return tpdMap(keywords, ["CQDIS", "DQ"], axes, steps, [0, 0], 1e-13);
}

/**
 * As tpdFromHeader, for CPDISj = 'TPD' and DPj: a map from pixels counted from 1 to pixels relative
 * to CRPIX.
 * @param axes axis numbers of x and y
 */
export function priorTpdFromHeader(
  keywords: Keywords,
  axes: readonly [number, number],
  crpix: readonly [number, number],
): PlaneMap | undefined {
  return tpdMap(keywords, ["CPDIS", "DP"], axes, [1, 1], crpix, 1e-9);
}

function tpdMap(
  keywords: Keywords,
  names: readonly [string, string],
  axes: readonly [number, number],
  steps: readonly [number, number],
  zero: readonly [number, number],
  tolerance: number,
): PlaneMap | undefined {
  const sides = axes.map((axis) => sideOf(keywords, names, axis, axes));
  const any = sides[0] ?? sides[1];
  if (any === undefined) return undefined;
  if (sides.some((side) => side !== undefined && String(side.frame) !== String(any.frame))) {
    const [one, two] = axes.map((axis) => names[1] + axis);
    throw new WcsError("WCS_UNSUPPORTED", `OFFSET and SCALE of ${one} and ${two} differ.`);
  }
  const place = (own: 0 | 1) => any.frame[own]![0] * steps[own];
  const origin = [place(0), place(1)] as const;
  const scale = [any.frame[0]![1] / steps[0], any.frame[1]![1] / steps[1]] as const;
  const termsOf = (own: 0 | 1) => {
    const side = sides[own];
    const terms: [number, number, number][] = [[0, 0, -zero[own]]];
    if (side?.corrects !== false)
      terms.push([0, 0, origin[own]], own === 0 ? [1, 0, 1 / scale[0]] : [0, 1, 1 / scale[1]]);
    side?.values.forEach((value, m) => {
      const term = TERMS[m];
      if (Array.isArray(term))
        terms.push([term[side.first], term[1 - side.first], value * steps[own]] as [number, number, number]);
    });
    return terms;
  };
  const terms = [termsOf(0), termsOf(1)] as const;
  const degree = Math.max(1, ...terms.flat().map(([i, j]) => i + j));
  const radialOf = (own: 0 | 1) =>
    TERMS.flatMap((term, m) =>
      typeof term === "number" ? [(sides[own]?.values.get(m) ?? 0) * steps[own]] : [],
    );
  const radial = [radialOf(0), radialOf(1)] as const;
  const round = radial.flat().some((value) => value !== 0);
  return planeMap({
    degree,
    x: polynomial(degree, terms[0]),
    y: polynomial(degree, terms[1]),
    radialX: round ? radial[0] : [],
    radialY: round ? radial[1] : [],
    origin,
    scale,
    tolerance,
  });
}

interface Side {
  /** Index of the axis, 0 or 1, that is the polynomial's first coordinate. */
  readonly first: 0 | 1;
  /** Offset and scale of the coordinate along each of the two axes. */
  readonly frame: readonly (readonly [number, number])[];
  /** Whether the polynomial is a correction added to the coordinate. */
  readonly corrects: boolean;
  readonly values: ReadonlyMap<number, number>;
}

function sideOf(
  keywords: Keywords,
  [kindName, recordName]: readonly [string, string],
  axis: number,
  axes: readonly [number, number],
): Side | undefined {
  const kind = textAt(keywords, `${kindName}${axis}`);
  if (kind === undefined) return undefined;
  // lookupFromHeader reads lookup tables
  if (kindName === "CPDIS" && kind.toUpperCase() === "LOOKUP") return undefined;
  if (kind.toUpperCase() !== "TPD") {
    throw new WcsError(
      "WCS_UNSUPPORTED",
      `The distortion function ${kind} of ${kindName}${axis} is not known.`,
    );
  }
  const name = `${recordName}${axis}`;
  const fields = recordFields(keywords, name + keywords.alternate);
  const records = new Map(fields.map(({ name: field, value }) => [field, value]));
  const first = axes.indexOf(records.get("AXIS.1") ?? 1);
  const second = axes.indexOf(records.get("AXIS.2") ?? 2);
  if ((records.get("NAXES") ?? 2) !== 2 || first < 0 || second < 0 || first === second) {
    throw new WcsError("WCS_UNSUPPORTED", `TPD of ${name} depends on other axes than the celestial ones.`);
  }
  const values = new Map<number, number>();
  for (const [field, value] of records) {
    const m = Number(/^TPD\.FWD\.(\d+)$/.exec(field)?.[1] ?? Number.NaN);
    if (m <= LAST_TERM) values.set(m, value);
    else if (field.startsWith("TPD.FWD.") || field.startsWith("AUX.")) {
      throw new WcsError("WCS_UNSUPPORTED", `The record ${field} of ${name} is not known.`);
    }
  }
  const frameOf = (k: number) => [records.get(`OFFSET.${k}`) ?? 0, records.get(`SCALE.${k}`) ?? 1] as const;
  return {
    first: first as 0 | 1,
    frame: first === 0 ? [frameOf(1), frameOf(2)] : [frameOf(2), frameOf(1)],
    corrects: records.get("DOCORR") !== 0,
    values,
  };
}
