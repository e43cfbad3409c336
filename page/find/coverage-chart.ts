import uPlot from "uplot";
import type { Coverage } from "./coverage.ts";

const DAY = 86_400;
const YEAR = 365 * DAY;

/** Years, dates, or times of day with the date below the first of each day; UTC. */
function timeTexts(seconds: readonly number[], step: number): string[] {
  const iso = seconds.map((time) => new Date(time * 1000).toISOString());
  if (step >= YEAR) return iso.map((text) => text.slice(0, 4));
  if (step >= DAY) return iso.map((text) => text.slice(0, 10));
  return iso.map((text, i) => {
    const isNewDay = i === 0 || text.slice(0, 10) !== iso[i - 1]!.slice(0, 10);
    return isNewDay ? `${text.slice(11, 16)}\n${text.slice(0, 10)}` : text.slice(11, 16);
  });
}

/** Draws the coverage as bars; `select` receives the range that the user marks, as days. */
export function drawCoverage(
  place: HTMLElement,
  { times, counts, step }: Coverage,
  color: (name: string) => string,
  select: (start: string, stop: string) => void,
): () => void {
  const axis = {
    stroke: color("--dim"),
    grid: { stroke: color("--line") },
    ticks: { stroke: color("--line") },
  };
  const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false } },
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
      scales: { x: { range: [times[0]! - step, times.at(-1)! + 2 * step] } },
      axes: [
        { ...axis, values: (_plot, splits, _axis, _space, step) => timeTexts(splits, step) },
        { ...axis, size: 44 },
      ],
      series: [
        {},
        {
          stroke: color("--link"),
          fill: color("--link"),
          paths: uPlot.paths.bars!({ size: [0.9, 40, 2], align: 1 }),
          points: { show: false },
        },
      ],
      hooks: {
        setSelect: [
          ({ select: { left, width }, posToVal }) => {
            if (width > 2) select(day(posToVal(left, "x")), day(posToVal(left + width, "x")));
          },
        ],
      },
    },
    [[...times], [...counts]],
    place,
  );
  return () => plot.destroy();
}
