import { SisError } from "../../errors/sis-error.ts";
import { type Keywords, recordFields, textAt } from "../keywords.ts";
import { type PlaneMap, polynomial } from "../plane-map.ts";

const HIGHEST = 9;
const LAST_TERM = 59;

/** Powers of the two coordinates of each TPD term, or the power of r. The same order as TPV's, two degrees further. */
const TERMS: readonly (readonly [number, number] | number)[] = (() => {
  const terms: (readonly [number, number] | number)[] = [];
  for (let degree = 0; degree <= HIGHEST; degree++) {
    for (let j = 0; j <= degree; j++) terms.push([degree - j, j]);
    if (degree % 2 === 1) terms.push(degree);
  }
  return terms;
})();

/**
 * The TPD polynomials that CQDISi = 'TPD' and the records of DQi give, as a map of intermediate world coordinates, longitude first, in
 * degrees; undefined when there are none. FITS WCS paper IV, as wcslib has it. Errors: WCS_INVALID, WCS_UNSUPPORTED for other functions,
 * auxiliary variables and unlike offsets and scales.
 *
 * @param axes axis numbers of longitude and latitude
 */
export function tpdFromHeader(keywords: Keywords, axes: readonly [number, number]): PlaneMap | undefined {
  const [lon, lat] = axes.map((axis) => sideOf(keywords, axis)) as [Side | undefined, Side | undefined];
  if (lon === undefined && lat === undefined) return undefined;
  const any = (lon ?? lat)!;
  if (lon !== undefined && lat !== undefined && String(lon.frame) !== String(lat.frame)) {
    throw new SisError("WCS_UNSUPPORTED", "OFFSET and SCALE of DQ1 and DQ2 differ.");
  }
  const at = axes.map((axis) => any.axes.indexOf(axis));
  if (at.includes(-1))
    throw new SisError("WCS_UNSUPPORTED", "TPD polynomials of other axes than the celestial ones.");
  const origin = [any.frame[0]![at[0]!]!, any.frame[0]![at[1]!]!] as const;
  const scale = [any.frame[1]![at[0]!]!, any.frame[1]![at[1]!]!] as const;
  const polynomialOf = (side: Side | undefined, own: 0 | 1) => {
    const terms: [number, number, number][] = [];
    if (side?.corrects !== false) {
      terms.push([0, 0, origin[own]], own === 0 ? [1, 0, 1 / scale[0]] : [0, 1, 1 / scale[1]]);
    }
    side?.values.forEach((value, m) => {
      const term = TERMS[m];
      if (Array.isArray(term))
        terms.push(at[0] === 0 ? [term[0], term[1], value] : [term[1], term[0], value]);
    });
    return polynomial(HIGHEST, terms);
  };
  const radialOf = (side: Side | undefined) =>
    TERMS.flatMap((term, m) => (typeof term === "number" ? [side?.values.get(m) ?? 0] : []));
  const radial = [radialOf(lon), radialOf(lat)] as const;
  const round = radial.flat().some((value) => value !== 0);
  return {
    degree: HIGHEST,
    x: polynomialOf(lon, 0),
    y: polynomialOf(lat, 1),
    radialX: round ? radial[0] : [],
    radialY: round ? radial[1] : [],
    origin,
    scale,
    tolerance: 1e-13,
  };
}

interface Side {
  /** Axis numbers of the first and second coordinate. */
  readonly axes: readonly number[];
  /** Offsets and scales of both. */
  readonly frame: readonly (readonly number[])[];
  /** Whether the polynomial is added to the coordinate. */
  readonly corrects: boolean;
  readonly values: ReadonlyMap<number, number>;
}

function sideOf(keywords: Keywords, axis: number): Side | undefined {
  const kind = textAt(keywords, `CQDIS${axis}`);
  if (kind === undefined) return undefined;
  if (kind.toUpperCase() !== "TPD") {
    throw new SisError("WCS_UNSUPPORTED", `The distortion function ${kind} of CQDIS${axis} is not known.`);
  }
  const fields = recordFields(keywords, `DQ${axis}${keywords.alternate}`);
  const records = new Map(fields.map(({ name, value }) => [name, value]));
  const pair = (name: string, otherwise: readonly [number, number]) => [
    records.get(`${name}.1`) ?? otherwise[0],
    records.get(`${name}.2`) ?? otherwise[1],
  ];
  const values = new Map<number, number>();
  for (const [field, value] of records) {
    const m = Number(/^TPD\.FWD\.(\d+)$/.exec(field)?.[1] ?? Number.NaN);
    if (m <= LAST_TERM) values.set(m, value);
    else if (field.startsWith("TPD.FWD.") || field.startsWith("AUX.")) {
      throw new SisError("WCS_UNSUPPORTED", `The record ${field} of DQ${axis} is not known.`);
    }
  }
  return {
    axes: pair("AXIS", [1, 2]),
    frame: [pair("OFFSET", [0, 0]), pair("SCALE", [1, 1])],
    corrects: records.get("DOCORR") !== 0,
    values,
  };
}
