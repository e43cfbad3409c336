import { decimalValue, textBetweenQuotes } from "@sbnsis/fits/internal";
import { unreadableCard, WcsError } from "../errors.ts";
import type { Keywords } from "../header/keywords.ts";
import { type PlaneMap, polynomial } from "../transform/plane-map.ts";
import { planeMap } from "../transform/unfolded-radius.ts";

const CHEBYSHEV = 1;
const LEGENDRE = 2;
const POLYNOMIAL = 3;
const HIGHEST_ORDER = 20;

/**
 * A correction surface of IRAF: function type, orders, cross terms (0 none, 1 all, 2 half), ranges
 * of both coordinates, coefficients.
 */
interface Surface {
  readonly kind: number;
  readonly orders: readonly [number, number];
  readonly cross: number;
  readonly range: readonly [number, number, number, number];
  readonly coefficients: readonly number[];
}

/**
 * The attributes of an axis (WATi_001, WATi_002 ...) joined. Everything between the quotes of each
 * piece counts, because a number may continue in the next piece, and a blank at the end of a piece
 * may separate two numbers.
 * Errors: WCS_INVALID for a missing piece.
 */
export function watText({ header }: Keywords, axis: number): string {
  let text = "";
  let pieces = 0;
  for (;;) {
    const card = header.index.get(`WAT${axis}_${String(pieces + 1).padStart(3, "0")}`);
    if (card === undefined) break;
    if (typeof card.value !== "string") throw unreadableCard(card, "is not a string");
    text += textBetweenQuotes(card) ?? card.value;
    pieces++;
  }
  const prefix = `WAT${axis}_`;
  const all = [...header.index.keys()].filter(
    (keyword) => keyword.startsWith(prefix) && /^\d{3}$/.test(keyword.slice(prefix.length)),
  );
  if (all.length !== pieces) {
    const missing = String(pieces + 1).padStart(3, "0");
    throw new WcsError("WCS_INVALID", `WAT${axis}_${missing} is missing, but others follow.`);
  }
  return text;
}

/**
 * The corrections `lngcor` and `latcor` of IRAF's TNX and ZPX conventions as a map of intermediate
 * world coordinates, longitude first, in degrees; undefined when both are missing.
 * Errors: WCS_INVALID when they cannot be read, WCS_UNSUPPORTED for unequal ranges or high orders.
 * @param axes axis numbers of longitude and latitude
 */
export function tnxFromHeader(keywords: Keywords, axes: readonly [number, number]): PlaneMap | undefined {
  const lon = surfaceOf(watText(keywords, axes[0]), "lngcor", axes[0]);
  const lat = surfaceOf(watText(keywords, axes[1]), "latcor", axes[1]);
  const first = lon ?? lat;
  if (first === undefined) return undefined;
  const [x0, x1, y0, y1] = first.range;
  if (lon !== undefined && lat !== undefined && lon.range.some((value, i) => value !== lat.range[i])) {
    throw new WcsError("WCS_UNSUPPORTED", "The ranges of lngcor and latcor (WATi_nnn) differ.");
  }
  const plain = [lon, lat].every((surface) => surface === undefined || surface.kind === POLYNOMIAL);
  if (!plain && [lon, lat].some((surface) => surface?.kind === POLYNOMIAL)) {
    throw new WcsError("WCS_UNSUPPORTED", "lngcor and latcor (WATi_nnn) are of different kinds.");
  }
  const origin = plain ? ([0, 0] as const) : ([(x0 + x1) / 2, (y0 + y1) / 2] as const);
  const scale = plain ? ([1, 1] as const) : ([2 / (x1 - x0), 2 / (y1 - y0)] as const);
  const degree = Math.max(
    1,
    ...[lon, lat].flatMap((s) => (s === undefined ? [] : [s.orders[0] + s.orders[1] - 2])),
  );
  return planeMap({
    degree,
    x: polynomial(degree, [
      [0, 0, origin[0]],
      [1, 0, 1 / scale[0]],
      ...(lon === undefined ? [] : terms(lon)),
    ]),
    y: polynomial(degree, [
      [0, 0, origin[1]],
      [0, 1, 1 / scale[1]],
      ...(lat === undefined ? [] : terms(lat)),
    ]),
    radialX: [],
    radialY: [],
    origin,
    scale,
    tolerance: 1e-13,
  });
}

function surfaceOf(text: string, name: string, axis: number): Surface | undefined {
  if (!new RegExp(`\\b${name}\\s*=`).test(text)) return undefined;
  const quoted = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(text)?.[1] ?? "";
  const numbers = quoted
    .trim()
    .split(/\s+/)
    .map((word) => decimalValue(word) ?? Number.NaN);
  const [kind = 0, nx = 0, ny = 0, cross = 0, x0 = 0, x1 = 0, y0 = 0, y1 = 0, ...coefficients] = numbers;
  const whole = [kind, nx, ny, cross].every((value) => Number.isInteger(value));
  const sane = nx >= 1 && ny >= 1 && kind >= 1 && kind <= 3 && cross >= 0 && cross <= 2 && x1 > x0 && y1 > y0;
  if (!whole || !sane || !numbers.every(Number.isFinite)) {
    throw new WcsError("WCS_INVALID", `The correction ${name} of WATi_nnn cannot be read.`);
  }
  if (Math.max(nx, ny) > HIGHEST_ORDER) {
    throw new WcsError(
      "WCS_UNSUPPORTED",
      `${name} is of order ${Math.max(nx, ny)}; at most ${HIGHEST_ORDER} is allowed.`,
    );
  }
  const surface: Surface = { kind, orders: [nx, ny], cross, range: [x0, x1, y0, y1], coefficients };
  const count = rowLengths(surface).reduce((sum, length) => sum + length, 0);
  if (coefficients.length !== count) {
    throw new WcsError(
      "WCS_INVALID",
      `The correction ${name} of WAT${axis}_nnn has ${coefficients.length} coefficients; ` +
        `its orders ${nx}, ${ny} and cross terms ${cross} need ${count}.`,
    );
  }
  return surface;
}

/** Number of powers of x for each power of y. */
function rowLengths({ orders: [nx, ny], cross }: Surface): readonly number[] {
  return Array.from({ length: ny }, (_, n) =>
    cross === 1 || n === 0 ? nx : cross === 0 ? 1 : Math.max(0, Math.min(nx, Math.max(nx, ny) - n)),
  );
}

/** The surface as sums of powers. */
function terms(surface: Surface): [number, number, number][] {
  const { kind, orders, coefficients } = surface;
  const basisX = basis(kind, orders[0]);
  const basisY = basis(kind, orders[1]);
  const out: [number, number, number][] = [];
  let next = 0;
  for (const [n, length] of rowLengths(surface).entries()) {
    for (let m = 0; m < length; m++) {
      const c = coefficients[next++]!;
      basisX[m]!.forEach((p, i) => {
        basisY[n]!.forEach((q, j) => {
          if (p !== 0 && q !== 0) out.push([i, j, c * p * q]);
        });
      });
    }
  }
  return out;
}

/** Coefficients of the powers in each basis function of a type, by recurrence. */
function basis(kind: number, count: number): readonly (readonly number[])[] {
  const functions: number[][] = [[1], [0, 1]];
  for (let k = 2; k < count; k++) {
    const raised = [0, ...functions[k - 1]!];
    const before = functions[k - 2]!;
    functions.push(
      raised.map((value, i) => {
        if (kind === CHEBYSHEV) return 2 * value - (before[i] ?? 0);
        if (kind === LEGENDRE) return ((2 * k - 1) * value - (k - 1) * (before[i] ?? 0)) / k;
        return value;
      }),
    );
  }
  return functions.slice(0, count);
}
