import type { Archive } from "./archive.ts";
import type { Place } from "./place.ts";
import type { Random } from "./random.ts";
import type { Excuse, Tally } from "./tally.ts";

/** What a fault acts on. */
export interface Scene {
  readonly place: Place;
  readonly tally: Tally;
  readonly archives: { readonly sound: Archive; readonly faulty: Archive };
  /** Processes that were killed or frozen on purpose: their end is not a finding. */
  readonly victims: Set<number>;
  /** Reports a finding: one line of the result, which fails the run. */
  readonly complain: (what: string) => void;
  /** Whether a fault with this prefix is current, or ended after this `performance.now()`. */
  readonly wasPresent: (fault: string, since: number) => boolean;
  /** Excludes all others that write to the catalog or move files that it names. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** The number of images in `/query`, since this `performance.now()`. */
  readonly expected: { count: number; since: number; before: number };
}

/** A fault: starts when called, and is over when the promise resolves. */
export type Fault = (scene: Scene, random: Random) => Promise<void>;

/** Faults of one part of the environment of the service, one at a time. */
export type Part = Readonly<Record<string, Fault>>;

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const seconds = (random: Random, from: number, to: number) => pause(random.between(from, to) * 1000);

/** Waits for this many seconds. */
export { seconds as lastFor };

/** Keeps an excuse during `work`, and `afterMs` longer. */
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

/** Waits until a condition holds. */
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
