import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import type { Load } from "./front-load.ts";

/** CLUSTER_SEED repeats a run, or chooses another one. */
export const SEED = Number(process.env.CLUSTER_SEED ?? 20_261_128);

/** Adds numbers to the file CLUSTER_REPORT, if it is set. */
export function note(numbers: Readonly<Record<string, number>>): void {
  const facts = Object.entries(numbers).map(([name, number]) => `${name} ${number}`);
  const line = [expect.getState().currentTestName, `seed ${SEED}`, ...facts];
  if (process.env.CLUSTER_REPORT !== undefined)
    appendFileSync(process.env.CLUSTER_REPORT, `${line.join("\t")}\n`);
}

/** Notes the numbers of a load. */
export function report(result: Load): Load {
  const { sent, lost, distinct, etagChanges } = result;
  note({ sent, lost: lost.length, distinct, "ETag changes": etagChanges });
  return result;
}
