import { METRIC_FAMILIES } from "./families.ts";
import type { Samples } from "./samples.ts";

/** Media type of the Prometheus text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * All samples in Prometheus's text format, grouped by family; series of unknown families are
 * omitted.
 */
export function exposition(samples: Samples): string {
  const byFamily = new Map<string, string[]>();
  for (const [series, value] of Object.entries(samples)) {
    const family = familyOf(series.split("{", 1)[0]!);
    const lines = byFamily.get(family) ?? [];
    lines.push(`${series} ${value}`);
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

function familyOf(name: string): string {
  if (METRIC_FAMILIES[name] !== undefined) return name;
  return name.replace(/_(bucket|sum|count)$/, "");
}
