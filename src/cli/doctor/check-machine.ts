import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Settings } from "../../config/settings-groups.ts";
import { settingSchema } from "../../config/settings-schema.ts";
import { cacheFolder, cacheProblem } from "../../products/cache-folder.ts";
import type { Finding } from "./finding.ts";

/** Open files that a worker may need: connections, and files being sent. */
const LEAST_OPEN_FILES = 4096;
/** A clock showing a time before this release is wrong (ms since 1970: 1 January 2026). */
const RELEASED_MS = Date.UTC(2026, 0, 1);

/** The cache is writable for this user and no other. */
export function checkCache({ cache }: Settings): readonly Finding[] {
  const folder = cacheFolder(cache.folder);
  const subject = "cache";
  const problem = existsSync(folder) ? cacheProblem(cache.folder) : cannotMake(folder);
  if (problem === undefined) return [{ subject, state: "fine", about: folder }];
  const remedy =
    "set SBNSIS_CUTOUT_CACHE to a folder that this user owns; without a cache, every product is made again for each request";
  return [{ subject, state: "wrong", about: `${folder} ${problem}`, remedy }];
}

/** The log is writable. */
export function checkLog({ log }: Settings): readonly Finding[] {
  const subject = "log";
  return [log.file, log.accessFile]
    .filter((file) => file !== "")
    .map((file): Finding => {
      const problem = cannotWrite(file);
      if (problem === undefined) return { subject, state: "fine", about: file };
      const remedy =
        "give this user write permission for the file and its folder (rotation creates a new file)";
      return { subject, state: "wrong", about: `${file} ${problem}`, remedy };
    });
}

/** PUBLIC_URL has been set for this installation. */
export function checkPublicUrl({ http }: Settings): readonly Finding[] {
  const subject = "PUBLIC_URL";
  if (http.publicUrl !== settingSchema("PUBLIC_URL").default)
    return [{ subject, state: "fine", about: http.publicUrl }];
  const about = `${http.publicUrl} is the default, and links in responses point there`;
  return [
    { subject, state: "doubtful", about, remedy: "set PUBLIC_URL to the public address of this service" },
  ];
}

/**
 * The clock is plausible, and something synchronizes it. Signatures for S3 stores and times in
 * responses depend on it.
 */
export function checkClock(): readonly Finding[] {
  const subject = "clock";
  const now = new Date().toISOString();
  const remedy = "set the clock and enable NTP (timedatectl set-ntp true)";
  if (Date.now() < RELEASED_MS)
    return [{ subject, state: "wrong", about: `${now} is earlier than this release`, remedy }];
  const reported = spawnSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    encoding: "utf8",
    timeout: 5_000,
  });
  if (reported.status === 0 && reported.stdout.trim() === "no") {
    return [{ subject, state: "doubtful", about: `${now}, not synchronized according to systemd`, remedy }];
  }
  return [{ subject, state: "fine", about: now }];
}

/**
 * The limit of open files. Source: proc(5), /proc/PID/limits: the soft limit, then the hard one.
 * Node raises the soft limit to the hard one.
 */
export function checkOpenFiles(): readonly Finding[] {
  const subject = "open files";
  const line = readOptional("/proc/self/limits")?.match(/^Max open files\s+(\S+)\s+(\S+)/m);
  if (line === undefined || line === null)
    return [{ subject, state: "fine", about: "no limit known on this system" }];
  const most = line[2] === "unlimited" ? Number.POSITIVE_INFINITY : Number(line[2]);
  if (most >= LEAST_OPEN_FILES) return [{ subject, state: "fine", about: `up to ${line[2]}` }];
  const remedy = `raise the limit to ${LEAST_OPEN_FILES} or more (ulimit -n, LimitNOFILE= of the unit)`;
  return [{ subject, state: "wrong", about: `only ${line[2]} per process`, remedy }];
}

function cannotWrite(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return "is a folder";
  if (found !== undefined && !isWritable(path)) return "is not writable";
  // a pipe or a device is never recreated
  if (found !== undefined && !found.isFile()) return undefined;
  return cannotMake(path);
}

/** Whether `path` could be created: its nearest existing folder is writable. */
function cannotMake(path: string): string | undefined {
  const folder = dirname(path);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return folder === path ? "cannot be created" : cannotMake(folder);
  return isWritable(folder) ? undefined : `cannot be created, because ${folder} is not writable`;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
