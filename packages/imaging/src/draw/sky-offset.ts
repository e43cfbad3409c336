import { DEGREE } from "@sbnsis/wcs/internal";

/** Longitude and latitude, degrees. */
type Place = readonly [number, number];

type Vector = readonly [number, number, number];

/** The directions of a place, of north and of east there; at a pole by its given longitude. */
function axesAt([lon, lat]: Place): { readonly to: Vector; readonly north: Vector; readonly east: Vector } {
  const [sinLon, cosLon] = [Math.sin(lon * DEGREE), Math.cos(lon * DEGREE)];
  const [sinLat, cosLat] = [Math.sin(lat * DEGREE), Math.cos(lat * DEGREE)];
  return {
    to: [cosLat * cosLon, cosLat * sinLon, sinLat],
    north: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
    east: [-sinLon, cosLon, 0],
  };
}

/**
 * The place at a distance along the great circle that leaves `from` at a position angle (from north
 * through east); all in degrees, longitudes from 0 to 360. Exact at the poles too.
 */
export function placeAlong(from: Place, positionAngle: number, distance: number): Place {
  const { to, north, east } = axesAt(from);
  const toNorth = Math.sin(distance * DEGREE) * Math.cos(positionAngle * DEGREE);
  const toEast = Math.sin(distance * DEGREE) * Math.sin(positionAngle * DEGREE);
  const ahead = Math.cos(distance * DEGREE);
  const along = (i: 0 | 1 | 2) => ahead * to[i] + toNorth * north[i] + toEast * east[i];
  const [x, y, z] = [along(0), along(1), along(2)];
  const lon = Math.atan2(y, x) / DEGREE;
  return [lon < 0 ? lon + 360 : lon, Math.atan2(z, Math.hypot(x, y)) / DEGREE];
}

/**
 * Position angle of the great circle from one place to another: degrees from north through east,
 * -180 to 180.
 */
export function positionAngleOf(from: Place, to: Place): number {
  const { north, east } = axesAt(from);
  const [x, y, z] = axesAt(to).to;
  const component = (axis: Vector) => x * axis[0] + y * axis[1] + z * axis[2];
  return Math.atan2(component(east), component(north)) / DEGREE;
}
