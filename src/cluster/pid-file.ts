import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, processBirth } from "../concurrency/process-identity.ts";
import { SisError } from "../errors/sis-error.ts";

/**
 * Contents of the pid file: the master's id, and the start time of that process (process-identity).
 */
interface PidRecord {
  readonly pid: number;
  readonly birth: string;
}

/**
 * `running`: the recorded process. `stale`: it has gone, its id now belongs to another program, or
 * the file is malformed.
 */
export type PidState =
  | { readonly state: "none" }
  | { readonly state: "stale"; readonly pid: number | undefined }
  | { readonly state: "running"; readonly pid: number };

/** Path of the pid file of the service whose working directory is `directory`. */
export function pidFilePath(directory: string): string {
  return join(directory, "sbnsis.pid");
}

/**
 * Which process runs in `directory`. Errors: OPERATION_FAILED when the file exists and cannot be
 * read.
 */
export function readPidFile(directory: string): PidState {
  const text = readOptional(pidFilePath(directory));
  if (text === undefined) return { state: "none" };
  const record = parsePidRecord(text);
  if (record === undefined) return { state: "stale", pid: undefined };
  const same = isAlive(record.pid) && processBirth(record.pid) === record.birth;
  return { state: same ? "running" : "stale", pid: record.pid };
}

/**
 * Records this process as the one that runs in `directory`. The file appears whole or not at all,
 * and only one of several contenders gets it.
 * Errors: OPERATION_FAILED when another process runs.
 */
export function claimPidFile(directory: string): void {
  const path = pidFilePath(directory);
  const own = writeOwn(path);
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(own, path)) return;
      const found = readPidFile(directory);
      if (found.state === "running") throw alreadyRunning(found.pid);
      if (found.state === "stale") setStaleAside(directory);
    }
    throw new SisError("OPERATION_FAILED", `the pid file ${path} keeps changing`);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes the pid file over from a predecessor that agreed to it. */
export function replacePidFile(directory: string): void {
  const path = pidFilePath(directory);
  renameSync(writeOwn(path), path);
}

/** Removes the pid file if it belongs to this process. */
export function releasePidFile(directory: string): boolean {
  const state = readPidFile(directory);
  if (state.state !== "running" || state.pid !== process.pid) return false;
  rmSync(pidFilePath(directory), { force: true });
  return true;
}

/** The error of a second start. */
export function alreadyRunning(pid: number): SisError {
  return new SisError("OPERATION_FAILED", `the service is already running in this directory, pid ${pid}`);
}

function parsePidRecord(text: string): PidRecord | undefined {
  const match = /^([1-9]\d{0,9})\n([^\n]+)\n$/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), birth: match[2]! };
}

function writeOwn(path: string): string {
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, `${process.pid}\n${processBirth(process.pid) ?? "unknown"}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new SisError("OPERATION_FAILED", `the pid file ${path} cannot be written (${code})`, {
      cause: error,
    });
  }
  return own;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Two starters may both have seen the stale file: the second must not remove what the first has put
 * in its place.
 */
function setStaleAside(directory: string): void {
  const path = pidFilePath(directory);
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const record = parsePidRecord(readOptional(aside) ?? "");
  if (record !== undefined && isAlive(record.pid) && processBirth(record.pid) === record.birth) {
    tryLink(aside, path);
  }
  rmSync(aside, { force: true });
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return undefined;
    throw new SisError("OPERATION_FAILED", `the pid file ${path} cannot be read (${code})`, { cause: error });
  }
}
