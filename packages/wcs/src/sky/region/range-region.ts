import { angleToArc, arcFrom, arcsMeet } from "../arcs.ts";
import type { SkyCorners, VectorBox } from "../footprint.ts";
import { DEGREE } from "../rotation.ts";
import { angle, type SkyPoint, type UnitVector, unitVector } from "../vectors.ts";
import { FootprintPolygon } from "./footprint-polygon.ts";
import { VectorBounds } from "./vector-bounds.ts";

/** Angles below this are rounding errors, degrees. */
const TINY = 1e-12;

/** Degrees eastward from one longitude to another, 0 to 360. */
function eastward(from: number, to: number): number {
  return (((to - from) % 360) + 360) % 360;
}

/** All directions between two meridians and two parallels. */
export class RangeRegion {
  readonly places: readonly SkyPoint[];
  readonly box: VectorBox;
  readonly #lon: number;
  /** Degrees of longitude, 360 for all. */
  readonly #width: number;
  readonly #lat: readonly [number, number];

  constructor([west, east]: readonly [number, number], lat: readonly [number, number]) {
    this.#lon = west;
    this.#width = east - west >= 360 ? 360 : eastward(west, east);
    this.#lat = lat;
    const middle: SkyPoint = [west + this.#width / 2, (lat[0] + lat[1]) / 2];
    this.places = [middle, ...this.#corners()];
    this.box = this.#bounds();
  }

  contains(direction: UnitVector): boolean {
    const [x, y, z] = direction;
    const lat = Math.atan2(z, Math.hypot(x, y)) / DEGREE;
    if (lat < this.#lat[0] || lat > this.#lat[1]) return false;
    return Math.hypot(x, y) < 1e-15 || this.#hasLongitude(Math.atan2(y, x) / DEGREE);
  }

  distance(direction: UnitVector): number {
    const [x, y, z] = direction;
    const lat = Math.atan2(z, Math.hypot(x, y));
    let nearest = Number.POSITIVE_INFINITY;
    for (const [a, b] of this.#meridians()) nearest = Math.min(nearest, angleToArc(direction, a, b));
    const isBetween = this.#hasLongitude(Math.atan2(y, x) / DEGREE);
    for (const parallel of this.#parallels()) {
      if (isBetween) nearest = Math.min(nearest, Math.abs(lat - parallel * DEGREE));
      else
        for (const lon of [this.#lon, this.#lon + this.#width])
          nearest = Math.min(nearest, angle(direction, unitVector([lon, parallel])));
    }
    // all of the sky has no boundary
    if (nearest === Number.POSITIVE_INFINITY) nearest = Math.PI;
    return this.contains(direction) ? -nearest : nearest;
  }

  meets(corners: SkyCorners): boolean {
    const image = new FootprintPolygon(corners);
    if (!image.isPolygon) return false;
    const { vertices } = image;
    if (vertices.some((vertex) => this.contains(vertex))) return true;
    if (this.#corners().some((corner) => image.contains(unitVector(corner)))) return true;
    for (let i = 0; i < 4; i += 1) {
      const [a, b] = [vertices[i]!, vertices[(i + 1) % 4]!];
      if (this.#meridians().some(([c, d]) => arcsMeet(a, b, c, d))) return true;
      if (this.#parallels().some((lat) => this.#crossesParallel(a, b, lat))) return true;
    }
    return false;
  }

  #hasLongitude(lon: number): boolean {
    if (this.#width >= 360) return true;
    const offset = eastward(this.#lon, lon);
    return offset <= this.#width + TINY || offset >= 360 - TINY;
  }

  /** The corners; for a ring around the sky, one point of each edge. */
  #corners(): readonly SkyPoint[] {
    const [south, north] = this.#lat;
    const [west, east] = [this.#lon, this.#lon + this.#width];
    return [
      [west, south],
      [west, north],
      [east, south],
      [east, north],
    ];
  }

  /** Edges along meridians, in halves: whole ones would be half circles. */
  #meridians(): readonly (readonly [UnitVector, UnitVector])[] {
    if (this.#width >= 360) return [];
    const [south, north] = this.#lat;
    const middle = (south + north) / 2;
    return [this.#lon, this.#lon + this.#width].flatMap((lon) => [
      [unitVector([lon, south]), unitVector([lon, middle])] as const,
      [unitVector([lon, middle]), unitVector([lon, north])] as const,
    ]);
  }

  /** Latitudes of the edges along parallels; a pole is not an edge. */
  #parallels(): readonly number[] {
    return this.#lat.filter((lat) => Math.abs(lat) < 90);
  }

  /** Whether a great-circle arc crosses the edge along a parallel. */
  #crossesParallel(a: UnitVector, b: UnitVector, lat: number): boolean {
    const { q, end } = arcFrom(a, b);
    const z = Math.sin(lat * DEGREE);
    const highest = Math.hypot(a[2], q[2]);
    if (Math.abs(z) > highest) return false;
    const top = Math.atan2(q[2], a[2]);
    const half = Math.acos(Math.min(1, Math.max(-1, z / highest)));
    return [top - half, top + half].some((at) => {
      const t = ((at % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
      if (t > end) return false;
      const [c, s] = [Math.cos(t), Math.sin(t)];
      return this.#hasLongitude(Math.atan2(a[1] * c + q[1] * s, a[0] * c + q[0] * s) / DEGREE);
    });
  }

  #bounds(): VectorBox {
    const [south, north] = this.#lat;
    const bounds = new VectorBounds();
    bounds.addValue(2, Math.sin(south * DEGREE));
    bounds.addValue(2, Math.sin(north * DEGREE));
    const widest = south <= 0 && north >= 0 ? 0 : Math.min(Math.abs(south), Math.abs(north));
    const narrowest = Math.max(Math.abs(south), Math.abs(north));
    // where a coordinate is largest or smallest: at the ends and where the axes are
    const longitudes = [this.#lon, this.#lon + this.#width];
    for (const axis of [0, 90, 180, 270]) if (this.#hasLongitude(axis)) longitudes.push(axis);
    for (const lon of longitudes)
      for (const lat of [widest, narrowest]) {
        const [x, y] = unitVector([lon, lat]);
        bounds.addValue(0, x);
        bounds.addValue(1, y);
      }
    return bounds.box;
  }
}
