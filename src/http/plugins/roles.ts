import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

/** Routes that respond whatever the role of the machine. */
const ALWAYS = /^\/(?:health|ready|metrics)\/?$/;

/**
 * Refuses clients on a machine that only runs jobs: 503, so that a balancer that sends them here by
 * mistake tries another machine.
 */
export function installJobsOnly(app: FastifyInstance, prefix: string): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (path.startsWith(prefix) && ALWAYS.test(path.slice(prefix.length))) return done();
    done(new SisError("NOT_SERVING", "This machine only runs jobs (SBNSIS_ROLES)."));
  });
}
