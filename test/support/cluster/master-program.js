import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runMaster } from "../../../dist/cluster/master.js";

const directory = process.cwd();
await runMaster({
  directory,
  address: "http://127.0.0.1",
  logFile: join(directory, "service.log"),
  workers: 2,
  spareWorker: existsSync("spare"),
  drainMs: 15_000,
  lameDuckMs: existsSync("lame-duck") ? 60_000 : 0,
  silenceSeconds: existsSync("impatient") ? 3 : 30,
  workerProgram: fileURLToPath(new URL("worker-program.js", import.meta.url)),
  masterProgram: fileURLToPath(import.meta.url),
  programArguments: [],
});
