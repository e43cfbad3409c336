import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Metrics } from "../../observe/metrics.ts";

const METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Counts every response, including those whose client disconnected before they were complete. */
export function installRequestMetrics(app: FastifyInstance, metrics: Metrics, prefix: string): void {
  let inFlight = 0;
  app.addHook("onRequest", (_request, reply, done) => {
    inFlight++;
    reply.raw.once("close", () => {
      inFlight--;
      if (!reply.raw.writableFinished) metrics.count("sbnsis_http_aborted_total");
    });
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = routeOf(request, prefix);
    const method = METHODS.has(request.method) ? request.method : "other";
    metrics.count("sbnsis_http_requests_total", { route, method, status: reply.statusCode });
    metrics.observe("sbnsis_http_request_duration_seconds", { route }, reply.elapsedTime / 1000);
    const bytes = request.method === "HEAD" ? 0 : Number(reply.getHeader("content-length") ?? 0);
    metrics.count("sbnsis_http_response_bytes_total", { route }, bytes);
    done();
  });
  metrics.addSource(() => ({ sbnsis_http_requests_in_flight: inFlight }));
}

/**
 * The route pattern without the service's prefix; `other` for requests without a route, and one
 * pattern for all files of the pages.
 */
function routeOf(request: FastifyRequest, prefix: string): string {
  const pattern = request.routeOptions.url;
  if (pattern === undefined || pattern === "*") return "other";
  const route = pattern.slice(prefix.length);
  return route.startsWith("/ui") ? "/ui" : route;
}
