import uPlot from "uplot";

/** Counts of images in equal steps of time. */
export interface Coverage {
  /** Beginnings of the steps, seconds since 1970. */
  readonly times: readonly number[];
  readonly counts: readonly number[];
  /** Seconds. */
  readonly step: number;
}

const DAY = 86_400;

/** Steps in days: a night, a week, a month, a quarter, a year. */
const STEPS = [1, 7, 30, 91, 365];
const MOST_STEPS = 400;

/** Counts the images of starting times in steps that fit their span. */
export function coverageOf(starts: readonly (string | null | undefined)[]): Coverage | undefined {
  const seconds = starts.flatMap((start) => {
    const time = start ? Date.parse(start) / 1000 : Number.NaN;
    return Number.isNaN(time) ? [] : [time];
  });
  if (seconds.length === 0) return undefined;
  const [first, last] = seconds.reduce(
    ([low, high], time) => [Math.min(low, time), Math.max(high, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const days = (last - first) / DAY;
  const step = (STEPS.find((length) => days / length < MOST_STEPS) ?? 365) * DAY;
  const begin = Math.floor(first / step) * step;
  const counts = new Array<number>(Math.floor((last - begin) / step) + 1).fill(0);
  for (const time of seconds) counts[Math.floor((time - begin) / step)]! += 1;
  return { times: counts.map((_, i) => begin + i * step), counts, step };
}

/** Draws the coverage as bars; `select` receives a part that the reader marks, as days. */
export function drawCoverage(
  place: HTMLElement,
  { times, counts, step }: Coverage,
  colour: (name: string) => string,
  select: (start: string, stop: string) => void,
): () => void {
  const axis = {
    stroke: colour("--dim"),
    grid: { stroke: colour("--line") },
    ticks: { stroke: colour("--line") },
  };
  const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: 120,
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false } },
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
      scales: { x: { range: [times[0]! - step, times.at(-1)! + 2 * step] } },
      axes: [axis, { ...axis, size: 44 }],
      series: [
        {},
        {
          stroke: colour("--link"),
          fill: colour("--link"),
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
