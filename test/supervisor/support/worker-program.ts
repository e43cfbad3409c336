import { appendFileSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { runWorker } from "../../../src/supervisor/worker-life.ts";

// A real worker around a small service: /pid, /slow?ms=, /version. The files "broken" and "version" in its directory change its fate.
await runWorker(async () => {
  if (existsSync("broken")) throw new Error("the test says that it is broken");
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const wait = Number(url.searchParams.get("ms") ?? 0);
    setTimeout(() => response.end(`${process.pid}\n`), wait);
  });
  return {
    server,
    drainMs: 15_000,
    samples: () => ({ sbnsis_test_total: 1 }),
    close: async () => appendFileSync("closed.txt", `${process.pid}\n`),
    reopenLogs: () => appendFileSync("reopened.txt", `${process.pid}\n`),
  };
});
