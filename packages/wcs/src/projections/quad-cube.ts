import type { Projection } from "./projection.ts";

/** Half a face, radians. */
const HALF = Math.PI / 4;
const SLACK = 1e-12;

/**
 * One face of a cube: center in half faces from the origin, and which of l, m, n (1, 2, 3; negative
 * for the opposite) are xi, eta and zeta.
 */
interface Face {
  readonly x: number;
  readonly y: number;
  readonly xi: number;
  readonly eta: number;
  readonly zeta: number;
}

/** FITS WCS paper II, table 11: north, the four around the equator, south. */
const FACES: readonly Face[] = [
  { x: 0, y: 2, xi: 2, eta: -1, zeta: 3 },
  { x: 0, y: 0, xi: 2, eta: 3, zeta: 1 },
  { x: 2, y: 0, xi: -1, eta: 3, zeta: 2 },
  { x: 4, y: 0, xi: -2, eta: 3, zeta: -1 },
  { x: 6, y: 0, xi: 1, eta: 3, zeta: -2 },
  { x: 0, y: -2, xi: 2, eta: 1, zeta: -3 },
];

/**
 * Maps a face of the sphere to a square: (xi, eta, zeta) to -1 .. 1 and back, results in out[0..].
 */
export interface FaceMap {
  readonly toSquare: (xi: number, eta: number, zeta: number, out: Float64Array) => void;
  /** Writes xi, eta, zeta. */
  readonly fromSquare: (x: number, y: number, out: Float64Array) => void;
}

const work = new Float64Array(3);

/** A projection onto a cube with the given face map. FITS WCS paper II, 5.6. */
export function quadCube(code: string, map: FaceMap): Projection {
  return {
    code,
    theta0: () => 0,
    constants: () => [],
    toNative(_c, x, y, out) {
      const face = faceAt(x / HALF, y / HALF);
      if (face === undefined) return false;
      const wrapped = x / HALF < -1 - SLACK ? x / HALF + 8 : x / HALF;
      map.fromSquare(clamp(wrapped - face.x), clamp(y / HALF - face.y), work);
      put(out, face.xi, work[0]!);
      put(out, face.eta, work[1]!);
      put(out, face.zeta, work[2]!);
      return true;
    },
    toPlane(_c, v, out) {
      let face = FACES[0]!;
      let zeta = v[2]!;
      for (const each of FACES) {
        const value = take(v, each.zeta);
        if (value > zeta) {
          face = each;
          zeta = value;
        }
      }
      map.toSquare(take(v, face.xi), take(v, face.eta), zeta, work);
      out[0] = (face.x + clamp(work[0]!)) * HALF;
      out[1] = (face.y + clamp(work[1]!)) * HALF;
      return true;
    },
  };
}

function faceAt(x: number, y: number): Face | undefined {
  if (Math.abs(x) <= 1 + SLACK) {
    if (Math.abs(y) > 3 + SLACK) return undefined;
    return y < -1 ? FACES[5] : y > 1 ? FACES[0] : FACES[1];
  }
  if (Math.abs(x) > 7 + SLACK || Math.abs(y) > 1 + SLACK) return undefined;
  const wrapped = x < 0 ? x + 8 : x;
  return wrapped > 5 ? FACES[4] : wrapped > 3 ? FACES[3] : wrapped > 1 ? FACES[2] : FACES[1];
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function take(v: Float64Array, component: number): number {
  return component > 0 ? v[component - 1]! : -v[-component - 1]!;
}

function put(v: Float64Array, component: number, value: number): void {
  v[Math.abs(component) - 1] = component > 0 ? value : -value;
}
