import { offsetAlong } from "@sbnsis/wcs/internal";
import { type ViewPoint, viewAt } from "../../drawing/camera.ts";
import type { SkyPlace } from "../../drawing/sky/tangent-plane.ts";
import { MeasureOverlay } from "../../measure/measure-overlay.tsx";
import type { MeasureTool } from "../../measure/measure-tool.ts";
import { Compass } from "../../viewer/compass.tsx";
import { arrowPath, Cased, CasedText, crossPath, polygonPath } from "../../viewer/overlay.tsx";
import type { CompareState } from "../compare-state.ts";
import type { ComparedFrame } from "../frames/compared-frame.ts";

/** Distances from the object at which arrows begin and end, CSS pixels. */
const ARROW_FROM = 30;
const ARROW_TO = 78;
const ELLIPSE_POINTS = 64;

/** Marks of the predictions for the object in the current frame, and of measurements. */
export function CompareMarks({ state, tool }: { readonly state: CompareState; readonly tool: MeasureTool }) {
  const frame = state.current.value;
  const { view } = state;
  const size = view.size.value;
  const cursor = view.cursorPoint.value;
  const draft = tool.draft.value;
  const pointOf = (place: SkyPlace): ViewPoint | undefined => {
    const at = frame?.planeAt(state.alignment.value, state.reference, place);
    return at && viewAt(view.camera.value, size, at);
  };
  return (
    <svg class="overlay" aria-hidden="true">
      {frame === undefined ? null : <Predictions state={state} frame={frame} pointOf={pointOf} />}
      <MeasureOverlay
        measurements={draft === undefined ? tool.measurements.value : [...tool.measurements.value, draft]}
        pointOf={pointOf}
      />
      {cursor === undefined ? null : <Cased kind="cursor" d={crossPath(cursor, 3, 8)} />}
    </svg>
  );
}

function Predictions({
  state,
  frame,
  pointOf,
}: {
  readonly state: CompareState;
  readonly frame: ComparedFrame;
  readonly pointOf: (place: SkyPlace) => ViewPoint | undefined;
}) {
  const marks = state.marks.value;
  const { row, object, motion, uncertainty, exposure } = frame;
  const size = state.view.size.value;
  const center = pointOf(object);
  if (center === undefined) return null;
  /** The point at a distance of arcseconds along a position angle. */
  const along = (pa: number, arcsec: number): ViewPoint => {
    const [ra, dec] = offsetAlong([object.ra, object.dec], pa, arcsec / 3600);
    return pointOf({ ra, dec }) ?? center;
  };
  /** The direction of a position angle on the screen. */
  const direction = (pa: number): ViewPoint => {
    const to = along(pa, 10);
    const length = Math.hypot(to.x - center.x, to.y - center.y) || 1;
    return { x: (to.x - center.x) / length, y: (to.y - center.y) / length };
  };
  const arrow = (pa: number, kind: string, text: string) => {
    const { x, y } = direction(pa);
    const at = (distance: number) => ({ x: center.x + distance * x, y: center.y + distance * y });
    return (
      <>
        <Cased kind={kind} d={arrowPath(at(ARROW_FROM), at(ARROW_TO))} />
        <CasedText kind={`${kind} middle`} at={{ x: at(ARROW_TO + 14).x, y: at(ARROW_TO + 14).y + 4 }}>
          {text}
        </CasedText>
      </>
    );
  };
  const trail = motion && exposure ? (motion.rate * exposure) / 3600 : 0;
  return (
    <>
      {marks.has("ellipse") && uncertainty !== undefined ? (
        <Cased
          kind="ellipse"
          d={polygonPath(ellipsePoints(uncertainty, row.unc_b ?? uncertainty.a, along))}
        />
      ) : null}
      {marks.has("trail") && motion !== undefined && trail > 0 ? (
        <Cased kind="trail" d={capsulePath(along(motion.pa, -trail / 2), along(motion.pa, trail / 2), 7)} />
      ) : null}
      {marks.has("object") ? <Cased kind="object" d={crossPath(center, 10, 14)} /> : null}
      {marks.has("motion") && motion !== undefined
        ? arrow(motion.pa, "motion", `${motion.rate.toFixed(1)}″/h`)
        : null}
      {marks.has("sun") && row.sun_pa != null ? arrow(row.sun_pa, "sun", "☉") : null}
      {marks.has("velocity") && row.vel_pa != null ? arrow(row.vel_pa, "velocity", "v") : null}
      {marks.has("compass") ? (
        <Compass
          size={size}
          north={direction(0)}
          east={direction(90)}
          arcsecPerPixel={state.view.camera.value.scale}
        />
      ) : null}
    </>
  );
}

/** Points of an ellipse; small enough for position angles to be the same all around it. */
function ellipsePoints(
  { a, pa }: { readonly a: number; readonly pa: number },
  b: number,
  along: (pa: number, arcsec: number) => ViewPoint,
): readonly ViewPoint[] {
  return Array.from({ length: ELLIPSE_POINTS }, (_, k) => {
    const t = (2 * Math.PI * k) / ELLIPSE_POINTS;
    const [major, minor] = [a * Math.cos(t), b * Math.sin(t)];
    return along(pa + (Math.atan2(minor, major) * 180) / Math.PI, Math.hypot(major, minor));
  });
}

/** A capsule around a line: two half circles and two sides. */
function capsulePath(from: ViewPoint, to: ViewPoint, radius: number): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / length) * radius, (dx / length) * radius];
  return [
    `M${from.x + nx} ${from.y + ny}L${to.x + nx} ${to.y + ny}`,
    `A${radius} ${radius} 0 0 0 ${to.x - nx} ${to.y - ny}`,
    `L${from.x - nx} ${from.y - ny}A${radius} ${radius} 0 0 0 ${from.x + nx} ${from.y + ny}Z`,
  ].join("");
}
