import cors from "@fastify/cors";
import { type FastifyInstance, fastify } from "fastify";
import { createMetrics } from "../observe/metrics.ts";
import type { AppParts } from "./app-parts.ts";
import { ClientBuckets } from "./client-buckets.ts";
import { maximumConnections } from "./limits/connection-limit.ts";
import { productSamples } from "./operations/monitoring.ts";
import { installAccessLog, installRequestMetrics } from "./plugins/access-log.ts";
import { handleClientError, installErrors, sendError } from "./plugins/errors.ts";
import { installHostField, installMethods } from "./plugins/methods.ts";
import { handleOneAtATime } from "./plugins/one-at-a-time.ts";
import { installOpenapi } from "./plugins/openapi.ts";
import { installRateLimit } from "./plugins/rate-limit.ts";
import { installJobsOnly } from "./plugins/roles.ts";
import { installStallTimeout } from "./plugins/stall-timeout.ts";
import { installTracing } from "./plugins/tracing.ts";
import { clientAddressReader } from "./requests/client-address.ts";
import { validatorCompiler } from "./requests/query-validator.ts";
import { installCancellation } from "./responses/client-signal.ts";
import { JOB_ID_HEADER, newJobId } from "./responses/problem.ts";
import { registerRoutes } from "./routes.ts";

/**
 * Logical identifiers have up to 255 characters, three each when percent-encoded; the router
 * responds to longer ones with 414.
 */
const MAXIMUM_PARAMETER_LENGTH = 1024;

/** Response headers that a page of another origin may read. */
const EXPOSED_HEADERS = [
  "Content-Disposition",
  "Content-Length",
  "Content-Range",
  "ETag",
  "Accept-Ranges",
  "Last-Modified",
  "Link",
  "Location",
  "Preference-Applied",
  "Retry-After",
  "Server-Timing",
  "X-Total-Count",
  "X-Without-Footprint",
  JOB_ID_HEADER,
];

/**
 * Headers of every response. CORS sets some as well, but only for routes: pages should be able to
 * read other errors too.
 */
const COMMON_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": EXPOSED_HEADERS.join(", "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "cross-origin",
  // a label is XML, whose scripts a browser would run; the pages of Swagger UI have a policy of
  // their own
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
};

/**
 * The head of a request must arrive within the first time, all of it within the second; checked at
 * the third interval. Milliseconds.
 */
const SLOW_REQUESTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

/** Builds the application with all routes below BASE_HREF; it does not listen. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { settings, products, logger, version, metrics = createMetrics() } = parts;
  metrics.addSource(() => productSamples(products.load()));
  const prefix = settings.http.prefix;
  const app = fastify({
    logger: false,
    genReqId: newJobId,
    requestIdHeader: false,
    return503OnClosing: false,
    bodyLimit: 4096,
    // a missing Host receives a problem document, like every other error
    http: { ...SLOW_REQUESTS, requireHostHeader: false },
    requestTimeout: SLOW_REQUESTS.requestTimeout,
    keepAliveTimeout: 72_000,
    // `/summary/` responds as `/summary` does: the existing service redirects one to the other
    routerOptions: { maxParamLength: MAXIMUM_PARAMETER_LENGTH, ignoreTrailingSlash: true },
    clientErrorHandler: (error, socket) => handleClientError(error, socket, prefix),
    frameworkErrors: (error, request, reply) => {
      reply.headers({ [JOB_ID_HEADER]: request.id, ...COMMON_HEADERS });
      sendError(error, request, reply, { logger, metrics, prefix });
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  installTracing(app);
  installErrors(app, { logger, metrics, prefix });
  installCancellation(app);
  installRequestMetrics(app, metrics, prefix);
  const clientOf = clientAddressReader(settings.http.trustedProxies);
  if (logger.access !== undefined) installAccessLog(app, logger.access, clientOf);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers({ [JOB_ID_HEADER]: request.id, ...COMMON_HEADERS });
    done();
  });
  installStallTimeout(app, settings.http.stallSeconds * 1000);
  installHostField(app);
  if (!settings.cluster.roles.has("serve")) installJobsOnly(app, prefix);
  installMethods(app, prefix, parts.page !== undefined);
  const { perMinute, burst } = settings.rateLimit;
  if (perMinute > 0) {
    const own = new ClientBuckets({ perMinute, burst });
    const take = parts.takeTurn ?? ((client: string) => own.take(client));
    installRateLimit(app, { take, clientOf, perMinute, prefix });
  }
  await app.register(cors, {
    origin: "*",
    methods: ["GET", "HEAD", "POST", "DELETE", "OPTIONS"],
    maxAge: 86_400,
    strictPreflight: false,
  });
  await installOpenapi(app, prefix, version);
  await app.register((scope) => registerRoutes(scope, { ...parts, metrics, clientOf }), { prefix });
  await app.ready();
  handleOneAtATime(app.server);
  app.server.maxConnections = maximumConnections();
  return app;
}
