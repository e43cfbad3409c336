/** Counts of images in equal steps of time. */
export interface Coverage {
  /** Start of each step, seconds since 1970. */
  readonly times: readonly number[];
  readonly counts: readonly number[];
  /** Seconds. */
  readonly step: number;
}

const DAY = 86_400;

/** Steps in days: a night, a week, a month, a quarter, a year. */
const STEPS = [1, 7, 30, 91, 365];
const MAX_STEPS = 400;

/** Counts images by their start times, in steps suited to their span. */
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
  const step = (STEPS.find((length) => days / length < MAX_STEPS) ?? 365) * DAY;
  const begin = Math.floor(first / step) * step;
  const counts = new Array<number>(Math.floor((last - begin) / step) + 1).fill(0);
  for (const time of seconds) counts[Math.floor((time - begin) / step)]! += 1;
  return { times: counts.map((_, i) => begin + i * step), counts, step };
}
