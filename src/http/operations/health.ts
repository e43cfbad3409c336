import type { FastifyInstance } from "fastify";
import type { Readiness } from "../readiness.ts";

/** What the two routes look at. */
interface HealthParts {
  readonly probe: () => Promise<Readiness>;
  readonly isLeaving: () => boolean;
}

/** GET /health: the process answers. GET /ready: what it needs is there too and it is not about to end, else 503 and why. */
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
