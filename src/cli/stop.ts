import type { Command } from "commander";
import { loadSettings } from "../config/settings.ts";
import { rotateLogs } from "../supervisor/rotate-logs.ts";
import { stopService } from "../supervisor/stop-service.ts";
import { say } from "./run-command.ts";

/** `sbnsis stop`: what is being answered is finished, every process ends, and the logs are rotated. */
export function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the service, and rotate its logs")
    .action(async () => {
      const directory = process.cwd();
      const { SBNSIS_LOG_FILE: log } = loadSettings(directory);
      const pid = await stopService(directory);
      rotateLogs(log);
      say(`stopped, pid ${pid}`);
    });
}
