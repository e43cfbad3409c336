import type { Command } from "commander";
import { loadSettings } from "../config/settings.ts";
import { askMaster } from "../supervisor/control-socket.ts";
import { readPidFile } from "../supervisor/pid-file.ts";
import { rotateLogs } from "../supervisor/rotate-logs.ts";
import { say } from "./run-command.ts";

/** `sbnsis rotate-logs`: the log moves to old-logs/ beside it; a running service writes to a new one. */
export function addRotateLogs(program: Command): void {
  program
    .command("rotate-logs")
    .description("force rotate logs")
    .action(async () => {
      const directory = process.cwd();
      const { SBNSIS_LOG_FILE: log } = loadSettings(directory);
      const moved = rotateLogs(log);
      if (readPidFile(directory).state === "running") await askMaster(directory, "reopen-logs", 10_000);
      say(moved === undefined ? "there is no log to rotate" : `rotated to ${moved}`);
    });
}
