import { betweenPositions, offsetAlong } from "@sbnsis/wcs/internal";

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

/** An ellipse of uncertainty: the half axis along `pa` in arcseconds, as that many sigma. */
export interface UncertaintyAxis {
  readonly a: number;
  readonly pa: number;
  readonly sigma: number;
}

/** Where an object is at another time that moves along a great circle; see offsetAlong. */
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

/**
 * The position at a time between known ones, along the great circle between its two neighbours in
 * time; beyond the ends, along that of the two at the end.
 * @param track one or more positions in the order of their times
 */
export function positionAt(track: readonly TimedPosition[], mjd: number): TimedPosition {
  const next = track.findIndex((each) => each.mjd >= mjd);
  const second = Math.max(1, next === -1 ? track.length - 1 : next);
  const [a, b] = [track[second - 1]!, track[second]];
  if (b === undefined || b.mjd === a.mjd) return { ...a, mjd };
  const fraction = (mjd - a.mjd) / (b.mjd - a.mjd);
  const [ra, dec] = betweenPositions([a.ra, a.dec], [b.ra, b.dec], fraction);
  return { ra, dec, mjd };
}
