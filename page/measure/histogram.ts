/** Counts of values in bins of equal width. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
  /** Values below and above the bins. */
  readonly below: number;
  readonly above: number;
}

/**
 * A histogram of finite values; the last bin includes its upper end, as in numpy.histogram. If `to`
 * is not above `from`, there is one bin for the values equal to it.
 */
export function histogram(values: Iterable<number>, from: number, to: number, bins = 256): Histogram {
  const counts = new Array<number>(bins).fill(0);
  let [below, above] = [0, 0];
  const span = to - from > 0 ? to - from : 1;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < from) below++;
    else if (value > to) above++;
    else counts[Math.min(bins - 1, Math.floor(((value - from) / span) * bins))]!++;
  }
  return { from, to: from + span, counts, below, above };
}
