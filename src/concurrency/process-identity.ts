import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process with this id exists, whoever owns it. A process that has ended but was not waited for does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return statFields(pid)?.[0] !== "Z";
}

/**
 * A word that differs between two processes which have had the same id: the time at which the process began. Undefined when there is none.
 * Source: proc(5), /proc/PID/stat field 22 (clock ticks since boot); elsewhere `ps -o lstart=`.
 */
export function processBirth(pid: number): string | undefined {
  const ticks = statFields(pid)?.[19];
  if (ticks !== undefined) return ticks;
  const ps = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 5_000 });
  const started = ps.status === 0 ? ps.stdout.trim().replaceAll(/\s+/g, " ") : "";
  return started === "" ? undefined : started;
}

/** Id of the process's parent; undefined when there is none to be found. Source: proc(5), /proc/PID/stat field 4. */
export function parentOf(pid: number): number | undefined {
  const parent = statFields(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Resolves to true once the process has gone, false when it is still there after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
}

/** Fields of /proc/PID/stat from the third (state) on: the second, the program's name, may hold spaces and parentheses. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
