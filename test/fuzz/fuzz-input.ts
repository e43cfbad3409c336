import { type AllocationWatch, watchAllocations } from "../../packages/fits/test/support/allocations.ts";
import { generator } from "../support/inputs/mutate.ts";
import { damage } from "./damage.ts";
import { type Outcome, runEngines } from "./run-engines.ts";
import type { Seed } from "./seeds.ts";

/**
 * An input may take this multiple of its size, in addition to the time of a small tile or a file
 * unpacked to 8 MiB.
 */
const TIMES_SIZE = 64;
const ANYWAY = 48 * 2 ** 20;
/** Milliseconds; the slowest valid input takes far less. */
const MOST_MS = 5000;

/**
 * Runs one input of the fuzzer: the same `run` makes the same input from the same seeds. Throws
 * findings.
 */
export async function fuzzInput(
  seeds: readonly Seed[],
  run: number,
): Promise<Outcome & { readonly ms: number }> {
  const random = generator(run + 1);
  for (let i = 0; i < 4; i++) random(2);
  const seed = seeds[random(seeds.length)]!;
  const bytes = damage(seed.bytes, random);
  let watch: AllocationWatch | undefined;
  const start = performance.now();
  try {
    watch = watchAllocations();
    const outcome = await runEngines(bytes, random);
    const ms = performance.now() - start;
    if (watch.largest > ANYWAY + TIMES_SIZE * bytes.length)
      throw new Error(`allocated ${watch.largest} bytes for a file of ${bytes.length}`);
    if (ms > MOST_MS) throw new Error(`took ${ms.toFixed(0)} ms for a file of ${bytes.length} bytes`);
    return { ...outcome, ms };
  } catch (cause) {
    throw new Error(`run ${run} of seed ${seed.name}: ${String(cause)}`, { cause });
  } finally {
    watch?.end();
  }
}
