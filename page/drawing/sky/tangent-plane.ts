import { DEGREE } from "@sbnsis/wcs/internal";

/** A sky position: ICRS, degrees. */
export interface SkyPlace {
  readonly ra: number;
  readonly dec: number;
}

/** A position on a tangent plane: arcseconds to the east (xi) and to the north (eta). */
export interface Offset {
  readonly xi: number;
  readonly eta: number;
}

const ARCSEC = DEGREE / 3600;

/**
 * Gnomonic projection about `centre`: standard coordinates (FITS WCS paper II, 5.1.3). Undefined
 * for positions 90 degrees or more away.
 */
export function toTangentPlane(centre: SkyPlace, { ra, dec }: SkyPlace): Offset | undefined {
  const [sin0, cos0] = [Math.sin(centre.dec * DEGREE), Math.cos(centre.dec * DEGREE)];
  const [sin, cos] = [Math.sin(dec * DEGREE), Math.cos(dec * DEGREE)];
  const along = (ra - centre.ra) * DEGREE;
  const depth = sin * sin0 + cos * cos0 * Math.cos(along);
  if (!(depth > 1e-9)) return undefined;
  return {
    xi: (cos * Math.sin(along)) / depth / ARCSEC,
    eta: (sin * cos0 - cos * sin0 * Math.cos(along)) / depth / ARCSEC,
  };
}

/** The sky position of a point of the tangent plane at `centre`. */
export function fromTangentPlane(centre: SkyPlace, { xi, eta }: Offset): SkyPlace {
  const [x, y] = [xi * ARCSEC, eta * ARCSEC];
  const [sin0, cos0] = [Math.sin(centre.dec * DEGREE), Math.cos(centre.dec * DEGREE)];
  const depth = cos0 - y * sin0;
  const ra = (centre.ra + Math.atan2(x, depth) / DEGREE) % 360;
  return {
    ra: ra < 0 ? (ra + 360) % 360 : ra,
    dec: Math.atan2(sin0 + y * cos0, Math.hypot(x, depth)) / DEGREE,
  };
}
