import type { Command } from "commander";
import { askMaster } from "../../../cluster/control-socket.ts";
import { readPidFile } from "../../../cluster/pid-file.ts";
import { rotateLogs } from "../../../cluster/rotate-logs.ts";
import { loadSettings } from "../../../config/settings.ts";
import type { Settings } from "../../../config/settings-groups.ts";
import { SisError } from "../../../errors/sis-error.ts";
import { say, warn } from "../../run-command.ts";

/**
 * `sbnsis rotate-logs`: moves the log to old-logs/ in its folder; a running service continues in a
 * new file.
 */
export function addRotateLogs(program: Command): void {
  program
    .command("rotate-logs")
    .description("rotate the logs now")
    .action(async () => {
      const directory = process.cwd();
      const moved = rotateAll(loadSettings(directory));
      if (readPidFile(directory).state === "running") {
        const problems = (await askMaster(directory, "reopen-logs", 10_000)) as readonly string[];
        if (problems.length > 0) {
          const what = "the service continues to write to the old file";
          throw new SisError(
            "OPERATION_FAILED",
            `${what}, because it cannot open a new one: ${problems.join("; ")}`,
          );
        }
      }
      say(moved.length === 0 ? "there is no log to rotate" : `rotated to ${moved.join(", ")}`);
    });
}

/**
 * Rotates the log and, if there is one, the access log; reports deviations on stderr. Returns where
 * the logs went.
 */
export function rotateAll({ log }: Settings): string[] {
  const moved: string[] = [];
  for (const file of [log.file, log.accessFile]) {
    const rotation = file === "" ? undefined : rotateLogs(file);
    if (rotation === undefined) continue;
    if (rotation.remark !== undefined) warn(rotation.remark);
    moved.push(`${rotation.path} by ${rotation.by}`);
  }
  return moved;
}
