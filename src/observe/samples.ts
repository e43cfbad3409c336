/** Values of one or several processes by series, a series written as Prometheus does: `name{label="value"}`. Plain data, fit for a message. */
export type Samples = Readonly<Record<string, number>>;

/** The sum of each series over several processes. Gauges of a process carry its id as a label, so that they stay apart. */
export function addSamples(all: readonly Samples[]): Samples {
  const sum: Record<string, number> = {};
  for (const samples of all) {
    for (const [series, value] of Object.entries(samples)) sum[series] = (sum[series] ?? 0) + value;
  }
  return sum;
}

/** Those series that still count when their process has ended: counters and the parts of histograms. */
export function lastingSamples(samples: Samples): Samples {
  return Object.fromEntries(
    Object.entries(samples).filter(([series]) => /^[a-z_]+_(total|bucket|sum|count)(\{|$)/.test(series)),
  );
}

/** A series with its labels; values are escaped (Prometheus text format 0.0.4). */
export function seriesName(name: string, labels: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(labels).map(([label, value]) => `${label}="${escaped(String(value))}"`);
  return written.length === 0 ? name : `${name}{${written.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
