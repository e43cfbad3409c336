import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../../src/http/app.ts";
import { JobRunner } from "../../src/jobs/job-runner.ts";
import type { JobQueue } from "../../src/jobs/job-store.ts";
import { openJobs } from "../../src/jobs/open-jobs.ts";
import { batchHandler } from "../../src/moving-objects/batch-handler.ts";
import { type SkyArchive, skyArchive } from "./inputs/sky-archive.ts";
import { SILENT } from "./test-service.ts";

/** An application with batches of the frames of a generated archive. */
export interface BatchService {
  readonly archive: SkyArchive;
  readonly jobs: JobQueue;
  readonly runner: JobRunner;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** Starts a service with this many frames, and `env` as settings; its runner is not started. */
export async function batchService(frames: number, env: Record<string, string> = {}): Promise<BatchService> {
  const archive = await skyArchive(frames, env);
  const { settings, catalog, products, folder } = archive;
  const jobs = openJobs({ database: join(folder, "jobs.db") });
  const { maximumCutoutSize } = settings.products;
  const handlers = { batch: batchHandler({ catalog, products, maximumCutoutSize }) };
  const runner = new JobRunner({ queue: jobs, handlers, node: "test", leaseMs: 10_000 });
  const app = await buildApp({ settings, catalog, products, jobs, logger: SILENT, version: "0.0.0" });
  return {
    archive,
    jobs,
    runner,
    app,
    close: async () => {
      await app.close();
      await runner.drain();
      await jobs.close();
      await archive.close();
    },
  };
}
