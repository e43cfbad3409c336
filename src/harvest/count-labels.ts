import { resolve } from "node:path";
import { type WalkOptions, walkLabels } from "./find/walk-labels.ts";

/** Number of labels counted so far. */
export interface LabelCount {
  readonly labels: number;
  readonly isComplete: boolean;
}

/** Counts the labels below paths in small steps, alongside the harvest that reads them. */
export class LabelCounter {
  readonly #walk: ReturnType<typeof walkLabels>;
  #labels = 0;
  #isComplete = false;

  constructor(paths: readonly string[], options: WalkOptions) {
    this.#walk = walkLabels(
      paths.map((path) => resolve(path)),
      { ...options, isSorted: false },
    );
  }

  /** Continues counting for about this many milliseconds. */
  advance(milliseconds: number): LabelCount {
    const end = performance.now() + milliseconds;
    while (!this.#isComplete && performance.now() < end) {
      const step = this.#walk.next();
      if (step.done === true) this.#isComplete = true;
      else if (step.value.kind !== "directory") this.#labels += 1;
    }
    return { labels: this.#labels, isComplete: this.#isComplete };
  }
}
