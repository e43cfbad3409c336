import type { Command } from "commander";
import { loadSettings } from "../config/settings.ts";
import { stopService } from "../supervisor/stop-service.ts";
import { rotateAll } from "./rotate-logs.ts";
import { say } from "./run-command.ts";

/** `sbnsis stop`: what is being answered is finished, every process ends, and the logs are rotated. */
export function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the service, and rotate its logs")
    .action(async () => {
      const directory = process.cwd();
      const settings = loadSettings(directory);
      const pid = await stopService(directory, settings.SBNSIS_DRAIN_SECONDS * 1000);
      rotateAll(settings);
      say(`stopped, pid ${pid}`);
    });
}
