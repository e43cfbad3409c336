import { spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SisError } from "../errors/sis-error.ts";

/** How many old logs are kept. */
export const LOGS_KEPT = 32;

/** Result of a rotation. `remark`: why logrotate, which should have done it, did not. */
export interface Rotation {
  readonly path: string;
  readonly by: "logrotate" | "sbnsis";
  readonly remark?: string;
}

const CONFIG = fileURLToPath(new URL("../../logging/logrotate.config", import.meta.url));

/**
 * Moves the log `file` to `old-logs/` in its folder and keeps the last 32 there, number 1 being the
 * newest. It is moved, not copied: what a worker still writes goes to the moved file until it opens
 * the new one, so no line is lost. logrotate does it when it is installed and the log is in the
 * `logging/` folder of this installation; otherwise this function does it with the same result. For
 * a symbolic link the target is moved, to `old-logs/` in the target's folder; the link stays and
 * points to the next one. Undefined when there was no log, an empty one, or a pipe or device, which
 * cannot be moved.
 * Errors: OPERATION_FAILED.
 */
export function rotateLogs(path: string): Rotation | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || found.size === 0) return undefined;
  // logrotate refuses links
  const isLink = lstatSync(path).isSymbolicLink();
  const file = isLink ? realpathSync(path) : path;
  const folder = join(dirname(file), "old-logs");
  const first = join(folder, `${basename(file)}.1`);
  try {
    mkdirSync(folder, { recursive: true });
    const remark = isLink ? "" : byLogrotate(file);
    if (remark === undefined) return { path: first, by: "logrotate" };
    moveAside(file, folder);
    return { path: first, by: "sbnsis", ...(remark !== "" && { remark }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SisError("OPERATION_FAILED", `the log could not be rotated: ${reason}`, { cause: error });
  }
}

/**
 * Undefined when logrotate did it; empty when it is not responsible for this log or is not
 * installed; otherwise its message. Its paths are relative to the installation.
 */
function byLogrotate(file: string): string | undefined {
  if (!existsSync(CONFIG) || dirname(resolve(file)) !== dirname(CONFIG)) return "";
  const before = statSync(file).ino;
  const state = join(dirname(file), "old-logs", ".logrotate-state");
  const run = spawnSync("logrotate", ["--force", "--state", state, CONFIG], {
    cwd: dirname(dirname(CONFIG)),
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` },
  });
  if ((run.error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return "";
  // It exits with 0 even when it does not understand its configuration: only the moved file shows
  // success.
  if (!existsSync(file) || statSync(file).ino !== before) return undefined;
  const message = (run.stderr ?? "").trim().split("\n").at(-1);
  return `logrotate did not rotate: ${message || run.error?.message || `exit ${run.status}`}`;
}

function moveAside(file: string, folder: string): void {
  const name = basename(file);
  const numbers = readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}.`))
    .map((entry) => Number(entry.slice(name.length + 1)))
    .filter((number) => Number.isInteger(number) && number > 0)
    .sort((a, b) => b - a);
  for (const number of numbers) {
    const from = join(folder, `${name}.${number}`);
    if (number >= LOGS_KEPT) rmSync(from, { force: true });
    else renameSync(from, join(folder, `${name}.${number + 1}`));
  }
  // A link fails where a rename would overwrite: two rotations at once do not lose a log.
  linkSync(file, join(folder, `${name}.1`));
  unlinkSync(file);
}
