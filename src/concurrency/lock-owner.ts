import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who holds a lock. Plain data, as it stands in the lock file. */
export interface LockOwner {
  /** Where process ids mean the same: host, boot and namespace. */
  readonly place: string;
  readonly pid: number;
  /** When the process began, in clock ticks since boot; empty where that cannot be told. */
  readonly birth: string;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** A silent owner is given up after this, in milliseconds: far longer than a living one is silent. */
const SILENT_MS = 30_000;

/** A lock file without a readable owner is being written, or its writer was killed at it. */
const UNWRITTEN_MS = 5_000;

const place = [
  hostname(),
  attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
  attempt(() => readlinkSync("/proc/self/ns/pid")),
].join(" ");

const birth = birthOf(process.pid) ?? "";

/** A new owner: this process. */
export function thisOwner(): LockOwner {
  return { place, pid: process.pid, birth, token: randomUUID() };
}

/** The owner that a lock file names; undefined when it names none. */
export function readOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<LockOwner> | null;
    return typeof owner?.pid === "number" && typeof owner.token === "string"
      ? (owner as LockOwner)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the owner of a lock cannot be at work any more: its process has gone, or its id is another's now; elsewhere, and where it hangs, when it
 * has been silent for long.
 *
 * @param silentMs time since the lock was last touched
 */
export function isGone(owner: LockOwner | undefined, silentMs: number): boolean {
  if (owner === undefined) return silentMs > UNWRITTEN_MS;
  if (silentMs > SILENT_MS) return true;
  if (owner.place !== place) return false;
  return isDead(owner.pid) || (owner.birth !== "" && birthOf(owner.pid) !== owner.birth);
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** proc(5), /proc/PID/stat: the fields behind the program's name, which may hold spaces and parentheses; a zombie has ended. */
function birthOf(pid: number): string | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "ended" : fields[19];
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
