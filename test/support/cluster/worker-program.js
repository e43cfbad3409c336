import { appendFileSync, existsSync, mkdirSync, unlinkSync } from "node:fs";
import { createServer } from "node:http";
import { runWorker } from "../../../dist/cluster/worker/worker-life.js";

/** True in the first process that calls it. */
function tryLink() {
  try {
    mkdirSync("first");
    return true;
  } catch {
    return false;
  }
}

/** True in the process that removes the file. */
function tryUnlink(path) {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

// A real worker around a small service: /pid, /slow?ms=, /slow?until=FILE, /version. The files "broken" and "version"
// in its directory control its behavior.
await runWorker(async () => {
  if (existsSync("late")) {
    const isFirst = tryLink();
    while (!isFirst && !existsSync("sbnsis.sock")) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!isFirst && tryUnlink("late")) throw new Error("the test says that it dies late");
  }
  if (existsSync("broken")) throw new Error("the test says that it is broken");
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const file = searchParams.get("until");
    while (file !== null && !existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
    const wait = Number(searchParams.get("ms") ?? 0);
    setTimeout(() => response.end(`${process.pid}\n`), wait);
  });
  return {
    server,
    drainMs: 15_000,
    cancelRequests: () => undefined,
    startJobs: () => undefined,
    stopJobs: () => undefined,
    leave: () => appendFileSync("leaving.txt", `${process.pid}\n`),
    samples: () => ({ sbnsis_test_total: 1 }),
    close: async () => appendFileSync("closed.txt", `${process.pid}\n`),
    reopenLogs: async () => {
      appendFileSync("reopened.txt", `${process.pid}\n`);
      return [];
    },
  };
});
