import { rmSync } from "node:fs";
import { sendSignal, waitUntilGone } from "../concurrency/process-signals.ts";
import { SisError } from "../errors/sis-error.ts";
import { controlPath } from "./control-socket.ts";
import { endOrphans } from "./orphans.ts";
import { pidFilePath, readPidFile } from "./pid-file.ts";

/** How long the processes of a service may take to end after the drain time. */
const END_GRACE_MS = 6_000;

/**
 * Ends the service of `directory`: it drains for up to `drainMs` and is then killed. Returns the
 * pid of the master that ended. Workers left behind by a killed master are ended as well; if there
 * is nothing else, one of them is reported in place of the master.
 * Errors: OPERATION_FAILED when none runs, or when it cannot be ended.
 */
export async function stopService(directory: string, drainMs: number): Promise<number> {
  const found = readPidFile(directory);
  if (found.state !== "running") {
    if (found.state === "stale") {
      rmSync(pidFilePath(directory), { force: true });
      rmSync(controlPath(directory), { force: true });
    }
    const [orphan] = await endOrphans(directory, drainMs);
    if (orphan !== undefined) return orphan;
    throw new SisError("OPERATION_FAILED", "the service is not running in this directory");
  }
  sendSignal(found.pid, "SIGTERM");
  if (await waitUntilGone(found.pid, drainMs + END_GRACE_MS)) return found.pid;
  // Its workers notice that the master has gone, and drain by themselves.
  sendSignal(found.pid, "SIGKILL");
  if (!(await waitUntilGone(found.pid, 2_000))) {
    throw new SisError("OPERATION_FAILED", `the master process, pid ${found.pid}, does not end`);
  }
  await endOrphans(directory, drainMs);
  rmSync(pidFilePath(directory), { force: true });
  rmSync(controlPath(directory), { force: true });
  return found.pid;
}
