import type { ViewPoint } from "../drawing/camera.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { Cased, CasedText, crossPath, ellipsePath } from "../viewer/overlay.tsx";
import type { Measurement } from "./measurement.ts";

/** Measurements as marks on the picture. */
export function MeasureOverlay({
  measurements,
  pointOf,
}: {
  readonly measurements: readonly Measurement[];
  readonly pointOf: (place: SkyPlace) => ViewPoint | undefined;
}) {
  return (
    <>
      {measurements.map((measurement, i) => {
        const a = pointOf(measurement.from);
        const b = pointOf(measurement.to);
        if (a === undefined || b === undefined) return null;
        return (
          <g key={i}>
            <Cased kind="measure" d={pathOf(measurement.kind, a, b)} />
            <CasedText kind="measure" at={{ x: b.x + 8, y: b.y - 8 }}>
              {String(i + 1)}
            </CasedText>
          </g>
        );
      })}
    </>
  );
}

function pathOf(kind: Measurement["kind"], a: ViewPoint, b: ViewPoint): string {
  if (kind === "mark") return crossPath(a, 4, 10);
  if (kind !== "circle") return `M${a.x} ${a.y}L${b.x} ${b.y}${crossPath(a, 0, 4)}${crossPath(b, 0, 4)}`;
  const radius = Math.hypot(b.x - a.x, b.y - a.y);
  return [1, 2, 3].map((each) => ellipsePath(a, each * radius, each * radius, 0)).join("");
}
