import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { THREAD_FLAGS } from "../../concurrency/threads.ts";
import type { LocationRule } from "../location-url.ts";
import type { ReadOutcome } from "./read-image.ts";
import { readInThread } from "./read-thread.ts";

/** Number of labels from which starting threads pays off. */
const WITHOUT_THREADS = 256;

/**
 * Threads load JavaScript: run from its TypeScript source, as in tests, the program reads all
 * labels in one thread.
 */
const IS_COMPILED = import.meta.url.endsWith(".js");

/** Reads labels, in threads once there are many. */
export class LabelReader {
  readonly #rule: LocationRule;
  readonly #threads: number;
  readonly #footprints: boolean;
  #pool: Piscina | undefined;
  #read = 0;

  constructor(rule: LocationRule, threads: number, footprints: boolean) {
    this.#rule = { baseUrl: rule.baseUrl, stripLeading: rule.stripLeading };
    this.#footprints = footprints;
    this.#threads = IS_COMPILED ? threads : 1;
  }

  async read(paths: readonly string[]): Promise<readonly ReadOutcome[]> {
    this.#read += paths.length;
    const task = { paths, rule: this.#rule, footprints: this.#footprints };
    if (this.#threads <= 1 || this.#read <= WITHOUT_THREADS) return await readInThread(task);
    this.#pool ??= startPool(this.#threads);
    return await this.#pool.run(task, { name: "readInThread" });
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}

function startPool(threads: number): Piscina {
  return new Piscina({
    filename: fileURLToPath(new URL("./read-thread.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    execArgv: [...THREAD_FLAGS],
    // they queue in the thread, which continues with them while this one writes to the database
    concurrentTasksPerWorker: 4,
    // labels produce much garbage and keep nothing: a large nursery is collected rarely
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
}
