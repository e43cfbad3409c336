import { setNodeName } from "../../concurrency/process-identity.ts";
import { loadSettings, localBase } from "../../config/settings.ts";
import { ignoreBrokenPipes } from "../../observe/standard-streams.ts";
import { sendToParent } from "../control/protocol.ts";
import { runMaster } from "../master.ts";
import { SERVICE_PROGRAMS, workerCount } from "../service-programs.ts";

// The program of a master. It rereads the settings at every restart, and inherits the socket.

/** A worker that reports nothing for this long hangs; it reports every second. */
const SILENCE_SECONDS = 30;

ignoreBrokenPipes();
const directory = process.cwd();
try {
  const settings = loadSettings(directory);
  const { http, cluster, rateLimit } = settings;
  setNodeName(cluster.nodeName);
  await runMaster({
    directory,
    address: `${localBase(http)}${http.prefix}`,
    logFile: settings.log.file,
    workers: workerCount(cluster),
    spareWorker: cluster.spareWorker,
    drainMs: cluster.drainSeconds * 1000,
    lameDuckMs: cluster.lameDuckSeconds * 1000,
    silenceSeconds: SILENCE_SECONDS,
    ...(rateLimit.perMinute > 0 && { clientLimit: rateLimit }),
    workerProgram: SERVICE_PROGRAMS.worker,
    masterProgram: SERVICE_PROGRAMS.master,
    programArguments: [],
  });
} catch (error) {
  sendToParent({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
