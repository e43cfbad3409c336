import type { FastifyInstance } from "fastify";
import type { Readiness } from "../readiness.ts";

/** GET /health: the process answers. GET /ready: what it needs is there too, else 503 and what is missing. */
export async function healthRoutes(
  app: FastifyInstance,
  { probe }: { readonly probe: () => Promise<Readiness> },
): Promise<void> {
  const schema = { hide: true };
  app.get("/health", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });
  app.get("/ready", { schema }, async (_request, reply) => {
    const { ready, checks } = await probe();
    reply.header("cache-control", "no-store");
    if (!ready) reply.code(503).header("retry-after", "5");
    return { status: ready ? "ready" : "not ready", checks };
  });
}
