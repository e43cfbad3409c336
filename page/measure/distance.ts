import { positionAngle, separation } from "@sbnsis/wcs/internal";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";

/** The distance and direction from one sky position to another. */
export interface Distance {
  /** Along the great circle. */
  readonly arcsec: number;
  /** Position angle at the first position, degrees from north through east. */
  readonly pa: number;
}

/** The great-circle distance and position angle from one position to another. */
export function distance(from: SkyPlace, to: SkyPlace): Distance {
  const [a, b] = [[from.ra, from.dec] as const, [to.ra, to.dec] as const];
  return { arcsec: 3600 * separation(a, b), pa: positionAngle(a, b) };
}
