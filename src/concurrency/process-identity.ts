import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Whether a process with this id exists, whatever its owner. A zombie (ended, but not waited for)
 * does not count once all of its threads have ended: they keep its files and ports open until then.
 * Source: proc(5), /proc/PID/stat fields 3 (state) and 20 (num_threads).
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const fields = statFields(pid);
  return fields?.[0] !== "Z" || Number(fields[17]) > 1;
}

/**
 * The start time of a process as a string, which distinguishes two processes that have had the same
 * id. Undefined when there is no such process.
 * Source: `startTicks`; elsewhere `ps -o lstart=`.
 */
export function processBirth(pid: number): string | undefined {
  const ticks = startTicks(pid);
  if (ticks !== undefined) return ticks;
  const ps = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 5_000 });
  const started = ps.status === 0 ? ps.stdout.trim().replaceAll(/\s+/g, " ") : "";
  return started === "" ? undefined : started;
}

/**
 * The start time of a process in clock ticks since boot; undefined when there is no such process,
 * or no /proc. Source: proc(5), /proc/PID/stat field 22.
 */
export function startTicks(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/**
 * Id of the parent process; undefined when it cannot be determined. Source: proc(5), /proc/PID/stat
 * field 4.
 */
export function parentOf(pid: number): number | undefined {
  const parent = statFields(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/**
 * Fields of /proc/PID/stat from the third (state) on: the second, the program's name, may contain
 * spaces and parentheses.
 */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

let configured = "";

/** Sets the name of this machine for the process: SBNSIS_NODE_NAME, "" for none. */
export function setNodeName(name: string): void {
  configured = name;
}

/** The name by which other machines know this one: the configured one, otherwise the host name. */
export function nodeName(): string {
  return configured === "" ? hostname() : configured;
}

/** The configured name of this machine; undefined where there is only one, which needs no name. */
export function configuredNodeName(): string | undefined {
  return configured === "" ? undefined : configured;
}
