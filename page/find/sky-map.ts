import { type GeoProjection, geoArea, geoEqualEarth, geoGraticule10, geoOrthographic, geoPath } from "d3-geo";
import type { ImageRow } from "../app/island.ts";

/** Maximum number of footprints drawn; more would overlap anyway. */
const MAX_FOOTPRINTS = 20_000;

/** A field narrower than this is shown instead of the whole sky, degrees. */
const NARROW = 40;

type Polygon = { readonly type: "Polygon"; readonly coordinates: [number, number][][] };

/** The interior of a footprint: the smaller of the two areas bounded by its corners. */
function polygonOf(corners: NonNullable<ImageRow["corners"]>): Polygon {
  const ring = corners.map(([ra, dec]): [number, number] => [ra, dec]);
  const closed = [...ring, ring[0]!];
  const polygon: Polygon = { type: "Polygon", coordinates: [closed] };
  return geoArea(polygon) > 2 * Math.PI ? { type: "Polygon", coordinates: [closed.toReversed()] } : polygon;
}

/** The content of the map. */
export interface MapContent {
  readonly rows: readonly ImageRow[];
  readonly chosen: ImageRow | undefined;
  readonly place: readonly [ra: number, dec: number] | undefined;
  /** Whether to show the whole sky rather than the part with images. */
  readonly whole: boolean;
  /** Colors by name, from the style sheet. */
  readonly color: (name: string) => string;
}

/** A map of footprints, whose polygons are computed once. */
export class SkyMap {
  readonly #polygons = new WeakMap<ImageRow, Polygon>();

  /**
   * Draws footprints, east to the left. Returns a function from a point of the canvas, CSS pixels,
   * to its ICRS position in degrees; undefined outside the sky.
   */
  draw(
    canvas: HTMLCanvasElement,
    { rows, chosen, place, whole, color }: MapContent,
  ): (x: number, y: number) => readonly [ra: number, dec: number] | undefined {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    const shown = rows.slice(0, MAX_FOOTPRINTS).flatMap((row) => this.#footprint(row) ?? []);
    const projection = projectionFor(shown, whole, width, height);
    const path = geoPath(projection, context);
    const stroke = (shape: Parameters<typeof path>[0], name: string, lineWidth: number) => {
      context.beginPath();
      path(shape);
      context.strokeStyle = color(name);
      context.lineWidth = lineWidth;
      context.stroke();
    };
    context.clearRect(0, 0, width, height);
    context.beginPath();
    path({ type: "Sphere" });
    context.fillStyle = color("--pane");
    context.fill();
    stroke(geoGraticule10(), "--line", 1);
    stroke({ type: "Sphere" }, "--edge", 1);
    context.beginPath();
    for (const polygon of shown) path(polygon);
    context.fillStyle = color("--link");
    context.globalAlpha = shown.length > 300 ? 0.15 : 0.3;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = color("--link");
    context.lineWidth = 1;
    context.stroke();
    const of = chosen && this.#footprint(chosen);
    if (of !== undefined) stroke(of, "--accent", 3);
    const point = place && projection([...place]);
    if (point) {
      context.beginPath();
      context.arc(point[0], point[1], 5, 0, 2 * Math.PI);
      context.strokeStyle = color("--accent");
      context.lineWidth = 2;
      context.stroke();
    }
    return (x, y) => {
      const found = projection.invert?.([x, y]);
      if (!found || Number.isNaN(found[0])) return undefined;
      const back = projection(found);
      if (!back || Math.hypot(back[0] - x, back[1] - y) > 1) return undefined;
      return [((found[0] % 360) + 360) % 360, found[1]];
    };
  }

  #footprint(row: ImageRow): Polygon | undefined {
    if (!row.corners) return undefined;
    let polygon = this.#polygons.get(row);
    if (polygon === undefined) {
      polygon = polygonOf(row.corners);
      this.#polygons.set(row, polygon);
    }
    return polygon;
  }
}

/** The whole sky, or the part with footprints if it is small. */
function projectionFor(
  shown: readonly Polygon[],
  whole: boolean,
  width: number,
  height: number,
): GeoProjection {
  const extent: [[number, number], [number, number]] = [
    [8, 8],
    [width - 8, height - 8],
  ];
  const centre = middle(shown);
  if (!whole && centre !== undefined && centre.radius < NARROW / 2) {
    const near = geoOrthographic().reflectX(true).rotate([-centre.ra, -centre.dec]).clipAngle(60);
    return near.fitExtent(extent, {
      type: "MultiPolygon",
      coordinates: shown.slice(0, 2000).map(({ coordinates }) => coordinates),
    });
  }
  return geoEqualEarth().reflectX(true).rotate([-180, 0]).fitExtent(extent, { type: "Sphere" });
}

const RADIAN = Math.PI / 180;

/** The middle of footprints, and how far the farthest corner is from it, degrees. */
function middle(shown: readonly Polygon[]) {
  const points = shown.flatMap(({ coordinates }) => coordinates[0]!).map(([ra, dec]) => vector(ra, dec));
  if (points.length === 0) return undefined;
  const sum = points.reduce(([x, y, z], [a, b, c]) => [x + a, y + b, z + c], [0, 0, 0]);
  const length = Math.hypot(...sum);
  if (length < points.length / 2) return undefined;
  const [x, y, z] = sum.map((part) => part / length) as [number, number, number];
  const least = points.reduce((cosine, [a, b, c]) => Math.min(cosine, a * x + b * y + c * z), 1);
  return {
    ra: Math.atan2(y, x) / RADIAN,
    dec: Math.asin(z) / RADIAN,
    radius: Math.acos(Math.max(-1, least)) / RADIAN,
  };
}

function vector(ra: number, dec: number): [number, number, number] {
  const cosine = Math.cos(dec * RADIAN);
  return [cosine * Math.cos(ra * RADIAN), cosine * Math.sin(ra * RADIAN), Math.sin(dec * RADIAN)];
}
