import type { FastifyInstance } from "fastify";
import { configuredNodeName } from "../../concurrency/process-identity.ts";
import type { Metrics } from "../../observe/metrics.ts";
import { addSamples, EXPOSITION_TYPE, exposition, type Samples, seriesName } from "../../observe/samples.ts";
import type { ProductService } from "../../products/product.ts";
import type { Readiness } from "../readiness.ts";

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
  const { store, ...pools } = load;
  const stored = Object.entries(store ?? {}).map(([outcome, count]) => ({
    [seriesName("sbnsis_product_store_total", { outcome })]: count,
  }));
  return addSamples([
    ...stored,
    ...Object.entries(pools).map(
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
  ]);
}

/** What the two routes check. */
interface HealthParts {
  readonly probe: () => Promise<Readiness>;
  readonly isLeaving: () => boolean;
}

/**
 * GET /health: the process responds. GET /ready: its dependencies are available too and it is not
 * about to end; otherwise 503 with the reason.
 */
export async function healthRoutes(app: FastifyInstance, { probe, isLeaving }: HealthParts): Promise<void> {
  const schema = { hide: true };
  app.get("/health", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });
  app.get("/ready", { schema }, async (_request, reply) => {
    const { ready, checks } = await probe();
    reply.header("cache-control", "no-store");
    if (isLeaving()) {
      reply.code(503).header("retry-after", "5");
      return { status: "stopping", checks };
    }
    if (!ready) reply.code(503).header("retry-after", "5");
    return { status: ready ? "ready" : "not ready", checks };
  });
}
