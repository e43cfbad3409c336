import type { FastifyInstance } from "fastify";
import type { Readiness } from "../readiness.ts";

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
