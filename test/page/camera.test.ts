import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Camera,
  fitted,
  panned,
  planeAt,
  viewAt,
  visibleBox,
  zoomedAt,
} from "../../page/drawing/camera.ts";

const SIZE = { width: 800, height: 600 };
const cameras = fc.record({
  u: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  v: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  scale: fc.double({ min: 0.01, max: 100, noNaN: true }),
  turn: fc.double({ min: -360, max: 360, noNaN: true }),
  isMirrored: fc.boolean(),
});
const points = fc.record({
  x: fc.double({ min: 0, max: 800, noNaN: true }),
  y: fc.double({ min: 0, max: 600, noNaN: true }),
});

describe("the camera of a view", () => {
  test("a point of a view maps to the plane and back to itself, for any camera", () => {
    fc.assert(
      fc.property(cameras, points, (camera, point) => {
        const back = viewAt(camera, SIZE, planeAt(camera, SIZE, point));
        expect(back.x).toBeCloseTo(point.x, 5);
        expect(back.y).toBeCloseTo(point.y, 5);
      }),
    );
  });

  test("in a view, up is +v, right is +u, and a rotation is counterclockwise, by hand", () => {
    const plain: Camera = { u: 10, v: 20, scale: 2, turn: 0, isMirrored: false };
    expect(planeAt(plain, SIZE, { x: 401, y: 300 })).toEqual({ u: 12, v: 20 });
    expect(planeAt(plain, SIZE, { x: 400, y: 299 })).toEqual({ u: 10, v: 22 });
    expect(planeAt({ ...plain, isMirrored: true }, SIZE, { x: 401, y: 300 })).toEqual({ u: 8, v: 20 });
    // turned by 90 degrees counterclockwise, +u of the plane points up on the screen
    const up = viewAt({ ...plain, turn: 90 }, SIZE, { u: 12, v: 20 });
    expect(up.x).toBeCloseTo(400, 9);
    expect(up.y).toBeCloseTo(299, 9);
  });

  test("a drag moves the view with the pointer; a zoom keeps the point under it fixed", () => {
    fc.assert(
      fc.property(cameras, points, points, (camera, from, to) => {
        const place = planeAt(camera, SIZE, from);
        const dragged = viewAt(panned(camera, to.x - from.x, to.y - from.y), SIZE, place);
        expect(dragged.x).toBeCloseTo(to.x, 4);
        expect(dragged.y).toBeCloseTo(to.y, 4);
        const zoomed = viewAt(zoomedAt(camera, SIZE, from, camera.scale * 1.7), SIZE, place);
        expect(zoomed.x).toBeCloseTo(from.x, 4);
        expect(zoomed.y).toBeCloseTo(from.y, 4);
      }),
    );
  });

  test("a box fitted into a view is entirely visible, and touches the border up to the margin", () => {
    fc.assert(
      fc.property(cameras, (camera) => {
        const box = { u0: -3, v0: 5, u1: 40, v1: 30 };
        const seen = visibleBox(fitted(camera, SIZE, box, 1), SIZE);
        expect(seen.u0).toBeLessThanOrEqual(box.u0 + 1e-9);
        expect(seen.u1).toBeGreaterThanOrEqual(box.u1 - 1e-9);
        expect(seen.v0).toBeLessThanOrEqual(box.v0 + 1e-9);
        expect(seen.v1).toBeGreaterThanOrEqual(box.v1 - 1e-9);
      }),
    );
  });
});
