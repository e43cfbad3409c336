import { WcsError } from "../errors.ts";
import { type Keywords, numberAt, plainNumber } from "../header/keywords.ts";
import { DEGREE } from "../sky/rotation.ts";
import type { LinearPart, WcsWarning } from "./wcs.ts";

/**
 * Reads the linear part of two axes (numbers from 1) in degrees. PC with CDELT wins over CD, CD
 * over CDELT with CROTA, as in wcslib.
 * `steps` are the degrees per unit of the bare matrix: CDELT, or the unit beside CD.
 * Errors: WCS_INVALID when the matrix has no inverse, WCS_UNSUPPORTED when another axis takes part.
 * @param scale degrees per CUNIT of each axis
 * @param latitude index of the latitude axis, 0 or 1: CROTA belongs to it
 */
export function linearPart(
  keywords: Keywords,
  axes: readonly [number, number],
  latitude: 0 | 1,
  scale: readonly [number, number],
  warnings: WcsWarning[],
): { readonly linear: LinearPart; readonly steps: readonly [number, number] } {
  const [a, b] = axes;
  const element = (name: string, i: number, j: number) => numberAt(keywords, `${name}${i}_${j}`);
  const block = (name: string) => [
    element(name, a, a),
    element(name, a, b),
    element(name, b, a),
    element(name, b, b),
  ];
  const cdelt = [numberAt(keywords, `CDELT${a}`), numberAt(keywords, `CDELT${b}`)];
  const crota = numberAt(keywords, `CROTA${axes[latitude]}`);
  const olden = (name: string) => {
    const old = (i: number, j: number) =>
      keywords.alternate === ""
        ? plainNumber(keywords, `${name}${threeDigits(i)}${threeDigits(j)}`)
        : undefined;
    return [old(a, a), old(a, b), old(b, a), old(b, b)];
  };
  /**
   * A matrix, element by element, also under the names of early drafts of the standard and of IRAF.
   */
  const matrixOf = (name: "PC" | "CD") => {
    const [now, old] = [block(name), olden(name)];
    if (given(old))
      warnings.push({ code: "KEYWORD_RENAMED", message: `${name}00i00j is read as ${name}i_j.` });
    return now.map((value, k) => value ?? old[k]);
  };
  const pc = matrixOf("PC");
  const cd = matrixOf("CD");
  refuseOtherAxes(keywords, axes, given(cd) && !given(pc) ? "CD" : "PC");
  let matrix: [number, number, number, number];
  let steps = scale;
  if (given(cd) && !given(pc)) {
    matrix = [cd[0] ?? 0, cd[1] ?? 0, cd[2] ?? 0, cd[3] ?? 0];
    if (given(cdelt)) warnings.push({ code: "CDELT_IGNORED", message: "CDELT is ignored in favour of CD." });
    if (crota !== undefined)
      warnings.push({ code: "CROTA_IGNORED", message: "CROTA is ignored in favour of CD." });
  } else {
    if (given(cd)) warnings.push({ code: "CD_IGNORED", message: "CD is ignored in favour of PC." });
    const [da, db] = [cdelt[0] ?? 1, cdelt[1] ?? 1];
    const missing = given(pc) ? [] : axes.filter((_, i) => cdelt[i] === undefined);
    if (missing.length > 0) {
      const names = missing.map((axis) => `CDELT${axis}${keywords.alternate}`).join(" and ");
      warnings.push({
        code: "SCALE_MISSING",
        message: `The header gives no pixel scale (${names}, or a CD or PC matrix): one unit per pixel is assumed.`,
      });
    }
    const rotated = !given(pc) && crota !== undefined && crota !== 0;
    const [p11, p12, p21, p22] = rotated
      ? rotation(crota, latitude, da, db)
      : [pc[0] ?? 1, pc[1] ?? 0, pc[2] ?? 0, pc[3] ?? 1];
    matrix = [da * p11, da * p12, db * p21, db * p22];
    steps = [da * scale[0], db * scale[1]];
    if (given(pc) && crota !== undefined && crota !== 0)
      warnings.push({ code: "CROTA_IGNORED", message: "CROTA is ignored in favour of PC." });
  }
  const scaled = [
    matrix[0] * scale[0],
    matrix[1] * scale[0],
    matrix[2] * scale[1],
    matrix[3] * scale[1],
  ] as const;
  invertMatrix(scaled);
  const crpix = [numberAt(keywords, `CRPIX${a}`) ?? 0, numberAt(keywords, `CRPIX${b}`) ?? 0] as const;
  return { linear: { crpix, cd: scaled }, steps };
}

/** Highest axis number that is checked. */
const MAX_AXES = 9;

/**
 * An image is one plane of a cube, at pixel 1 of its other axes. If these contribute to the
 * celestial axes, positions would be shifted; astropy cannot separate such axes either.
 */
function refuseOtherAxes(keywords: Keywords, axes: readonly [number, number], name: "PC" | "CD"): void {
  for (let other = 1; other <= MAX_AXES; other++) {
    if (axes.includes(other)) continue;
    for (const axis of axes) {
      const keyword = `${name}${axis}_${other}`;
      if ((numberAt(keywords, keyword) ?? 0) === 0 || numberAt(keywords, `CRPIX${other}`) === 1) continue;
      throw new WcsError(
        "WCS_UNSUPPORTED",
        `${keyword}${keywords.alternate} mixes axis ${other} into the celestial axes.`,
      );
    }
  }
}

function given(values: readonly (number | undefined)[]): boolean {
  return values.some((value) => value !== undefined);
}

function threeDigits(axis: number): string {
  return String(axis).padStart(3, "0");
}

/** Inverse of a 2 x 2 matrix, row by row. Errors: WCS_INVALID when it has none. */
export function invertMatrix(
  m: readonly [number, number, number, number],
): readonly [number, number, number, number] {
  const determinant = m[0] * m[3] - m[1] * m[2];
  const size = (Math.abs(m[0]) + Math.abs(m[1])) * (Math.abs(m[2]) + Math.abs(m[3]));
  const inverse = [m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant] as const;
  if (!(Math.abs(determinant) > size * 1e-15) || !inverse.every(Number.isFinite)) {
    throw new WcsError(
      "WCS_INVALID",
      `The matrix of the coordinate system, ${m.join(", ")}, has no inverse.`,
    );
  }
  return inverse;
}

function rotation(
  crota: number,
  latitude: 0 | 1,
  da: number,
  db: number,
): readonly [number, number, number, number] {
  const c = Math.cos(crota * DEGREE);
  const s = Math.sin(crota * DEGREE);
  return latitude === 1 ? [c, (-s * db) / da, (s * da) / db, c] : [c, (s * db) / da, (-s * da) / db, c];
}

/**
 * Degrees in one angular unit; undefined for any other unit. FITS 4.0, 4.3; case and plural are
 * accepted as by wcslib's unitfix.
 */
export function degreesPerUnit(unit: string): number | undefined {
  switch (unit.toLowerCase()) {
    case "deg":
    case "degree":
    case "degrees":
      return 1;
    case "arcmin":
    case "arcmins":
      return 1 / 60;
    case "arcsec":
    case "arcsecs":
      return 1 / 3600;
    case "mas":
      return 1 / 3_600_000;
    case "rad":
    case "radian":
    case "radians":
      return 180 / Math.PI;
    default:
      return undefined;
  }
}
