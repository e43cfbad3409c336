import type { Command } from "commander";
import { stopService } from "../../../cluster/stop-service.ts";
import { loadSettings } from "../../../config/settings.ts";
import type { Settings } from "../../../config/settings-groups.ts";
import { say, warn } from "../../run-command.ts";
import { rotateAll } from "./rotate-logs.ts";

/** How long a service may take to end when its `.env` can no longer be read. */
const UNKNOWN_DRAIN_SECONDS = 60;

/**
 * `sbnsis stop`: requests in progress are finished, every process ends, and the logs are rotated.
 * Succeeds when the service ended, whether or not the rotation succeeds.
 */
export function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the service and rotate its logs")
    .action(async () => {
      const directory = process.cwd();
      const settings = attempt(() => loadSettings(directory));
      const pid = await stopService(directory, secondsToEnd(settings) * 1000);
      if (settings !== undefined) attempt(() => rotateAll(settings));
      say(`stopped, pid ${pid}`);
    });
}

function secondsToEnd(settings: Settings | undefined): number {
  if (settings === undefined) return UNKNOWN_DRAIN_SECONDS;
  return settings.cluster.lameDuckSeconds + settings.cluster.drainSeconds;
}

/** Reports an error and continues. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warn(`sbnsis: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
