import { firstPicture } from "../app/island.ts";
import { applied, inverse, viewToPlane } from "../drawing/camera.ts";
import { polygonPath } from "../viewer/overlay.tsx";
import type { LookState } from "./look-state.ts";

const SIDE = 160;

/** A small picture of the whole frame with the part in view; a click moves there. */
export function Navigator({ state }: { readonly state: LookState }) {
  const { view, description } = state;
  const { width, height } = description.value ?? { width: 1, height: 1 };
  const scale = SIDE / Math.max(width, height);
  const map = viewToPlane(view.camera.value, view.size.value);
  const { width: w, height: h } = view.size.value;
  const corners = [
    [0, 0],
    [w, 0],
    [w, h],
    [0, h],
  ] as const;
  const toSmall = inverse({ u0: -0.5, ux: 1 / scale, uy: 0, v0: height - 0.5, vx: 0, vy: -1 / scale });
  const points = corners.map(([x, y]) => {
    const { u, v } = applied(map, x, y);
    const at = applied(toSmall, u, v);
    return { x: at.u, y: at.v };
  });
  const go = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const { left, top, width: shown } = (event.currentTarget as Element).getBoundingClientRect();
    const perPixel = width / shown;
    const u = (event.clientX - left) * perPixel - 0.5;
    const v = height - 0.5 - (event.clientY - top) * perPixel;
    view.camera.value = { ...view.camera.value, u, v };
  };
  return (
    <svg
      class="navigator"
      viewBox={`0 0 ${width * scale} ${height * scale}`}
      role="img"
      aria-label="The whole image, with the part in view"
      onPointerDown={go}
      onPointerMove={go}
    >
      <image href={firstPicture} width={width * scale} height={height * scale} />
      <path class="seen" d={polygonPath(points)} />
    </svg>
  );
}
