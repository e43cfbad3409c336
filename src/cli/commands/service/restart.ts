import type { Command } from "commander";
import { askMaster } from "../../../cluster/control-socket.ts";
import { staleBuild } from "../../../cluster/installed-version.ts";
import type { ServiceStatus } from "../../../cluster/master.ts";
import { readPidFile } from "../../../cluster/pid-file.ts";
import { loadSettings } from "../../../config/settings.ts";
import { SisError } from "../../../errors/sis-error.ts";
import { say, warn } from "../../run-command.ts";
import { versionText } from "./status.ts";

const RESTART_TIMEOUT_MS = 80_000;

/**
 * `sbnsis restart`: the code installed now takes over the socket; the old master leaves once the
 * new one is ready, and stays if that fails.
 */
export function addRestart(program: Command): void {
  program
    .command("restart")
    .description("restart the service with the installed code, without losing requests")
    .action(async () => {
      const directory = process.cwd();
      loadSettings(directory);
      const found = readPidFile(directory);
      if (found.state !== "running") {
        throw new SisError(
          "OPERATION_FAILED",
          "the service is not running in this directory; run sbnsis start",
        );
      }
      const stale = staleBuild();
      if (stale !== undefined) warn(stale);
      const reply = (await askMaster(directory, "restart", RESTART_TIMEOUT_MS)) as { readonly pid: number };
      const status = (await askMaster(directory, "status", 10_000)) as ServiceStatus;
      say(`restarted, pid ${reply.pid} replaces ${found.pid}, version ${versionText(status)}`);
    });
}
