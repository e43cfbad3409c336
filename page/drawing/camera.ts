/**
 * The view of a plane. The plane has the coordinates (u, v): pixels of a frame counted from 0, or
 * arcseconds to the west and to the north of a sky position.
 */
export interface Camera {
  /** The point in the middle of the view. */
  readonly u: number;
  readonly v: number;
  /** Plane units per CSS pixel. */
  readonly scale: number;
  /** Degrees by which the plane is turned counterclockwise on the screen. */
  readonly turn: number;
  /** Whether u increases to the left, before the plane is turned. */
  readonly isMirrored: boolean;
}

/** Width and height of a view, CSS pixels. */
export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

/** A point of a view: CSS pixels from its upper left corner. */
export interface ViewPoint {
  readonly x: number;
  readonly y: number;
}

/** A point of a plane. */
export interface PlanePoint {
  readonly u: number;
  readonly v: number;
}

/** An affine map (x, y) -> (u0 + ux x + uy y, v0 + vx x + vy y). */
export interface Affine {
  readonly u0: number;
  readonly ux: number;
  readonly uy: number;
  readonly v0: number;
  readonly vx: number;
  readonly vy: number;
}

const DEGREE = Math.PI / 180;

/** From points of the view, CSS pixels from its upper left corner, to the plane. */
export function viewToPlane(camera: Camera, { width, height }: ViewSize): Affine {
  const [cos, sin] = [Math.cos(camera.turn * DEGREE), Math.sin(camera.turn * DEGREE)];
  const side = camera.isMirrored ? -1 : 1;
  // with y downwards: right on the screen is (cos, -sin) in the plane, down is (-sin, -cos)
  const ux = camera.scale * cos * side;
  const uy = -camera.scale * sin * side;
  const vx = -camera.scale * sin;
  const vy = -camera.scale * cos;
  return {
    ...{ ux, uy, vx, vy },
    u0: camera.u - (ux * width + uy * height) / 2,
    v0: camera.v - (vx * width + vy * height) / 2,
  };
}

/** The inverse of an affine map. */
export function inverse({ u0, ux, uy, v0, vx, vy }: Affine): Affine {
  const det = ux * vy - uy * vx;
  const [xu, xv, yu, yv] = [vy / det, -uy / det, -vx / det, ux / det];
  return { u0: -(xu * u0 + xv * v0), ux: xu, uy: xv, v0: -(yu * u0 + yv * v0), vx: yu, vy: yv };
}

/** The image of a point by an affine map. */
export function applied(map: Affine, x: number, y: number): PlanePoint {
  return { u: map.u0 + map.ux * x + map.uy * y, v: map.v0 + map.vx * x + map.vy * y };
}

/** The point of the plane at a point of the view. */
export function planeAt(camera: Camera, size: ViewSize, { x, y }: ViewPoint): PlanePoint {
  return applied(viewToPlane(camera, size), x, y);
}

/** The point of the view at a point of the plane. */
export function viewAt(camera: Camera, size: ViewSize, { u, v }: PlanePoint): ViewPoint {
  const point = applied(inverse(viewToPlane(camera, size)), u, v);
  return { x: point.u, y: point.v };
}

/** The camera after a drag by (dx, dy) CSS pixels. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  const { ux, uy, vx, vy } = viewToPlane(camera, { width: 0, height: 0 });
  return { ...camera, u: camera.u - ux * dx - uy * dy, v: camera.v - vx * dx - vy * dy };
}

/** The camera with another scale that keeps the plane fixed at a point of the view. */
export function zoomedAt(camera: Camera, size: ViewSize, point: ViewPoint, scale: number): Camera {
  const fixed = planeAt(camera, size, point);
  const next = { ...camera, scale };
  const moved = planeAt(next, size, point);
  return { ...next, u: next.u + fixed.u - moved.u, v: next.v + fixed.v - moved.v };
}

/** A box of a plane. */
export interface PlaneBox {
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
}

/** The smallest box of the plane that contains everything in view. */
export function visibleBox(camera: Camera, { width, height }: ViewSize): PlaneBox {
  const map = viewToPlane(camera, { width, height });
  const corners = [
    applied(map, 0, 0),
    applied(map, width, 0),
    applied(map, 0, height),
    applied(map, width, height),
  ];
  return {
    u0: Math.min(...corners.map(({ u }) => u)),
    v0: Math.min(...corners.map(({ v }) => v)),
    u1: Math.max(...corners.map(({ u }) => u)),
    v1: Math.max(...corners.map(({ v }) => v)),
  };
}

/** The camera that shows a whole box with a margin, with the same rotation. */
export function fitted(camera: Camera, { width, height }: ViewSize, box: PlaneBox, margin = 1.02): Camera {
  const [cos, sin] = [Math.abs(Math.cos(camera.turn * DEGREE)), Math.abs(Math.sin(camera.turn * DEGREE))];
  const [w, h] = [box.u1 - box.u0, box.v1 - box.v0];
  const scale = margin * Math.max((w * cos + h * sin) / width, (w * sin + h * cos) / height);
  return { ...camera, u: (box.u0 + box.u1) / 2, v: (box.v0 + box.v1) / 2, scale };
}
