import { METRIC_FAMILIES } from "./families.ts";

/**
 * Values of one or more processes by series, which are named as in Prometheus:
 * `name{label="value"}`. Plain data that can be sent as a message.
 */
export type Samples = Readonly<Record<string, number>>;

/**
 * The sum of each series over several processes. Gauges of a process are labelled with its id, so
 * that they stay separate.
 */
export function addSamples(all: readonly Samples[]): Samples {
  const sum: Record<string, number> = {};
  for (const samples of all) {
    for (const [series, value] of Object.entries(samples)) sum[series] = (sum[series] ?? 0) + value;
  }
  return sum;
}

/** The series that remain valid after their process has ended: counters and histograms. */
export function lastingSamples(samples: Samples): Samples {
  return Object.fromEntries(
    Object.entries(samples).filter(([series]) => /^[a-z_]+_(total|bucket|sum|count)(\{|$)/.test(series)),
  );
}

/** The name of a series with its labels; values are escaped (Prometheus text format 0.0.4). */
export function seriesName(name: string, labels: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(labels).map(([label, value]) => `${label}="${escaped(String(value))}"`);
  return written.length === 0 ? name : `${name}{${written.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** Media type of the Prometheus text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * All samples in Prometheus's text format, grouped by family; series of unknown families are
 * omitted. With `node`, every series has it as its first label.
 */
export function exposition(samples: Samples, node?: string): string {
  const byFamily = new Map<string, string[]>();
  for (const [series, value] of Object.entries(samples)) {
    const family = familyOf(series.split("{", 1)[0]!);
    const lines = byFamily.get(family) ?? [];
    lines.push(`${node === undefined ? series : labelled(series, node)} ${value}`);
    byFamily.set(family, lines);
  }
  return Object.entries(METRIC_FAMILIES)
    .filter(([name]) => byFamily.has(name))
    .map(([name, { type, help }]) => {
      const lines = byFamily.get(name)!;
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
    })
    .join("");
}

function labelled(series: string, node: string): string {
  const [name = "", labels] = series.split(/\{(.*)/s, 2);
  return `${name}{node="${escaped(node)}"${labels === undefined ? "}" : `,${labels}`}`;
}

function familyOf(name: string): string {
  if (METRIC_FAMILIES[name] !== undefined) return name;
  return name.replace(/_(bucket|sum|count)$/, "");
}
