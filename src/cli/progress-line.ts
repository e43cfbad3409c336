import type { LabelCount } from "../harvest/find/walk-labels.ts";
import type { HarvestSummary } from "../harvest/harvest.ts";

/** Width of the bar in characters: on a wide terminal, and the smallest before it is dropped. */
const WIDEST_BAR = 40;
const NARROWEST_BAR = 8;

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

/** Progress of a harvest for a log: labels done, rate, outcomes. */
export function plainProgress(summary: HarvestSummary, seconds: number): string {
  const done = doneOf(summary);
  const rate = Math.round(done / seconds);
  return `${done} of ${summary.labels} labels found so far, ${rate}/s; ${countsText(summary)}`;
}

/** A bar of `width` characters between brackets; full only when `part` is 1. */
export function progressBar(part: number, width: number): string {
  const filled = Math.min(width, Math.floor(width * part));
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}]`;
}

/**
 * Progress of a harvest in one line that fits a terminal of `columns` characters: a bar, labels
 * done, rate, time remaining once all labels are counted, and outcomes. On a narrow terminal the
 * bar shrinks, then disappears, then the outcomes are truncated.
 */
export function barProgress(
  summary: HarvestSummary,
  { labels, isComplete }: LabelCount,
  seconds: number,
  columns: number,
): string {
  const done = doneOf(summary);
  const rate = seconds > 0 ? done / seconds : 0;
  const total = Math.max(labels, done, 1);
  const left = isComplete && rate > 0 ? `, ${duration((total - done) / rate)} left` : "";
  const state = `${done} of ${total}${isComplete ? "" : "+"} labels, ${Math.round(rate)}/s${left}`;
  const counts = countsText(summary);
  const text = counts === "" ? state : `${state}; ${counts}`;
  // the last column stays free: some terminals wrap as soon as it is written
  const room = columns - 1 - "[] ".length - text.length;
  if (room < NARROWEST_BAR) return text.slice(0, columns - 1);
  // until all labels are counted, the end may be further away than it looks
  const part = isComplete ? done / total : Math.min(done / total, 0.99);
  return `${progressBar(part, Math.min(room, WIDEST_BAR))} ${text}`;
}
