import type { Levels } from "../../drawing/display.ts";
import type { Histogram } from "../../measure/histogram.ts";
import { numberText } from "../../ui/sexagesimal.ts";

const WIDTH = 256;
const HEIGHT = 72;

/** Counts of values on a logarithmic scale, with black and white as lines that can be dragged. */
export function HistogramPlot({
  histogram: { from, to, counts },
  levels,
  onLevels,
}: {
  readonly histogram: Pick<Histogram, "from" | "to" | "counts">;
  /** Black and white levels; without them there are no lines to drag. */
  readonly levels?: Levels | undefined;
  readonly onLevels?: ((levels: Levels) => void) | undefined;
}) {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  const step = WIDTH / counts.length;
  const points = counts
    .map(
      (count, i) =>
        `L${(i * step).toFixed(2)} ${(HEIGHT - (Math.log1p(count) / most) * HEIGHT).toFixed(2)}h${step.toFixed(2)}`,
    )
    .join("");
  const at = (value: number) => Math.min(WIDTH, Math.max(0, ((value - from) / (to - from)) * WIDTH));
  const drag = (event: PointerEvent) => {
    if (onLevels === undefined || levels === undefined || event.buttons === 0) return;
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const value = from + ((event.clientX - left) / width) * (to - from);
    const isLow = Math.abs(value - levels.low) < Math.abs(value - levels.high);
    onLevels(isLow ? { ...levels, low: value } : { ...levels, high: value });
  };
  const description = `Histogram from ${numberText(from)} to ${numberText(to)}${levels === undefined ? "" : `; black is ${numberText(levels.low)}, white ${numberText(levels.high)}`}.`;
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={description}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <path class="bars" d={`M0 ${HEIGHT}${points}V${HEIGHT}Z`} />
      {levels === undefined ? null : (
        <path class="cut" d={`M${at(levels.low)} 0V${HEIGHT}M${at(levels.high)} 0V${HEIGHT}`} />
      )}
    </svg>
  );
}
