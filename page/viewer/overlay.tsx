import type { ViewPoint } from "../drawing/camera.ts";

/** A line with a dark casing, visible on bright and on dark sky. */
export function Cased({ d, kind }: { readonly d: string; readonly kind: string }) {
  return (
    <g class={`mark ${kind}`}>
      <path class="casing" d={d} />
      <path class="line" d={d} />
    </g>
  );
}

/** A text with a dark casing. */
export function CasedText({
  at,
  kind,
  children,
}: {
  readonly at: ViewPoint;
  readonly kind: string;
  readonly children: string;
}) {
  return (
    <text class={`mark ${kind}`} x={at.x} y={at.y}>
      {children}
    </text>
  );
}

/** A cross with a gap in the middle, so that the object itself stays visible. */
export function crossPath({ x, y }: ViewPoint, gap: number, length: number): string {
  return [
    `M${x + gap} ${y}h${length}`,
    `M${x - gap} ${y}h${-length}`,
    `M${x} ${y + gap}v${length}`,
    `M${x} ${y - gap}v${-length}`,
  ].join("");
}

/** An arrow between two points of the view. */
export function arrowPath(from: ViewPoint, to: ViewPoint, head = 8): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const side = (s: number) =>
    `M${to.x} ${to.y}L${to.x - head * ux - s * head * 0.5 * uy} ${to.y - head * uy + s * head * 0.5 * ux}`;
  return `M${from.x} ${from.y}L${to.x} ${to.y}${side(1)}${side(-1)}`;
}

/** An ellipse: half axes in pixels, the first at an angle counterclockwise from the right. */
export function ellipsePath({ x, y }: ViewPoint, a: number, b: number, degrees: number): string {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const from = `${x + a * cos} ${y - a * sin}`;
  const to = `${x - a * cos} ${y + a * sin}`;
  return `M${from}A${a} ${b} ${-degrees} 0 0 ${to}A${a} ${b} ${-degrees} 0 0 ${from}Z`;
}

/** A path through points, closed. */
export function polygonPath(points: readonly ViewPoint[]): string {
  return points.length === 0
    ? ""
    : `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}

/** Length of a scale bar that is a round number of arcseconds, and its text. */
export function scaleBar(
  arcsecPerPixel: number,
  longest = 120,
): { readonly pixels: number; readonly text: string } {
  const round = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000,
  ];
  const arcsec = round.filter((each) => each / arcsecPerPixel <= longest).at(-1) ?? round[0]!;
  const text = arcsec < 60 ? `${arcsec}″` : arcsec < 3600 ? `${arcsec / 60}′` : `${arcsec / 3600}°`;
  return { pixels: arcsec / arcsecPerPixel, text };
}
