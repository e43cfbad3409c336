import { addSamples, type Samples, seriesName } from "./samples.ts";

/** Upper limits of the histogram buckets, in seconds. */
const LIMITS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Labels = Readonly<Record<string, string | number>>;

interface Histogram {
  readonly name: string;
  readonly labels: Labels;
  /** Observations by bucket, each counted once; the last bucket has no upper limit. */
  readonly counts: number[];
  sum: number;
}

/**
 * The metrics of one process. Labels have few values: routes, methods, statuses, formats, codes.
 */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Adds an observation, in seconds, to a histogram. */
  observe(name: string, labels: Labels, seconds: number): void;
  /** Adds a source of values that are read on demand. */
  addSource(source: () => Samples): void;
  /** All current values. */
  samples(): Samples;
}

/** Creates the metrics of one process, starting at zero. */
export function createMetrics(): Metrics {
  const counters: Record<string, number> = {};
  const histograms = new Map<string, Histogram>();
  const sources: (() => Samples)[] = [];
  return {
    count: (name, labels = {}, by = 1) => {
      const series = seriesName(name, labels);
      counters[series] = (counters[series] ?? 0) + by;
    },
    observe: (name, labels, seconds) => {
      const series = seriesName(name, labels);
      let histogram = histograms.get(series);
      if (histogram === undefined) {
        histogram = { name, labels, counts: new Array<number>(LIMITS.length + 1).fill(0), sum: 0 };
        histograms.set(series, histogram);
      }
      const place = LIMITS.findIndex((limit) => seconds <= limit);
      histogram.counts[place === -1 ? LIMITS.length : place]!++;
      histogram.sum += seconds;
    },
    addSource: (source) => {
      sources.push(source);
    },
    samples: () =>
      addSamples([
        counters,
        ...[...histograms.values()].map(histogramSamples),
        ...sources.map((one) => one()),
      ]),
  };
}

function histogramSamples({ name, labels, counts, sum }: Histogram): Samples {
  const samples: Record<string, number> = {};
  let total = 0;
  for (const [i, count] of counts.entries()) {
    total += count;
    samples[seriesName(`${name}_bucket`, { ...labels, le: LIMITS[i] ?? "+Inf" })] = total;
  }
  samples[seriesName(`${name}_sum`, labels)] = sum;
  samples[seriesName(`${name}_count`, labels)] = total;
  return samples;
}
