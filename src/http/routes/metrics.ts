import type { FastifyInstance } from "fastify";
import { EXPOSITION_TYPE, exposition } from "../metrics/exposition.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { addSamples, type Samples } from "../metrics/samples.ts";

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  /** Values of the other processes of this service. */
  readonly otherSamples: () => Promise<Samples>;
}

/** GET /metrics: the whole service for Prometheus, whichever worker is asked. */
export async function metricsRoute(app: FastifyInstance, options: MetricsRouteOptions): Promise<void> {
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    const others = await options.otherSamples();
    reply.header("cache-control", "no-store").header("content-type", EXPOSITION_TYPE);
    return reply.send(Buffer.from(exposition(addSamples([options.metrics.samples(), others]))));
  });
}
