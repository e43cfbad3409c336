import type { Archive } from "./archive.ts";
import type { Place } from "./place.ts";
import type { Random } from "./random.ts";
import type { Excuse, Tally } from "./tally.ts";

/** What faults are provoked in. */
export interface Scene {
  readonly place: Place;
  readonly tally: Tally;
  readonly archives: { readonly sound: Archive; readonly faulty: Archive };
  /** Processes that were killed or frozen, whose end is no finding. */
  readonly victims: Set<number>;
  /** Says what is wrong: one line in the result, which fails the run. */
  readonly complain: (what: string) => void;
  /** Whether a fault whose name begins so lasts, or ended after a moment of `performance.now()`. */
  readonly wasPresent: (fault: string, since: number) => boolean;
  /** Runs alone among those who write to the catalogue or move what it names. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Images that `/query` must count, since a moment of `performance.now()`. */
  readonly expected: { count: number; since: number; before: number };
}

/** A fault: it is provoked, lasts, and is over when the promise resolves. */
export type Fault = (scene: Scene, random: Random) => Promise<void>;

/** Faults of one part of the service's surroundings, of which one lasts at a time. */
export type Part = Readonly<Record<string, Fault>>;

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const seconds = (random: Random, from: number, to: number) => pause(random.between(from, to) * 1000);

/** Waits for some seconds. */
export { seconds as lastFor };

/** Keeps an excuse during `work`, and for `afterMs` more. */
export async function excused(
  { tally }: Scene,
  fault: string,
  excuses: Excuse["excuses"],
  afterMs: number,
  work: () => Promise<void>,
): Promise<void> {
  const excuse = tally.excuse(fault, excuses);
  try {
    await work();
  } finally {
    excuse.end = performance.now() + afterMs;
  }
}

/** Waits until something is so. */
export async function until(what: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    try {
      if (await what()) return true;
    } catch {
      // the master may be restarting
    }
    await pause(100);
  }
  return false;
}
