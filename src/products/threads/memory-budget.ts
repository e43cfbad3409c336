import type { MemoryMeter } from "../../archive/memory-meter.ts";
import { cancelled } from "../../concurrency/cancellation.ts";
import { SisError } from "../../errors/sis-error.ts";

/** Bytes per unit, so that counts fit into 32 bits. */
const UNIT = 1024;

/** Units that each task gets without reservation: small tasks never wait for large ones. */
const FREE = (16 * 2 ** 20) / UNIT;

/** Indices into the counts of a task, and into those of all. */
const HELD = 0;
const RESERVED = 1;
const CLOSED = 2;
const USED = 0;
const WAITING = 1;

/** The counts of one task, in shared memory, so that they outlive its thread. Plain data. */
export interface TaskMemory {
  /** Units that all tasks of the process use, and how many tasks are waiting for some. */
  readonly used: Int32Array;
  /** Units that the task uses, those reserved for it and not used yet, and whether it has ended. */
  readonly task: Int32Array;
  /** Units for all tasks. */
  readonly limit: number;
}

interface Waiting {
  readonly units: number;
  readonly start: () => void;
}

/**
 * The memory that all tasks of this process may use together. A task requests memory in its thread
 * (`meterOf`) and never waits there: if there is not enough, it ends with MEMORY_SHORT, releases
 * what it has, waits here until everything it needs is free, and is run again. So no two tasks can
 * wait for each other.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #used = new Int32Array(new SharedArrayBuffer(8));
  readonly #waiting = new Set<Waiting>();

  /** @param bytes for all tasks */
  constructor(bytes: number) {
    this.#limit = Math.floor(bytes / UNIT);
  }

  /** Bytes in use. */
  get used(): number {
    return Atomics.load(this.#used, USED) * UNIT;
  }

  /** Bytes for all tasks. */
  get limit(): number {
    return this.#limit * UNIT;
  }

  /**
   * Creates the counts of a task with `bytes` reserved, as soon as these are free and earlier
   * requests are served. Errors: MEMORY_EXCEEDED, CANCELLED.
   */
  async reserve(bytes: number, signal?: AbortSignal): Promise<TaskMemory> {
    const units = Math.ceil(bytes / UNIT);
    const memory = { used: this.#used, task: new Int32Array(new SharedArrayBuffer(12)), limit: this.#limit };
    if (units === 0) return memory;
    if (units > this.#limit) throw exceeded(bytes, this.limit);
    await this.#turn(units, signal);
    Atomics.store(memory.task, RESERVED, units);
    return memory;
  }

  /** Releases everything that a task has. Call it once its thread no longer works on it. */
  release({ task }: TaskMemory): void {
    Atomics.store(task, CLOSED, 1);
    const units = Atomics.exchange(task, HELD, 0) + Atomics.exchange(task, RESERVED, 0);
    Atomics.sub(this.#used, USED, units);
    for (const waiting of this.#waiting) {
      if (!this.#take(waiting.units)) return;
      this.#leave(waiting);
      waiting.start();
    }
  }

  #take(units: number): boolean {
    return take(this.#used, units, this.#limit);
  }

  #leave(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    Atomics.store(this.#used, WAITING, this.#waiting.size);
  }

  #turn(units: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (signal?.aborted === true) throw cancelled();
    if (this.#waiting.size === 0 && this.#take(units)) return undefined;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#leave(entry);
        reject(cancelled());
      };
      const entry: Waiting = {
        units,
        start: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      this.#waiting.add(entry);
      Atomics.store(this.#used, WAITING, this.#waiting.size);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}

/**
 * The meter of a task, for its threads. Errors of `hold`: MEMORY_SHORT, with the total number of
 * bytes that the task needs in its details; MEMORY_EXCEEDED when there can never be so many.
 */
export function meterOf({ used, task, limit }: TaskMemory): MemoryMeter {
  const held = new Map<string, number>();
  let total = 0;
  return {
    hold: (purpose, bytes) => {
      const units = Math.ceil(bytes / UNIT);
      const more = units - (held.get(purpose) ?? 0);
      if (more <= 0) return;
      if (total + more > limit) throw exceeded((total + more) * UNIT, limit * UNIT);
      const counted = Math.max(0, total + more - FREE) - Math.max(0, total - FREE);
      if (counted > 0 && !takeReserved(task, counted) && !takeCommon(used, counted, limit)) {
        // for memory that grows step by step, ask for twice as much, so that the task is not rerun
        // at each step
        const wanted = Math.min(limit, Math.max(total + more, held.has(purpose) ? 2 * total : 0));
        throw new SisError("MEMORY_SHORT", `not enough memory for what is ${purpose}`, {
          details: { bytes: wanted * UNIT },
        });
      }
      Atomics.add(task, HELD, counted);
      // a thread that is late releases its memory itself
      if (Atomics.load(task, CLOSED) !== 0) Atomics.sub(used, USED, Atomics.exchange(task, HELD, 0));
      total += more;
      held.set(purpose, units);
    },
  };
}

/** Takes memory that is not reserved: nobody gets any while others are waiting for it. */
function takeCommon(used: Int32Array, units: number, limit: number): boolean {
  return Atomics.load(used, WAITING) === 0 && take(used, units, limit);
}

function takeReserved(task: Int32Array, units: number): boolean {
  for (;;) {
    const reserved = Atomics.load(task, RESERVED);
    if (reserved < units) return false;
    if (Atomics.compareExchange(task, RESERVED, reserved, reserved - units) === reserved) return true;
  }
}

function take(used: Int32Array, units: number, limit: number): boolean {
  for (;;) {
    const before = Atomics.load(used, USED);
    if (before + units > limit) return false;
    if (Atomics.compareExchange(used, USED, before, before + units) === before) return true;
  }
}

function exceeded(bytes: number, limit: number): SisError {
  return new SisError("MEMORY_EXCEEDED", `${bytes} bytes of memory are needed; the limit is ${limit}`, {
    details: { bytes, limit },
  });
}
