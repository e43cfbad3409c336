import { askMaster } from "../../cluster/control-socket.ts";
import { installedVersion, staleBuild } from "../../cluster/installed-version.ts";
import type { ServiceStatus } from "../../cluster/master.ts";
import { orphanWorkers, serviceOnPort } from "../../cluster/orphans.ts";
import { readPidFile } from "../../cluster/pid-file.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { silenceOf, versionText } from "../commands/service/status.ts";
import type { Finding } from "./finding.ts";

/** The build matches the source it was made from. */
export function checkBuild(): readonly Finding[] {
  const stale = staleBuild();
  if (stale === undefined)
    return [
      {
        subject: "build",
        state: "fine",
        about: `version ${installedVersion()}, Node ${process.versions.node}`,
      },
    ];
  const [about = stale, remedy = "npm run build"] = stale.split(": ");
  return [{ subject: "build", state: "wrong", about, remedy }];
}

/** A running service responds and runs the installed code; a stopped one left nothing behind. */
export async function checkService(settings: Settings): Promise<readonly Finding[]> {
  const subject = "service";
  const directory = process.cwd();
  if (readPidFile(directory).state !== "running") return [notRunning(directory, settings.http.port)];
  const status = await askMaster(directory, "status", 10_000).then(
    (answer) => answer as ServiceStatus,
    () => undefined,
  );
  if (status === undefined) {
    return [
      {
        subject,
        state: "wrong",
        about: "the master process does not respond",
        remedy: "run sbnsis stop, then sbnsis start",
      },
    ];
  }
  const silence = await silenceOf(status.address);
  if (silence !== undefined) {
    const about = `${status.address} does not respond: ${silence}`;
    return [{ subject, state: "wrong", about, remedy: "see the log, then run sbnsis restart" }];
  }
  const version = versionText(status);
  if (version !== status.version)
    return [{ subject, state: "doubtful", about: `version ${version}`, remedy: "run sbnsis restart" }];
  const problems = status.logProblems.map((about): Finding => {
    return {
      subject: "log",
      state: "wrong",
      about,
      remedy: "give the user of the service write permission; it retries automatically",
    };
  });
  return [{ subject, state: "fine", about: `${status.address} responds, version ${version}` }, ...problems];
}

function notRunning(directory: string, port: number): Finding {
  const subject = "service";
  const orphans = orphanWorkers(directory);
  if (orphans.length > 0) {
    const about = `the master process is gone, but workers are left: pid ${orphans.join(", ")}`;
    return { subject, state: "wrong", about, remedy: "run sbnsis stop" };
  }
  const other = serviceOnPort(port);
  if (other !== undefined && other.directory !== directory) {
    const about = `port ${port} is in use by the service in ${other.directory}, pid ${other.pid}`;
    return { subject, state: "wrong", about, remedy: "set API_PORT to a free port" };
  }
  return { subject, state: "fine", about: "not running in this directory" };
}
