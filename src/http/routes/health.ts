import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";

/** GET /health: the process answers. GET /ready: the database does too; else the answer is that error's. */
export async function healthRoutes(
  app: FastifyInstance,
  { catalog }: { readonly catalog: Catalog },
): Promise<void> {
  const schema = { hide: true };
  app.get("/health", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });
  app.get("/ready", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    // an id that no label can have: one index probe
    await catalog.findImage("");
    return { status: "ready" };
  });
}
