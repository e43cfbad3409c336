import { expect, test } from "vitest";
import { carried, motionAt, positionAt } from "../../src/stack/motion.ts";
import { stackFixture } from "./stack-fixture.ts";

/** Separation, arcseconds, of two positions close to each other. */
function apart(a: { ra: number; dec: number }, ra: number, dec: number): number {
  const across = ((((a.ra - ra) % 360) + 540) % 360) - 180;
  return 3600 * Math.hypot(across * Math.cos((dec * Math.PI) / 180), a.dec - dec);
}

/** A motion of this many degrees in an hour. */
const after = (from: { ra: number; dec: number }, pa: number, degrees: number, hours = 1) =>
  carried({ ...from, mjd: 60_000 }, { rate: 3600 * degrees, pa }, 60_000 + hours / 24);

test.each(stackFixture.offsets)(
  "a position carried by $distance degrees from ($ra, $dec) at $angle degrees is astropy's directional_offset_by to 1e-6 arcsec",
  ({ ra, dec, angle, distance, to }) => {
    expect(apart(after({ ra, dec }, angle, distance), to[0], to[1])).toBeLessThan(1e-6);
  },
);

test("a position carried along an angle counted from north towards west is not astropy's offset", () => {
  const wrong = stackFixture.offsets.filter(
    ({ ra, dec, angle, distance, to }) => apart(after({ ra, dec }, -angle, distance), to[0], to[1]) > 1e-6,
  );
  // due north both are the same
  expect(wrong.length).toBe(stackFixture.offsets.filter(({ angle }) => angle !== 0).length);
});

test.each(stackFixture.offsets)(
  "the position halfway in time to $distance degrees from ($ra, $dec) at $angle degrees is half astropy's offset, to 1e-6 arcsec",
  ({ ra, dec, angle, distance, to }) => {
    const track = [
      { ra, dec, mjd: 60_000 },
      { ra: to[0], dec: to[1], mjd: 60_001 },
    ];
    const half = after({ ra, dec }, angle, distance, 0.5);
    expect(apart(positionAt(track, 60_000.5), half.ra, half.dec)).toBeLessThan(1e-6);
  },
);

test.each(stackFixture.offsets)(
  "with the motion at both ends too, the position halfway to $distance degrees from ($ra, $dec) at $angle degrees is half astropy's offset",
  ({ ra, dec, angle, distance, to }) => {
    const motion = { rate: (distance * 3600) / 24, pa: angle };
    const first = { ra, dec, mjd: 60_000, motion };
    const last = { ra: to[0], dec: to[1], mjd: 60_001 };
    const track = [first, { ...last, motion: motionAt(first, motion, last) }];
    const half = after({ ra, dec }, angle, distance, 0.5);
    expect(apart(positionAt(track, 60_000.5), half.ra, half.dec)).toBeLessThan(1e-6);
  },
);

test("between two nights on a curved track, here a parallel of declination, the position follows the motion at its ends", () => {
  // 2 degrees of right ascension a day along declination 60: exact at any time
  const at = (days: number) => ({ ra: 359 + 2 * days, dec: 60, mjd: 60_000 + days });
  const motion = { rate: (2 * 3600 * Math.cos(Math.PI / 3)) / 24, pa: 90 };
  const track = [0, 0.1, 3, 3.1].map((days) => ({ ...at(days), motion }));
  for (const days of [0.05, 0.5, 1.5, 2.7]) {
    const { ra, dec, mjd } = at(days);
    expect(apart(positionAt(track, mjd), ra, dec)).toBeLessThan(0.1);
  }
  // the great circle alone is a minute of arc off
  const straight = track.map((each) => ({ ...each, motion: undefined }));
  expect(apart(positionAt(straight, at(1.5).mjd), at(1.5).ra, 60)).toBeGreaterThan(60);
});
