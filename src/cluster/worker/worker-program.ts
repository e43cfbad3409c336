import { isDatabaseAway, liveCatalog } from "../../catalog/open-catalog.ts";
import { loadSettings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";
import { buildApp } from "../../http/app.ts";
import { readinessProbe } from "../../http/readiness.ts";
import { ignoreBrokenPipes } from "../../observe/broken-pipes.ts";
import { openLogger } from "../../observe/logger.ts";
import { createMetrics } from "../../observe/metrics.ts";
import { watchProcess } from "../../observe/process-samples.ts";
import { createProductService } from "../../products/product-service.ts";
import { askOwnMaster } from "../control/ask-own-master.ts";
import { FOREGROUND_VARIABLE, REQUIREMENT_VARIABLE, type WorkerRequirement } from "../control/protocol.ts";
import { installedVersion } from "../installed-version.ts";
import { sharedRateLimit } from "../master/shared-rate-limit.ts";
import { runWorker } from "./worker-life.ts";

ignoreBrokenPipes();
// The program of a worker: settings, log, catalogue, products and the application, in the order of their dependence; closed in the opposite one.
await runWorker(async () => {
  const requirement = (process.env[REQUIREMENT_VARIABLE] ?? "nothing") as WorkerRequirement;
  const settings = loadSettings(process.cwd());
  const logger = openLogger({
    file: settings.SBNSIS_LOG_FILE,
    accessFile: settings.SBNSIS_ACCESS_LOG,
    stderr: process.env[FOREGROUND_VARIABLE] !== undefined,
  });
  for (const problem of logger.problems()) logger.warn({ event: "log not opened", problem });
  const catalog = liveCatalog(settings);
  const connecting = catalog.open().then(
    () => {
      for (const warning of catalog.warnings) logger.warn({ event: "catalogue", warning });
    },
    (error: Error) => {
      const isExcused = requirement === "all-but-database-server" && isDatabaseAway(error);
      if (requirement !== "nothing" && !isExcused) throw error;
      // what needs no database is served at once; the rest is 503 until it is there
      logger.warn({ event: "not ready", reason: error.message });
    },
  );
  if (requirement === "nothing") void connecting;
  else await connecting;
  const version = installedVersion();
  const warn = (warning: string) => logger.warn({ event: "products", warning });
  const products = createProductService({ settings, catalog, version, warn });
  const metrics = createMetrics();
  metrics.addSource(watchProcess(version));
  metrics.addSource(() => logger.samples());
  let isLeaving = false;
  const rateLimit = sharedRateLimit(settings);
  const app = await buildApp({
    settings,
    catalog,
    products,
    logger,
    version,
    metrics,
    isLeaving: () => isLeaving,
    otherSamples: async () => {
      const answer = await askOwnMaster({ about: "samples" });
      return answer?.about === "samples" ? answer.samples : {};
    },
    takeTurn: (client) => rateLimit.take(client),
  });
  if (requirement !== "nothing") {
    const { ready, checks, isDatabaseAway } = await readinessProbe(catalog, settings)();
    const isExcused = requirement === "all-but-database-server" && isDatabaseAway;
    if (!ready && !isExcused) {
      const missing = Object.entries(checks).map(([name, found]) => `${name} ${found}`);
      throw new SisError("OPERATION_FAILED", `it is not ready: ${missing.join(", ")}`);
    }
  }
  return {
    server: app.server,
    drainMs: settings.SBNSIS_DRAIN_SECONDS * 1000,
    leave: () => {
      isLeaving = true;
    },
    samples: metrics.samples,
    reopenLogs: () => logger.reopen(),
    close: async () => {
      await app.close();
      await products.close();
      await catalog.close();
      await logger.close();
    },
  };
});
