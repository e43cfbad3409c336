import { isAlive } from "./process-identity.ts";

/**
 * Sends a signal to a process, which may have ended by itself meanwhile. Returns whether it was
 * there. Errors: those of `process.kill` other than ESRCH.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Resolves to true once the process is gone, to false if it still exists after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
}

/**
 * Kills processes, of which some may have ended by themselves, and waits until all are gone, for
 * ten seconds at most.
 */
export async function killAndWait(pids: readonly number[]): Promise<void> {
  for (const pid of pids) sendSignal(pid, "SIGKILL");
  await Promise.all(pids.map((pid) => waitUntilGone(pid, 10_000)));
}
