import { type SkyPoint, separation, skyPoint, type UnitVector, unitVector } from "@sbnsis/wcs/internal";

/** A position at a time: MJD, ICRS degrees. */
export interface EphemerisNode {
  readonly mjd: number;
  readonly ra: number;
  readonly dec: number;
}

/** An interpolated position. */
export interface InterpolatedPosition {
  readonly ra: number;
  readonly dec: number;
  /**
   * Angle to the position that every second node alone gives, arcseconds; undefined when there are
   * fewer than four nodes.
   */
  readonly error: number | undefined;
}

const vectorOf = ({ ra, dec }: EphemerisNode): UnitVector => unitVector([ra, dec]);

/** Index of the last node at or before `mjd`; 0 if there is none. */
function nodeBefore(nodes: readonly EphemerisNode[], mjd: number): number {
  let [low, high] = [0, nodes.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (nodes[middle]!.mjd <= mjd) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Direction at a time by Lagrange's polynomial of the components, through at most four nodes. */
function directionAt(nodes: readonly EphemerisNode[], mjd: number): UnitVector {
  const count = Math.min(4, nodes.length);
  const first = Math.max(0, Math.min(nodeBefore(nodes, mjd) - 1, nodes.length - count));
  const near = nodes.slice(first, first + count);
  const sum: [number, number, number] = [0, 0, 0];
  for (const [i, node] of near.entries()) {
    let weight = 1;
    for (const [j, other] of near.entries()) {
      if (j !== i) weight *= (mjd - other.mjd) / (node.mjd - other.mjd);
    }
    const vector = vectorOf(node);
    for (let axis = 0; axis < 3; axis++) sum[axis]! += weight * vector[axis]!;
  }
  const norm = Math.hypot(...sum);
  return [sum[0] / norm, sum[1] / norm, sum[2] / norm];
}

/** Angle between two directions, arcseconds. */
function arcsecBetween(a: UnitVector, b: UnitVector): number {
  return separation(skyPoint(a), skyPoint(b)) * 3600;
}

/**
 * The position at a time, interpolated between unit vectors by the cubic through four nodes, which
 * has no seam at RA 0 or at the poles. With fewer nodes, by the polynomial through all of them.
 *
 * @param nodes at least one, in order of time, with different times
 */
export function positionAt(nodes: readonly EphemerisNode[], mjd: number): InterpolatedPosition {
  const direction = directionAt(nodes, mjd);
  const [ra, dec] = skyPoint(direction);
  if (nodes.length < 4) return { ra, dec, error: undefined };
  const halves = [0, 1].map((parity) => nodes.filter((_, i) => i % 2 === parity));
  // the half that has the nearest node says little about the step of the other
  const errors = halves.map((half) => arcsecBetween(direction, directionAt(half, mjd)));
  return { ra, dec, error: Math.max(...errors) };
}

/** A stretch of an ephemeris on a small part of the sky. */
export interface EphemerisSpan {
  readonly start: number;
  readonly stop: number;
  /** Circle around its nodes, degrees. */
  readonly centre: SkyPoint;
  readonly radius: number;
}

/** Longest arc of a span, degrees: short enough that a search for it finds few other frames. */
const LONGEST_ARC = 1;

/** Added to the radius of a span: an arc of its nodes may bend, and exposures reach beyond them. */
const MARGIN = 0.25;

/**
 * Spans that together cover an ephemeris, each with one or more steps of it.
 *
 * @param nodes at least one, in order of time
 */
export function spansOf(nodes: readonly EphemerisNode[]): readonly EphemerisSpan[] {
  const spans: EphemerisSpan[] = [];
  for (let first = 0; first === 0 || first < nodes.length - 1; ) {
    const from = vectorOf(nodes[first]!);
    let last = Math.min(first + 1, nodes.length - 1);
    while (last + 1 < nodes.length && arcsecBetween(from, vectorOf(nodes[last + 1]!)) <= LONGEST_ARC * 3600)
      last++;
    const directions = nodes.slice(first, last + 1).map(vectorOf);
    const middle = directions.reduce<UnitVector>(
      (s, v) => [s[0] + v[0], s[1] + v[1], s[2] + v[2]],
      [0, 0, 0],
    );
    const norm = Math.hypot(...middle);
    const centre: UnitVector = [middle[0] / norm, middle[1] / norm, middle[2] / norm];
    const reach = Math.max(...directions.map((v) => arcsecBetween(centre, v))) / 3600;
    spans.push({
      start: nodes[first]!.mjd,
      stop: nodes[last]!.mjd,
      centre: skyPoint(centre),
      radius: Math.min(90, reach * 1.5 + MARGIN),
    });
    first = Math.max(last, first + 1);
  }
  return spans;
}
