import type { FastifyInstance } from "fastify";
import { configuredNodeName } from "../../concurrency/node-name.ts";
import type { Metrics } from "../../observe/metrics.ts";
import { addSamples, EXPOSITION_TYPE, exposition, type Samples, seriesName } from "../../observe/samples.ts";
import type { ProductService } from "../../products/product.ts";

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  /** Metrics of the other processes of this service. */
  readonly otherSamples: () => Promise<Samples>;
}

/**
 * GET /metrics: the whole service for Prometheus, whichever worker responds. Requests that arrive
 * while a response is being made share it.
 */
export async function metricsRoute(app: FastifyInstance, options: MetricsRouteOptions): Promise<void> {
  const make = async () => {
    const others = await options.otherSamples();
    return Buffer.from(exposition(addSamples([options.metrics.samples(), others]), configuredNodeName()));
  };
  let pending: Promise<Buffer> | undefined;
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    pending ??= make().finally(() => {
      pending = undefined;
    });
    const text = await pending;
    reply.header("cache-control", "no-store").header("content-type", EXPOSITION_TYPE);
    return reply.send(text);
  });
}

/** Load of the compute threads as metrics. */
export function productSamples(load: ReturnType<ProductService["load"]>): Samples {
  return addSamples(
    Object.entries(load).map(
      ([pool, { waiting, running, limit, tasks, seconds, timeouts = 0, endedThreads = 0 }]) => ({
        [seriesName("sbnsis_queue_waiting", { pool })]: waiting,
        [seriesName("sbnsis_queue_running", { pool })]: running,
        [seriesName("sbnsis_queue_limit", { pool })]: limit,
        [seriesName("sbnsis_compute_tasks_total", { pool })]: tasks,
        [seriesName("sbnsis_compute_seconds_total", { pool })]: seconds,
        [seriesName("sbnsis_compute_timeouts_total", { pool })]: timeouts,
        [seriesName("sbnsis_compute_threads_ended_total", { pool })]: endedThreads,
      }),
    ),
  );
}
