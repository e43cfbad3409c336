import {
  betweenPositions,
  offsetAlong,
  positionAngle,
  type SkyPoint,
  separation,
  skyPoint,
  type UnitVector,
  unitVector,
} from "@sbnsis/wcs/internal";

/**
 * Motion on the sky: arcseconds per hour along a position angle, degrees from north through east.
 */
export interface Motion {
  readonly rate: number;
  readonly pa: number;
}

/** A position (ICRS, degrees) at a time (MJD, UTC). */
export interface TimedPosition {
  readonly ra: number;
  readonly dec: number;
  readonly mjd: number;
}

/** A position with the motion of the object there, if it is known. */
export interface MovingPosition extends TimedPosition {
  readonly motion?: Motion | undefined;
}

/** An ellipse of uncertainty: the half axis along `pa` in arcseconds, as that many sigma. */
export interface UncertaintyAxis {
  readonly a: number;
  readonly pa: number;
  readonly sigma: number;
}

/** The position at another time of an object that moves along a great circle; see offsetAlong. */
export function carried(
  { ra, dec, mjd: from }: TimedPosition,
  { rate, pa }: Motion,
  mjd: number,
): TimedPosition {
  const [toRa, toDec] = offsetAlong([ra, dec], pa, (rate * (mjd - from) * 24) / 3600);
  return { ra: toRa, dec: toDec, mjd };
}

/** A position moved by `k` sigma along the longer axis of its uncertainty. */
export function alongAxis(from: TimedPosition, { a, pa, sigma }: UncertaintyAxis, k: number): TimedPosition {
  const [ra, dec] = offsetAlong([from.ra, from.dec], pa, (k * a) / sigma / 3600);
  return { ra, dec, mjd: from.mjd };
}

/** A motion along a great circle, as seen at the position `to` on its way. */
export function motionAt(from: TimedPosition, motion: Motion, to: TimedPosition): Motion {
  const [start, end]: readonly [SkyPoint, SkyPoint] = [
    [from.ra, from.dec],
    [to.ra, to.dec],
  ];
  const distance = (motion.rate * (to.mjd - from.mjd) * 24) / 3600;
  // at so small a distance, rounding leaves the circle no direction, and the motion does not turn
  if (Math.abs(distance) < 1e-7) return motion;
  const back = positionAngle(end, start);
  return { rate: motion.rate, pa: distance > 0 ? (back + 180) % 360 : back };
}

/**
 * The position at a time between known ones: along the great circle between its two neighbors in
 * time or, if the motion at both is known, along Hermite's cubic, which follows the curve of the
 * object even between nights. Extrapolates along the great circle through the two positions at the
 * nearer end.
 * @param track one or more positions in the order of their times
 */
export function positionAt(track: readonly MovingPosition[], mjd: number): TimedPosition {
  const next = track.findIndex((each) => each.mjd >= mjd);
  const second = Math.max(1, next === -1 ? track.length - 1 : next);
  const [a, b] = [track[second - 1]!, track[second]];
  if (b === undefined || b.mjd === a.mjd) return { ra: a.ra, dec: a.dec, mjd };
  const fraction = (mjd - a.mjd) / (b.mjd - a.mjd);
  const straight = betweenPositions([a.ra, a.dec], [b.ra, b.dec], fraction);
  const isBetween = fraction > 0 && fraction < 1;
  const [ra, dec] =
    isBetween && a.motion && b.motion ? curved(straight, a, a.motion, b, b.motion, fraction) : straight;
  return { ra, dec, mjd };
}

/**
 * The position on the great circle from a to b, displaced by Hermite's cubic of the differences
 * between the motions at its ends and uniform motion along it.
 */
function curved(
  straight: SkyPoint,
  a: TimedPosition,
  motionA: Motion,
  b: TimedPosition,
  motionB: Motion,
  t: number,
): SkyPoint {
  const [from, to]: readonly [SkyPoint, SkyPoint] = [
    [a.ra, a.dec],
    [b.ra, b.dec],
  ];
  const hours = (b.mjd - a.mjd) * 24;
  const rate = (3600 * separation(from, to)) / hours;
  const atA = difference(from, motionA, { rate, pa: positionAngle(from, to) });
  const atB = difference(to, motionB, { rate, pa: positionAngle(to, from) + 180 });
  const [first, last] = [t * (1 - t) ** 2 * hours, t * t * (t - 1) * hours];
  const [x, y, z] = unitVector(straight);
  return skyPoint([
    x + first * atA[0] + last * atB[0],
    y + first * atA[1] + last * atB[1],
    z + first * atA[2] + last * atB[2],
  ]);
}

/** The difference of two motions at a position, radians per hour as a vector. */
function difference(at: SkyPoint, one: Motion, other: Motion): UnitVector {
  const from = unitVector(at);
  const east = unitVector([at[0] + 90, 0]);
  const north: UnitVector = [
    from[1] * east[2] - from[2] * east[1],
    from[2] * east[0] - from[0] * east[2],
    from[0] * east[1] - from[1] * east[0],
  ];
  const along = (angle: (radians: number) => number) =>
    (one.rate * angle(one.pa * DEGREE) - other.rate * angle(other.pa * DEGREE)) * ARCSEC;
  const [e, n] = [along(Math.sin), along(Math.cos)];
  return [e * east[0] + n * north[0], e * east[1] + n * north[1], e * east[2] + n * north[2]];
}

const DEGREE = Math.PI / 180;
const ARCSEC = DEGREE / 3600;
