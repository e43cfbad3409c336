import type { FastifyInstance } from "fastify";
import type { Metrics } from "../../observe/metrics.ts";
import { addSamples, EXPOSITION_TYPE, exposition, type Samples } from "../../observe/samples.ts";

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
    return Buffer.from(exposition(addSamples([options.metrics.samples(), others])));
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
