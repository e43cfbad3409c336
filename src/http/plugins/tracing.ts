import type { FastifyInstance } from "fastify";
import { RequestTrace } from "../../observe/tracing.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Its trace; undefined for a request that never reached a route, such as a malformed one. */
    trace: RequestTrace | undefined;
  }
}

/**
 * Gives each request a span, named after its route (semantic conventions for HTTP of
 * OpenTelemetry).
 */
export function installTracing(app: FastifyInstance): void {
  app.decorateRequest("trace", undefined);
  app.addHook("onRequest", (request, _reply, done) => {
    const { method, headers } = request;
    const route = request.routeOptions.url;
    const name = route === undefined ? method : `${method} ${route}`;
    request.trace = new RequestTrace(name, headers, {
      "http.request.method": method,
      ...(route !== undefined && { "http.route": route }),
      "sbnsis.job_id": request.id,
    });
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    request.trace?.end(reply.statusCode);
    done();
  });
}
