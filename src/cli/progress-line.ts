import type { LabelCount } from "../harvest/count-labels.ts";
import type { HarvestSummary } from "../harvest/harvest.ts";

const BAR = 24;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function doneOf({ outcomes }: HarvestSummary): number {
  return Object.values(outcomes).reduce((a, b) => a + b, 0);
}

function countsText({ outcomes }: HarvestSummary): string {
  return Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
}

/** State of a harvest for a log: labels done, rate, outcomes. */
export function plainProgress(summary: HarvestSummary, seconds: number): string {
  const done = doneOf(summary);
  const rate = Math.round(done / seconds);
  return `${done} of ${summary.labels} labels found so far, ${rate}/s; ${countsText(summary)}`;
}

/** State of a harvest for a terminal: a bar, rate, outcomes, and how long it will take, once all labels are counted. */
export function barProgress(
  summary: HarvestSummary,
  { labels, isComplete }: LabelCount,
  seconds: number,
): string {
  const done = doneOf(summary);
  const rate = done / seconds;
  const total = Math.max(labels, done, 1);
  const filled = Math.floor((BAR * done) / total);
  const bar = `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`;
  const left = isComplete && rate > 0 ? `, ${duration((total - done) / rate)} left` : "";
  const of = isComplete ? `${total}` : `${total} or more`;
  return `${bar} ${done} of ${of} labels, ${Math.round(rate)}/s; ${countsText(summary)}${left}`;
}
