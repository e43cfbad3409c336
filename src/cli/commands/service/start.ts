import type { Command } from "commander";
import { askMaster } from "../../../cluster/control-socket.ts";
import { stayInForeground, watchSources } from "../../../cluster/foreground.ts";
import { staleBuild } from "../../../cluster/installed-version.ts";
import { launch } from "../../../cluster/launcher.ts";
import type { ServiceStatus } from "../../../cluster/master.ts";
import { lastLines } from "../../../cluster/master-log.ts";
import { readPidFile } from "../../../cluster/pid-file.ts";
import { CODE_FOLDER, SERVICE_PROGRAMS } from "../../../cluster/service-programs.ts";
import { sendSignal } from "../../../concurrency/process-signals.ts";
import { HOST_VARIABLE, loadSettings, localBase } from "../../../config/settings.ts";
import type { Settings } from "../../../config/settings-groups.ts";
import { settingSchema } from "../../../config/settings-schema.ts";
import { isSisError, SisError } from "../../../errors/sis-error.ts";
import { cacheFolder, cacheProblem } from "../../../products/cache-folder.ts";
import { requireTables } from "../../open-tables.ts";
import { say, warn } from "../../run-command.ts";

interface StartOptions {
  /** False after --no-daemon. */
  readonly daemon: boolean;
  readonly dev?: boolean;
  readonly host?: string;
}

/**
 * `sbnsis start`: returns when the first worker is ready; with --no-daemon or --dev it stays in the
 * foreground.
 */
export function addStart(program: Command): void {
  program
    .command("start")
    .description("start the service")
    .option("--no-daemon", "run in the foreground (for systemd and containers); SIGTERM stops it gracefully")
    .option("--dev", "run in the foreground and reload changed code; links point to this machine")
    .option("--host <address>", "address to listen on, instead of API_HOST (for containers)")
    .action(start);
}

async function start({ daemon, dev = false, host }: StartOptions): Promise<void> {
  const directory = process.cwd();
  const environment = {
    IS_DAEMON: dev || !daemon ? "FALSE" : "TRUE",
    IS_PRODUCTION: dev ? "FALSE" : "TRUE",
    ...(host !== undefined && { [HOST_VARIABLE]: host }),
  };
  const settings = loadSettings(directory, { ...process.env, ...environment });
  const { http } = settings;
  const foreground = dev || !daemon;
  warnBefore(settings);
  const found = readPidFile(directory);
  if (found.state !== "running") await requireTables(settings);
  try {
    const { pid, workers, endedOrphans } = await launch({
      directory,
      host: http.host,
      port: http.port,
      masterProgram: SERVICE_PROGRAMS.master,
      programArguments: [],
      environment,
      foreground,
    });
    for (const orphan of endedOrphans)
      warn(`ended worker pid ${orphan}, which hung and held the port after its master was killed`);
    await warnOfLog(directory);
    say(
      `${settings.service.name} is running, pid ${pid}, ${workers} worker${workers === 1 ? "" : "s"}, ` +
        `${localBase(http)}${http.prefix}/ui/`,
    );
    warnOfCache(settings.cache.folder);
  } catch (error) {
    if (!foreground && isSisError(error) && error.details.logged === true) {
      for (const line of lastLines(settings.log.file, 5)) warn(line);
    }
    throw error;
  }
  if (!foreground) return;
  const endWatch = dev ? watchSources(CODE_FOLDER, () => loadChangedCode(directory)) : () => {};
  const how = await stayInForeground(directory);
  endWatch();
  if (how === "ended")
    throw new SisError("OPERATION_FAILED", "the service has ended; see its log for the reason");
}

/** Says why products are not cached; the service serves them anyway. */
function warnOfCache(directory: string): void {
  const folder = cacheFolder(directory);
  const problem = cacheProblem(directory);
  if (problem === undefined) return;
  warn(
    `warning: the cache ${folder} ${problem}, so it is not used and every product is made again. ` +
      "Remove it, or set SBNSIS_CUTOUT_CACHE to a folder that belongs to the user of the service.",
  );
}

/** Warns about settings that may not do what the operator expects. */
function warnBefore({ service, http }: Settings): void {
  if (!service.isProduction && http.publicUrl !== settingSchema("PUBLIC_URL").default)
    warn(`PUBLIC_URL ${http.publicUrl} is not used: with --dev, links point to this machine`);
  const stale = staleBuild();
  if (stale !== undefined) warn(stale);
}

/** The service runs without a log it cannot write; its operator should know. */
async function warnOfLog(directory: string): Promise<void> {
  const { logProblems } = (await askMaster(directory, "status", 10_000)) as ServiceStatus;
  for (const problem of logProblems) warn(`the log cannot be written at the moment: ${problem}`);
}

/** Workers load the code when they start, so replacing them picks up every change. */
function loadChangedCode(directory: string): void {
  const found = readPidFile(directory);
  if (found.state === "running") sendSignal(found.pid, "SIGHUP");
}
