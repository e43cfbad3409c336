import type { CelestialSystem, Frame } from "../model/wcs.ts";
import { fk4ETerms, fk4ToFk5 } from "./fk4.ts";
import { fk5Precession, icrsToEcliptic } from "./precession.ts";
import { axisRotation, DEGREE, type Matrix3, multiply, transpose } from "./rotation.ts";

const MAS = DEGREE / 3_600_000;

/** Frame bias from ICRS to FK5 J2000. USNO Circular 179, 3.2. */
const ICRS_TO_FK5 = multiply(
  axisRotation("x", 19.9 * MAS),
  multiply(axisRotation("y", 9.1 * MAS), axisRotation("z", -22.9 * MAS)),
);

/**
 * From FK5 J2000 to galactic: north pole and longitude of the celestial pole of Reid and Brunthaler
 * 2004, with more digits.
 */
const FK5_TO_GALACTIC = multiply(
  axisRotation("z", (180 - 122.9319185680026) * DEGREE),
  multiply(
    axisRotation("y", (90 - 27.12825118085622) * DEGREE),
    axisRotation("z", 192.8594812065348 * DEGREE),
  ),
);

/** From galactic to supergalactic (de Vaucouleurs): pole at l = 47.37, b = 6.32. */
const GALACTIC_TO_SUPERGALACTIC = multiply(
  axisRotation("z", 90 * DEGREE),
  multiply(axisRotation("y", (90 - 6.32) * DEGREE), axisRotation("z", 47.37 * DEGREE)),
);

const GALACTIC_TO_ICRS = multiply(transpose(ICRS_TO_FK5), transpose(FK5_TO_GALACTIC));

/**
 * The frame of a system, with its rotation to ICRS. `equinox` is in the system's kind of years, and
 * ignored for systems without one.
 */
export function celestialFrame(system: CelestialSystem, equinox?: number): Frame {
  const frame = (year: number | undefined, toIcrs: Matrix3 | undefined): Frame => ({
    system,
    equinox: year,
    toIcrs,
    eTerms: system === "FK4" ? fk4ETerms(year!) : undefined,
  });
  switch (system) {
    case "ICRS":
      return frame(undefined, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    case "FK5": {
      const year = equinox ?? 2000;
      return frame(year, multiply(transpose(ICRS_TO_FK5), transpose(fk5Precession(year))));
    }
    case "FK4":
    case "FK4-NO-E": {
      const year = equinox ?? 1950;
      return frame(year, multiply(transpose(ICRS_TO_FK5), fk4ToFk5(year)));
    }
    case "GALACTIC":
      return frame(undefined, GALACTIC_TO_ICRS);
    case "SUPERGALACTIC":
      return frame(undefined, multiply(GALACTIC_TO_ICRS, transpose(GALACTIC_TO_SUPERGALACTIC)));
    case "ECLIPTIC": {
      const year = equinox ?? 2000;
      return frame(year, transpose(icrsToEcliptic(year)));
    }
    case "OTHER":
      return frame(undefined, undefined);
  }
}
