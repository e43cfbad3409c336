import { icrsToPixel, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { edgePixels } from "@sbnsis/wcs/internal";
import type { PlaneBox, PlanePoint } from "../camera.ts";
import { fromTangentPlane, type SkyPlace, toTangentPlane } from "./tangent-plane.ts";

/** Coefficients of one coordinate: 1, u, v, u2, uv, v2, u3, u2v, uv2, v3. */
const TERMS = 10;

/**
 * A part of a plane and its position in a frame: two cubic polynomials (20 numbers) in coordinates
 * from -1 to 1 over the box. The shader evaluates them.
 */
export interface CubicPatch {
  readonly box: PlaneBox;
  /** Pixels of the frame, from 0. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** The map from a plane to a frame. */
export interface CubicMap {
  readonly patches: readonly CubicPatch[];
  /** The largest error found, pixels of the frame. */
  readonly error: number;
  /** The part of the plane that the frame covers. */
  readonly box: PlaneBox;
}

/** The pixel (from 0) of a frame at a point of a plane; NaN where there is none. */
export type PlaneToPixel = (u: number, v: number) => { readonly x: number; readonly y: number } | undefined;

const NODES = 9;
const TOLERANCE = 1e-3;
const MAX_PATCHES = 8;

/** Chebyshev nodes, which spread the error of a fit evenly. */
const nodes = Array.from({ length: NODES }, (_, k) => -Math.cos((Math.PI * (2 * k + 1)) / (2 * NODES)));
const checks = Array.from({ length: 9 }, (_, k) => (k - 4) / 4);

/**
 * The plane that touches the sky at `centre`, u in arcseconds to the west, v to the north, as a map
 * to a frame of width x height pixels. Undefined if the frame is not on that side of the sky. A fit
 * is accepted if all checked points are within 0.001 pixels; otherwise the plane is divided into up
 * to 8 x 8 patches, and `error` reports the remaining error.
 */
export function skyMap(wcs: Wcs, size: readonly [number, number], centre: SkyPlace): CubicMap | undefined {
  const box = boxOnPlane(wcs, size, centre);
  if (box === undefined) return undefined;
  return cubicMap((u, v) => {
    const { ra, dec } = fromTangentPlane(centre, { xi: -u, eta: v });
    return icrsToPixel(wcs, ra, dec);
  }, box);
}

/**
 * The plane of a frame's own pixels, in arcseconds from the pixel `origin`; u to the right, v up.
 * @param scale arcseconds per pixel
 */
export function ownMap(
  [width, height]: readonly [number, number],
  origin: { readonly x: number; readonly y: number },
  scale: number,
): CubicMap {
  const box = {
    u0: (-0.5 - origin.x) * scale,
    v0: (-0.5 - origin.y) * scale,
    u1: (width - 0.5 - origin.x) * scale,
    v1: (height - 0.5 - origin.y) * scale,
  };
  const x = new Float32Array(TERMS);
  const y = new Float32Array(TERMS);
  x[0] = (width - 1) / 2;
  x[1] = width / 2;
  y[0] = (height - 1) / 2;
  y[2] = height / 2;
  return { patches: [{ box, x, y }], error: 0, box };
}

/** Fits cubic polynomials to a map over a box of the plane. */
export function cubicMap(map: PlaneToPixel, box: PlaneBox): CubicMap {
  let found: CubicMap = { patches: [], error: Number.POSITIVE_INFINITY, box };
  for (let n = 1; n <= MAX_PATCHES && !(found.error < TOLERANCE); n *= 2) {
    const fits = Array.from({ length: n * n }, (_, k) => fitted(map, partOf(box, n, k)));
    // a patch without a fit is off the frame's map, which a single patch cannot express
    if (n === 1 && fits[0] === undefined) continue;
    const good = fits.filter((each) => each !== undefined);
    const error = Math.max(0, ...good.map(({ error }) => error));
    found = { patches: good.map(({ patch }) => patch), error, box };
  }
  return found;
}

/** The pixel at a point of the plane; undefined outside all patches. */
export function pixelOf(map: CubicMap, { u, v }: PlanePoint): { x: number; y: number } | undefined {
  const patch = map.patches.find(({ box }) => u >= box.u0 && u <= box.u1 && v >= box.v0 && v <= box.v1);
  if (patch === undefined) return undefined;
  const terms = termsAt(...withinBox(patch.box, u, v));
  let [x, y] = [0, 0];
  for (let k = 0; k < TERMS; k++) {
    x += patch.x[k]! * terms[k]!;
    y += patch.y[k]! * terms[k]!;
  }
  return { x, y };
}

function withinBox(box: PlaneBox, u: number, v: number): [number, number] {
  return [(2 * u - box.u0 - box.u1) / (box.u1 - box.u0), (2 * v - box.v0 - box.v1) / (box.v1 - box.v0)];
}

function termsAt(s: number, t: number): readonly number[] {
  return [1, s, t, s * s, s * t, t * t, s * s * s, s * s * t, s * t * t, t * t * t];
}

function partOf(box: PlaneBox, n: number, k: number): PlaneBox {
  const [column, row] = [k % n, Math.floor(k / n)];
  const [w, h] = [(box.u1 - box.u0) / n, (box.v1 - box.v0) / n];
  return {
    u0: box.u0 + column * w,
    v0: box.v0 + row * h,
    u1: box.u0 + (column + 1) * w,
    v1: box.v0 + (row + 1) * h,
  };
}

function fitted(map: PlaneToPixel, box: PlaneBox): { patch: CubicPatch; error: number } | undefined {
  const at = (s: number, t: number) =>
    map((box.u0 + box.u1 + s * (box.u1 - box.u0)) / 2, (box.v0 + box.v1 + t * (box.v1 - box.v0)) / 2);
  const rows = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 2));
  for (const t of nodes) {
    for (const s of nodes) {
      const place = at(s, t);
      if (place === undefined) return undefined;
      const terms = termsAt(s, t);
      for (let r = 0; r < TERMS; r++) {
        for (let c = 0; c < TERMS; c++) rows[r]![c]! += terms[r]! * terms[c]!;
        rows[r]![TERMS]! += terms[r]! * place.x;
        rows[r]![TERMS + 1]! += terms[r]! * place.y;
      }
    }
  }
  solve(rows);
  const x = Float32Array.from(rows, (row) => row[TERMS]!);
  const y = Float32Array.from(rows, (row) => row[TERMS + 1]!);
  let error = 0;
  for (const t of checks) {
    for (const s of checks) {
      const place = at(s, t);
      if (place === undefined) return undefined;
      const terms = termsAt(s, t);
      let [dx, dy] = [-place.x, -place.y];
      for (let k = 0; k < TERMS; k++) {
        dx += x[k]! * terms[k]!;
        dy += y[k]! * terms[k]!;
      }
      error = Math.max(error, Math.hypot(dx, dy));
    }
  }
  return { patch: { box, x, y }, error };
}

/** Gauss-Jordan elimination with row pivots; the right sides become the solutions. */
function solve(rows: Float64Array[]): void {
  for (let k = 0; k < TERMS; k++) {
    let pivot = k;
    for (let r = k + 1; r < TERMS; r++) if (Math.abs(rows[r]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = r;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const head = rows[k]!;
    for (let r = 0; r < TERMS; r++) {
      const row = rows[r]!;
      const factor = r === k ? 0 : row[k]! / head[k]!;
      for (let c = k; c < TERMS + 2; c++) row[c] = row[c]! - factor * head[c]!;
    }
  }
  for (let k = 0; k < TERMS; k++) {
    const row = rows[k]!;
    row[TERMS] = row[TERMS]! / row[k]!;
    row[TERMS + 1] = row[TERMS + 1]! / row[k]!;
  }
}

/** Number of steps along each edge of a frame at which its position is computed. */
const EDGE_STEPS = 16;

/**
 * The box of the tangent plane around a frame; undefined if part of an edge is not on this plane.
 */
function boxOnPlane(wcs: Wcs, size: readonly [number, number], centre: SkyPlace): PlaneBox | undefined {
  const box = {
    u0: Number.POSITIVE_INFINITY,
    v0: Number.POSITIVE_INFINITY,
    u1: Number.NEGATIVE_INFINITY,
    v1: Number.NEGATIVE_INFINITY,
  };
  for (const [x, y] of edgePixels(size, EDGE_STEPS)) {
    const sky = pixelToIcrs(wcs, x, y);
    const place = sky && toTangentPlane(centre, sky);
    if (place === undefined) return undefined;
    box.u0 = Math.min(box.u0, -place.xi);
    box.u1 = Math.max(box.u1, -place.xi);
    box.v0 = Math.min(box.v0, place.eta);
    box.v1 = Math.max(box.v1, place.eta);
  }
  return box;
}
