/** Time scales in which lists state times. */
export type TimeScale = "utc" | "tt" | "tdb" | "tai";

/**
 * Modified Julian Dates (UTC) from which TAI - UTC has a number of seconds (IERS Bulletin C; the
 * same as leap-seconds.list). Before 1972 UTC had no whole leap seconds.
 */
const LEAPS: readonly (readonly [mjd: number, seconds: number])[] = [
  [41317, 10],
  [41499, 11],
  [41683, 12],
  [42048, 13],
  [42413, 14],
  [42778, 15],
  [43144, 16],
  [43509, 17],
  [43874, 18],
  [44239, 19],
  [44786, 20],
  [45151, 21],
  [45516, 22],
  [46247, 23],
  [47161, 24],
  [47892, 25],
  [48257, 26],
  [48804, 27],
  [49169, 28],
  [49534, 29],
  [50083, 30],
  [50630, 31],
  [51179, 32],
  [53736, 33],
  [54832, 34],
  [56109, 35],
  [57204, 36],
  [57754, 37],
];

const DAY_SECONDS = 86_400;
const TT_MINUS_TAI = 32.184;

/**
 * TDB - TT in seconds, within 10 microseconds from 1600 to 2200 (USNO Circular 179, equation 2.6).
 */
function tdbMinusTt(mjd: number): number {
  const t = (mjd - 51_544.5) / 36_525;
  return (
    0.001657 * Math.sin(628.3076 * t + 6.2401) +
    0.000022 * Math.sin(575.3385 * t + 4.297) +
    0.000014 * Math.sin(1256.6152 * t + 6.1969) +
    0.000005 * Math.sin(606.9777 * t + 4.0212) +
    0.000005 * Math.sin(52.9691 * t + 0.4444) +
    0.000002 * Math.sin(21.3299 * t + 5.5431) +
    0.00001 * t * Math.sin(628.3076 * t + 4.249)
  );
}

/**
 * A Modified Julian Date in UTC. Undefined before 1972 unless the scale is UTC, because UTC had no
 * whole leap seconds then.
 */
export function utcOf(mjd: number, scale: TimeScale): number | undefined {
  if (scale === "utc") return mjd;
  const tt = scale === "tdb" ? -tdbMinusTt(mjd) : 0;
  const toTai = scale === "tai" ? 0 : tt - TT_MINUS_TAI;
  for (let i = LEAPS.length - 1; i >= 0; i--) {
    const [from, seconds] = LEAPS[i]!;
    const utc = mjd + (toTai - seconds) / DAY_SECONDS;
    if (utc >= from) return utc;
  }
  return undefined;
}
