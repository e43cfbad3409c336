import { get } from "node:http";
import type { Command } from "commander";
import { liveCatalog } from "../../../catalog/open-catalog.ts";
import { askMaster } from "../../../cluster/control-socket.ts";
import { installedBuild, installedVersion, staleBuild } from "../../../cluster/installed-version.ts";
import type { ServiceStatus } from "../../../cluster/master.ts";
import { readPidFile } from "../../../cluster/pid-file.ts";
import { loadSettings } from "../../../config/settings.ts";
import type { Settings } from "../../../config/settings-groups.ts";
import { say } from "../../run-command.ts";

/** How long the service may take to respond to a request that depends on nothing else. */
const RESPONSE_TIMEOUT_MS = 5_000;

/** `sbnsis status`: exit status 0 when the service responds, 1 otherwise. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show the status of the service")
    .option("--json", "print a JSON document")
    .action(async ({ json = false }: { json?: boolean }) => {
      const directory = process.cwd();
      const found = readPidFile(directory);
      const installed = { installedVersion: installedVersion(), staleBuild: staleBuild() };
      if (found.state !== "running") {
        say(
          json
            ? JSON.stringify({ running: false, answers: false, ...installed, workers: [] })
            : "not running",
        );
        process.exitCode = 1;
        return;
      }
      const status = (await askMaster(directory, "status", 10_000)) as ServiceStatus;
      const silence = await silenceOf(status.address);
      if (silence !== undefined) process.exitCode = 1;
      const answers = silence === undefined;
      const catalog = await catalogState(loadSettings(directory));
      say(
        json
          ? JSON.stringify({ ...status, answers, ...installed, catalog })
          : `${describe(status, silence)}\n  catalog ${catalogLine(catalog)}`,
      );
    });
}

/** The running version and, when a different one is installed, that version and how to load it. */
export function versionText({ version, build }: ServiceStatus): string {
  const installed = installedVersion();
  if (version !== installed) return `${version} (installed: ${installed}; run sbnsis restart to load it)`;
  return build === installedBuild()
    ? version
    : `${version} (another build is installed; run sbnsis restart to load it)`;
}

/**
 * Why nothing responds at `address`; undefined when something does. A service that listens on all
 * addresses is contacted on the loopback address.
 */
export function silenceOf(address: string): Promise<string | undefined> {
  const url = new URL(
    `${address}/health`.replace(/^http:\/\/(?:0\.0\.0\.0|\[::\])(?=[:/])/, "http://localhost"),
  );
  return new Promise((resolve) => {
    const request = get(url, { timeout: RESPONSE_TIMEOUT_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`);
    });
    request.once("timeout", () =>
      request.destroy(new Error(`no response within ${RESPONSE_TIMEOUT_MS / 1000} s`)),
    );
    request.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

function describe(status: ServiceStatus, silence: string | undefined): string {
  const count = status.workers.length;
  const workers = status.workers.map(
    ({ pid, ageSeconds, rssBytes, requests }) =>
      `  worker pid ${pid}: age ${duration(ageSeconds)}, memory ${Math.round(rssBytes / 1e6)} MB, ${requests} requests`,
  );
  const stale = staleBuild();
  return [
    `running, pid ${status.pid}, ${count} worker${count === 1 ? "" : "s"}, up ${duration(status.uptimeSeconds)}`,
    ...(silence === undefined ? [] : [`  NOT RESPONDING: ${silence}; see the log`]),
    `  address ${status.address}`,
    `  version ${versionText(status)}`,
    ...(stale === undefined ? [] : [`          ${stale}`]),
    `  log     ${status.logFile}`,
    ...status.logProblems.map((problem) => `          cannot be written at the moment: ${problem}`),
    ...workers,
  ].join("\n");
}

function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** What the database holds, as `status` shows it. */
type CatalogState =
  | { readonly images: number; readonly imagesWithoutFootprint: number }
  | { readonly problem: string };

/** Counts the images in the database; a database that cannot be read is a finding, not an error. */
async function catalogState(settings: Settings): Promise<CatalogState> {
  const catalog = liveCatalog(settings.database);
  try {
    const { images, withoutFootprint } = await catalog.coverage();
    return { images, imagesWithoutFootprint: withoutFootprint };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await catalog.close();
  }
}

/** The state in one line. */
function catalogLine(state: CatalogState): string {
  if ("problem" in state) return state.problem;
  const { images, imagesWithoutFootprint: without } = state;
  const gap = without > 0 ? `, ${without} of them without a footprint, so not found by position` : "";
  return `${images} images${gap}`;
}
