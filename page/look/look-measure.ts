import type { PlaneBox } from "../drawing/camera.ts";
import type { Measurement } from "../measure/measurement.ts";
import { LARGEST_RADIUS, LONGEST_LINE } from "../measure/measurement.ts";
import type { LookState } from "./look-state.ts";

/** Radii of the sky annulus of a circle, and pixels around a line. */
const ANNULUS = 3;
const MARGIN = 2;

/**
 * The pixels that a measurement needs; undefined if it needs none, is off the frame, or is too
 * large.
 */
export function neededBox(state: LookState, { kind, from, to }: Measurement): PlaneBox | undefined {
  const frame = state.frame();
  const a = frame?.pixelAt(from);
  const b = frame?.pixelAt(to);
  if (a === undefined || b === undefined || kind === "distance") return undefined;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (kind === "circle") {
    if (length > LARGEST_RADIUS) return undefined;
    const radius = ANNULUS * length + MARGIN;
    return { u0: a.x - radius, v0: a.y - radius, u1: a.x + radius, v1: a.y + radius };
  }
  if (length > LONGEST_LINE) return undefined;
  return {
    u0: Math.min(a.x, b.x) - MARGIN,
    v0: Math.min(a.y, b.y) - MARGIN,
    u1: Math.max(a.x, b.x) + MARGIN,
    v1: Math.max(a.y, b.y) + MARGIN,
  };
}
