import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive, nodeName, startTicks } from "./process-identity.ts";

/** The owner of a lock, as stored in the lock file. Plain data. */
export interface LockOwner {
  /** Where process ids are comparable: host, boot and namespace. */
  readonly place: string;
  /** Name of the machine, for people. */
  readonly node: string;
  readonly pid: number;
  /** When the process started, in clock ticks since boot; empty when unknown. */
  readonly birth: string;
  /** Distinguishes two locks of one process. */
  readonly token: string;
}

/**
 * An owner that has been silent for this long is presumed dead, in milliseconds: live owners report
 * far more often.
 */
const SILENT_MS = 30_000;

/**
 * How long a lock file may have no readable owner, in milliseconds: it is being written, or its
 * writer was killed.
 */
const UNWRITTEN_MS = 5_000;

const place = [
  hostname(),
  attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
  attempt(() => readlinkSync("/proc/self/ns/pid")),
].join(" ");

const birth = startTicks(process.pid) ?? "";

/** A new owner record for this process. */
export function thisOwner(): LockOwner {
  return { place, node: nodeName(), pid: process.pid, birth, token: randomUUID() };
}

/** The owner that a lock file names; undefined if it names none. */
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
 * Whether the owner of a lock is certainly gone: its process has ended, or its id now belongs to
 * another process. An owner on another machine, or one that hangs, is presumed gone when it has
 * been silent for long.
 *
 * @param silentMs time since the lock was last touched
 */
export function isGone(owner: LockOwner | undefined, silentMs: number): boolean {
  if (owner === undefined) return silentMs > UNWRITTEN_MS;
  if (silentMs > SILENT_MS) return true;
  if (owner.place !== place) return false;
  return !isAlive(owner.pid) || (owner.birth !== "" && startTicks(owner.pid) !== owner.birth);
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
