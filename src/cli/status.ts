import type { Command } from "commander";
import { loadSettings } from "../config/settings.ts";
import { askMaster } from "../supervisor/control-socket.ts";
import { installedVersion } from "../supervisor/installed-version.ts";
import type { ServiceStatus } from "../supervisor/master.ts";
import { readPidFile } from "../supervisor/pid-file.ts";
import { catalogLine, catalogState } from "./catalog-state.ts";
import { say } from "./run-command.ts";

/** `sbnsis status`: exit status 0 when the service runs, 1 when not. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("get service status")
    .option("--json", "as JSON")
    .action(async ({ json = false }: { json?: boolean }) => {
      const directory = process.cwd();
      const found = readPidFile(directory);
      const installed = installedVersion();
      if (found.state !== "running") {
        say(
          json ? JSON.stringify({ running: false, installedVersion: installed, workers: [] }) : "not running",
        );
        process.exitCode = 1;
        return;
      }
      const status = (await askMaster(directory, "status", 10_000)) as ServiceStatus;
      const catalog = await catalogState(loadSettings(directory));
      say(
        json
          ? JSON.stringify({ ...status, installedVersion: installed, catalog })
          : `${describe(status, installed)}\n  catalog ${catalogLine(catalog)}`,
      );
    });
}

function describe(status: ServiceStatus, installed: string): string {
  const version =
    status.version === installed
      ? status.version
      : `${status.version} (installed: ${installed}; sbnsis restart loads it)`;
  const workers = status.workers.map(
    ({ pid, ageSeconds, rssBytes, requests }) =>
      `  worker pid ${pid}: age ${duration(ageSeconds)}, memory ${Math.round(rssBytes / 1e6)} MB, ${requests} requests`,
  );
  return [
    `running, pid ${status.pid}, ${status.workers.length} workers, up ${duration(status.uptimeSeconds)}`,
    `  address ${status.address}`,
    `  version ${version}`,
    `  log     ${status.logFile}`,
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
