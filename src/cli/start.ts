import type { Command } from "commander";
import { loadSettings } from "../config/settings.ts";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { cacheFolder, cacheProblem } from "../products/cache-folder.ts";
import { stayInForeground } from "../supervisor/foreground.ts";
import { launch } from "../supervisor/launcher.ts";
import { lastLines } from "../supervisor/master-log.ts";
import { readPidFile } from "../supervisor/pid-file.ts";
import { CODE_FOLDER, SERVICE_PROGRAMS } from "../supervisor/service-programs.ts";
import { watchSources } from "../supervisor/source-watch.ts";
import { say } from "./run-command.ts";

/** `sbnsis start`: returns when the first worker is ready; with --no-daemon or --dev it stays. */
export function addStart(program: Command): void {
  program
    .command("start")
    .description("start the service")
    .option("--no-daemon", "stay in the foreground: for systemd and containers; SIGTERM drains and ends")
    .option("--dev", "stay in the foreground and load changed code; links point to this machine")
    .action((options: { daemon: boolean; dev?: boolean }) => start(options.daemon, options.dev ?? false));
}

async function start(daemon: boolean, dev: boolean): Promise<void> {
  const directory = process.cwd();
  const settings = loadSettings(directory);
  const foreground = dev || !daemon;
  const environment = {
    IS_DAEMON: foreground ? "FALSE" : "TRUE",
    IS_PRODUCTION: dev ? "FALSE" : "TRUE",
  };
  try {
    const { pid, workers } = await launch({
      directory,
      host: settings.API_HOST,
      port: settings.API_PORT,
      masterProgram: SERVICE_PROGRAMS.master,
      programArguments: [],
      environment,
      foreground,
    });
    say(
      `${settings.APP_NAME} runs, pid ${pid}, ${workers} worker${workers === 1 ? "" : "s"}, ` +
        `http://${settings.API_HOST}:${settings.API_PORT}${settings.BASE_HREF}/ui/`,
    );
    warnOfCache(settings.SBNSIS_CUTOUT_CACHE);
  } catch (error) {
    if (!foreground && isSisError(error) && error.details.logged === true) {
      for (const line of lastLines(settings.SBNSIS_LOG_FILE, 5)) process.stderr.write(`${line}\n`);
    }
    throw error;
  }
  if (!foreground) return;
  const endWatch = dev ? watchSources(CODE_FOLDER, () => loadChangedCode(directory)) : () => {};
  const how = await stayInForeground(directory);
  endWatch();
  if (how === "ended") throw new SisError("OPERATION_FAILED", "the service has ended; its log says why");
}

/** Says why products are not kept; the service serves them all the same. */
function warnOfCache(directory: string): void {
  const folder = cacheFolder(directory);
  const problem = cacheProblem(directory);
  if (problem === undefined) return;
  process.stderr.write(
    `warning: the cache ${folder} ${problem}, so it is not used and every product is made again. ` +
      "Remove it, or set SBNSIS_CUTOUT_CACHE to a folder of the service's user.\n",
  );
}

/** Workers load the code anew when they start, so a roll is all that a change needs. */
function loadChangedCode(directory: string): void {
  const found = readPidFile(directory);
  if (found.state === "running") process.kill(found.pid, "SIGHUP");
}
