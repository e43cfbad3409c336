import { S3Bucket } from "../../archive/store/s3-bucket.ts";
import { isDatabaseAway, liveCatalog } from "../../catalog/open-catalog.ts";
import { nodeName, setNodeName } from "../../concurrency/process-identity.ts";
import { loadSettings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";
import { buildApp } from "../../http/app.ts";
import { ResultStore } from "../../http/batch/result-store.ts";
import { readBuiltPage } from "../../http/page/built-page.ts";
import { readinessProbe } from "../../http/readiness.ts";
import type { JobHandlers } from "../../jobs/job-runner.ts";
import { JobRunner } from "../../jobs/job-runner.ts";
import { engineWarning, openJobs } from "../../jobs/open-jobs.ts";
import { BATCH_KIND, batchHandler } from "../../moving-objects/batch-handler.ts";
import { openLogger } from "../../observe/logger.ts";
import { createMetrics } from "../../observe/metrics.ts";
import { watchProcess } from "../../observe/process-samples.ts";
import { ignoreBrokenPipes } from "../../observe/standard-streams.ts";
import { createProductService } from "../../products/product-service.ts";
import { publisherIds } from "../../soda/publisher-did.ts";
import { sodaHandler } from "../../soda/soda-handler.ts";
import { SODA_KIND } from "../../soda/soda-job.ts";
import { FOREGROUND_VARIABLE, REQUIREMENT_VARIABLE, type WorkerRequirement } from "../control/protocol.ts";
import { installedVersion } from "../installed-version.ts";
import { requestFromMaster, sharedRateLimit } from "../master/shared-rate-limit.ts";
import { runWorker } from "./worker-life.ts";

ignoreBrokenPipes();
// The program of a worker: settings, log, catalog, products and the application, in order of
// dependence; closed in reverse order.
await runWorker(async () => {
  const requirement = (process.env[REQUIREMENT_VARIABLE] ?? "nothing") as WorkerRequirement;
  const settings = loadSettings(process.cwd());
  setNodeName(settings.cluster.nodeName);
  const logger = openLogger({
    file: settings.log.file,
    accessFile: settings.log.accessFile,
    stderr: process.env[FOREGROUND_VARIABLE] !== undefined,
  });
  for (const problem of logger.problems()) logger.warn({ event: "log not opened", problem });
  const catalog = liveCatalog(settings.database, (warning) => logger.warn({ event: "catalogue", warning }));
  const connecting = catalog.open().then(
    () => {
      for (const warning of catalog.warnings) logger.warn({ event: "catalogue", warning });
    },
    (error: Error) => {
      const isExcused = requirement === "all-but-database-server" && isDatabaseAway(error);
      if (requirement !== "nothing" && !isExcused) throw error;
      // requests that need no database are served at once; the others receive 503 until it is
      // available
      logger.warn({ event: "not ready", reason: error.message });
    },
  );
  if (requirement === "nothing") void connecting;
  else await connecting;
  const version = installedVersion();
  const warn = (warning: string) => logger.warn({ event: "products", warning });
  const products = createProductService({ settings, catalog, version, warn });
  const jobs = openJobs(settings.jobs);
  const { results: bucket, resultUrlSeconds } = settings.store;
  const results = bucket && new ResultStore(new S3Bucket(bucket), resultUrlSeconds, warn);
  // handlers of jobs, by kind
  const { maximumCutoutSize } = settings.products;
  const ids = publisherIds(settings.vo.authority);
  const handlers: JobHandlers = {
    [BATCH_KIND]: batchHandler({ catalog, products, maximumCutoutSize }),
    [SODA_KIND]: sodaHandler({ catalog, products, ids }),
  };
  const { roles } = settings.cluster;
  if (!roles.has("jobs") && !settings.jobs.database.includes("://")) {
    const warning = "SBNSIS_ROLES lacks jobs, but no other machine can run those of a SQLite file";
    logger.warn({ event: "jobs", warning });
  }
  const oldNode = engineWarning(settings.jobs);
  if (oldNode !== undefined) logger.warn({ event: "jobs", warning: oldNode });
  const runner = new JobRunner({
    queue: jobs,
    handlers,
    node: `${nodeName()} process ${process.pid}`,
    leaseMs: settings.jobs.leaseSeconds * 1000,
    isBusy: () => {
      // cutouts of jobs have low-priority threads of their own; threads for frames and archives are
      // shared
      const { frames, remote } = products.load();
      return [frames, remote].some((pool) => pool !== undefined && pool.waiting > 0);
    },
    warn: (warning) => logger.warn({ event: "jobs", warning }),
  });
  const metrics = createMetrics();
  metrics.addSource(watchProcess(version));
  metrics.addSource(() => logger.samples());
  let isLeaving = false;
  const rateLimit = sharedRateLimit(settings);
  const app = await buildApp({
    settings,
    catalog,
    products,
    jobs,
    ...(results !== undefined && { results }),
    ...(settings.page.enabled && { page: readBuiltPage() }),
    logger,
    version,
    metrics,
    isLeaving: () => isLeaving,
    otherSamples: async () => {
      const reply = await requestFromMaster({ about: "samples" });
      return reply?.about === "samples" ? reply.samples : {};
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
    drainMs: settings.cluster.drainSeconds * 1000,
    leave: () => {
      isLeaving = true;
    },
    samples: metrics.samples,
    cancelRequests: () => app.cancelRequests(),
    reopenLogs: () => logger.reopen(),
    startJobs: () => {
      if (roles.has("jobs")) runner.start();
    },
    stopJobs: () => void runner.drain(),
    close: async () => {
      await runner.drain();
      await app.close();
      await results?.close();
      await jobs.close();
      await products.close();
      await catalog.close();
      await logger.close();
    },
  };
});
