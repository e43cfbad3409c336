import { positionAngle, separation } from "@sbnsis/wcs/internal";
import type { SkyPlace } from "../drawing/tangent-plane.ts";

/** The way from one place to another on the sky. */
export interface Distance {
  /** Along the great circle. */
  readonly arcsec: number;
  /** Degrees from north through east, at the first place. */
  readonly pa: number;
}

/** The great-circle distance and position angle from one place to another. */
export function distance(from: SkyPlace, to: SkyPlace): Distance {
  const [a, b] = [[from.ra, from.dec] as const, [to.ra, to.dec] as const];
  return { arcsec: 3600 * separation(a, b), pa: positionAngle(a, b) };
}
