import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type MemoryMeter, UNMETERED } from "../../archive/memory-meter.ts";
import { meterOf, type TaskMemory } from "./memory-budget.ts";

/** A task that used more than this leaves garbage that is collected at once. */
const MUCH_BYTES = 64 * 2 ** 20;

/** Whether the last task left large garbage. */
let isMuch = false;

let current: MemoryMeter = UNMETERED;

/** Reserves memory for the one task that this thread is running (see MemoryMeter). */
export function holdMemory(purpose: string, bytes: number): void {
  current.hold(purpose, bytes);
}

/** Runs a task whose memory is counted. Call `dropLargeBuffers` afterwards. */
export async function withTaskMemory<T>(
  memory: TaskMemory | undefined,
  work: (meter: MemoryMeter) => Promise<T>,
): Promise<T> {
  let transient = 0;
  const meter = memory === undefined ? UNMETERED : meterOf(memory);
  current = {
    hold: (purpose, bytes) => {
      meter.hold(purpose, bytes);
      // the memory of frames is reused
      if (purpose !== "frame") transient = Math.max(transient, bytes);
    },
  };
  try {
    return await work(current);
  } finally {
    current = UNMETERED;
    isMuch ||= transient > MUCH_BYTES;
  }
}

/**
 * Frees the large buffers of a finished task; returns at once if there are none. Call it before the
 * thread sends the outcome: after that, the thread sleeps, and its timers do not fire.
 */
export async function dropLargeBuffers(): Promise<void> {
  if (!isMuch) return;
  isMuch = false;
  // finished streams hold on to their last buffers for one turn of the event loop
  await setImmediate();
  collectGarbage();
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
