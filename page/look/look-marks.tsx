import { icrsToPixel } from "@sbnsis/wcs";
import type { ImageRow } from "../app/island.ts";
import { type ViewPoint, viewAt } from "../drawing/camera.ts";
import { skyDirections } from "../drawing/sky/sky-directions.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { MeasureOverlay } from "../measure/measure-overlay.tsx";
import type { MeasureTool } from "../measure/measure-tool.ts";
import { Compass } from "../viewer/compass.tsx";
import { Cased, CasedText, crossPath, polygonPath } from "../viewer/overlay.tsx";
import type { LookState } from "./look-state.ts";

/**
 * Marks over a frame: cursor, marked position, compass, measurements, and footprints of other
 * images.
 */
export function LookMarks({
  state,
  tool,
  mark,
  others,
}: {
  readonly state: LookState;
  readonly tool: MeasureTool;
  readonly mark: SkyPlace | undefined;
  readonly others: readonly ImageRow[];
}) {
  const { view } = state;
  const camera = view.camera.value;
  const size = view.size.value;
  // before the size of the image is known, the view is not that of the camera
  const wcs = state.description.value && state.wcs.value;
  const pointOf = ({ ra, dec }: SkyPlace): ViewPoint | undefined => {
    const place = wcs && icrsToPixel(wcs, ra, dec);
    return place && viewAt(camera, size, { u: place.x, v: place.y });
  };
  const cursor = view.cursorPoint.value;
  const marked = mark && pointOf(mark);
  const draft = tool.draft.value;
  const compass = wcs && skyDirections(wcs, camera);
  return (
    <svg class="overlay" aria-hidden="true">
      {others.map((row) => {
        const points = (row.corners ?? []).map(([ra, dec]) => pointOf({ ra, dec }));
        const seen = points.filter((point) => point !== undefined);
        return seen.length !== points.length || seen.length === 0 ? null : (
          <Cased key={row.obs_id} kind="footprint" d={polygonPath(seen)} />
        );
      })}
      {marked === undefined ? null : <Cased kind="object" d={crossPath(marked, 8, 14)} />}
      <MeasureOverlay
        measurements={draft === undefined ? tool.measurements.value : [...tool.measurements.value, draft]}
        pointOf={pointOf}
      />
      {cursor === undefined ? null : <Cased kind="cursor" d={crossPath(cursor, 3, 8)} />}
      {compass === undefined ? null : (
        <Compass
          size={size}
          north={direction(state, compass.north)}
          east={direction(state, compass.east)}
          arcsecPerPixel={compass.arcsec * camera.scale}
        />
      )}
      {view.isFrozen.value && cursor !== undefined ? (
        <CasedText kind="cursor" at={{ x: cursor.x + 10, y: cursor.y + 16 }}>
          held
        </CasedText>
      ) : null}
    </svg>
  );
}

function direction({ view }: LookState, { u, v }: { u: number; v: number }): ViewPoint {
  const camera = { ...view.camera.value, u: 0, v: 0 };
  const size = { width: 0, height: 0 };
  const to = viewAt(camera, size, { u, v });
  const length = Math.hypot(to.x, to.y) || 1;
  return { x: to.x / length, y: to.y / length };
}
