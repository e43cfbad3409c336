import type { StackRow } from "./stack-request.ts";

/** How the rows of a batch are divided into stacks. */
export const GROUPINGS = ["all", "night", "filter", "survey"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Frames farther apart in time than this are of different nights, days. */
const NIGHT_GAP = 8 / 24;

/**
 * Rows in groups, each in chronological order: all of them, those of a night (begun by a gap of
 * more than 8 hours), of a filter, or of a survey (the collection of the frame's LID). Groups are
 * in the order of their first frames.
 */
export function groupRows(rows: readonly StackRow[], grouping: Grouping): readonly (readonly StackRow[])[] {
  const sorted = [...rows].sort((a, b) => a.mid - b.mid);
  const groups = new Map<string, StackRow[]>();
  let night = 0;
  for (const [k, row] of sorted.entries()) {
    if (k > 0 && row.mid - sorted[k - 1]!.mid > NIGHT_GAP) night++;
    const name = nameOf(row, grouping, night);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/**
 * Rows in chronological order as the first ones of all nights, then the second ones, and so on:
 * consecutive frames show the object against different stars.
 */
export function nightByNight(rows: readonly StackRow[]): readonly StackRow[] {
  const nights = groupRows(rows, "night");
  const most = Math.max(...nights.map(({ length }) => length));
  return Array.from({ length: most }, (_, k) => nights.flatMap((night) => night[k] ?? [])).flat();
}

function nameOf({ id, filter }: StackRow, grouping: Grouping, night: number): string {
  switch (grouping) {
    case "all":
      return "";
    case "night":
      return String(night);
    case "filter":
      return filter ?? "";
    case "survey":
      return id.split(":").slice(0, 5).join(":");
  }
}
