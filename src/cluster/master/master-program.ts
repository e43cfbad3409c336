import { loadSettings } from "../../config/settings.ts";
import { ignoreBrokenPipes } from "../../observe/standard-streams.ts";
import { sendToParent } from "../control/protocol.ts";
import { runMaster } from "../master.ts";
import { SERVICE_PROGRAMS, workerCount } from "../service-programs.ts";

// The program of a master: it reads the settings again at every restart; it inherits
// the socket.

/** A worker that reports nothing for this long hangs; it reports every second. */
const SILENCE_SECONDS = 30;

ignoreBrokenPipes();
const directory = process.cwd();
try {
  const settings = loadSettings(directory);
  const { SBNSIS_RATE_LIMIT: perMinute, SBNSIS_RATE_BURST: burst } = settings;
  const host = settings.API_HOST.includes(":") ? `[${settings.API_HOST}]` : settings.API_HOST;
  await runMaster({
    directory,
    address: `http://${host}:${settings.API_PORT}${settings.BASE_HREF}`,
    logFile: settings.SBNSIS_LOG_FILE,
    workers: workerCount(settings),
    spareWorker: settings.SBNSIS_SPARE_WORKER,
    drainMs: settings.SBNSIS_DRAIN_SECONDS * 1000,
    lameDuckMs: settings.SBNSIS_LAMEDUCK_SECONDS * 1000,
    silenceSeconds: SILENCE_SECONDS,
    ...(perMinute > 0 && { clientLimit: { perMinute, burst } }),
    workerProgram: SERVICE_PROGRAMS.worker,
    masterProgram: SERVICE_PROGRAMS.master,
    programArguments: [],
  });
} catch (error) {
  sendToParent({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
