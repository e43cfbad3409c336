import cors from "@fastify/cors";
import { type FastifyInstance, fastify } from "fastify";
import type { Catalog } from "../catalog/catalog.ts";
import { WorkQueue } from "../concurrency/work-queue.ts";
import { publicBase, type Settings } from "../config/settings.ts";
import { errorRecord, type Logger } from "../observe/logger.ts";
import { createMetrics, type Metrics } from "../observe/metrics.ts";
import type { Samples } from "../observe/samples.ts";
import type { ProductService } from "../products/product.ts";
import { ClientBuckets } from "./client-buckets.ts";
import { imagesRoute } from "./images/images.ts";
import { maximumConnections } from "./limits/connection-limit.ts";
import { installUnsentLimit, UnsentBytes } from "./limits/unsent-bytes.ts";
import { healthRoutes } from "./operations/health.ts";
import { metricsRoute } from "./operations/metrics.ts";
import { productSamples } from "./operations/product-samples.ts";
import { installAccessLog } from "./plugins/access-log.ts";
import { installCompression } from "./plugins/compression.ts";
import { installErrors, sendError } from "./plugins/errors.ts";
import { installHostField } from "./plugins/host-field.ts";
import { installMethods } from "./plugins/methods.ts";
import { handleOneAtATime } from "./plugins/one-at-a-time.ts";
import { installOpenapi } from "./plugins/openapi.ts";
import { installRateLimit, type TakeTurn } from "./plugins/rate-limit.ts";
import { installRequestMetrics } from "./plugins/request-metrics.ts";
import { installStallTimeout } from "./plugins/stall-timeout.ts";
import { readinessProbe } from "./readiness.ts";
import { clientAddressReader } from "./requests/client-address.ts";
import { handleClientError } from "./requests/malformed-request.ts";
import { validatorCompiler } from "./requests/query-validator.ts";
import { productCacheControl } from "./responses/cache-control.ts";
import { installCancellation } from "./responses/client-signal.ts";
import { JOB_ID_HEADER, newJobId } from "./responses/job-id.ts";
import { recentProducts } from "./responses/recent-products.ts";
import { queryRoute } from "./search/query.ts";
import { summaryRoute } from "./search/summary.ts";

/** What the application depends on. It closes none of it. */
export interface AppParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly products: ProductService;
  readonly logger: Logger;
  /** Version of the service, for the OpenAPI document. */
  readonly version: string;
  /** Counters of this process; defaults to new ones. */
  readonly metrics?: Metrics;
  /** Metrics of the other processes of the service, for GET /metrics; defaults to none. */
  readonly otherSamples?: () => Promise<Samples>;
  /**
   * Whether the service is about to end and takes requests only until clients have noticed;
   * defaults to never.
   */
  readonly isLeaving?: () => boolean;
  /**
   * Counts requests of clients against SBNSIS_RATE_LIMIT across all processes; defaults to counting
   * those of this process.
   */
  readonly takeTurn?: TakeTurn;
}

/**
 * Logical identifiers have up to 255 characters, three each when percent-encoded; the router
 * responds to longer ones with 414.
 */
const MAXIMUM_PARAMETER_LENGTH = 1024;

/** Concurrent database queries, and the length of their queue. */
const QUERIES = { concurrency: 16, limit: 512 };

/** Concurrent reads of small files, and the length of their queue. */
const READS = { concurrency: 32, limit: 1024 };

/** Bytes of responses that a worker holds in memory for clients that have not taken them yet. */
const MAXIMUM_UNSENT_BYTES = 2 ** 27;

/** Response headers that a page of another origin may read. */
const EXPOSED_HEADERS = [
  "Content-Disposition",
  "Content-Length",
  "Content-Range",
  "ETag",
  "Accept-Ranges",
  "Last-Modified",
  "Link",
  "Retry-After",
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
  const { settings, catalog, products, logger, version, metrics = createMetrics() } = parts;
  const otherSamples = parts.otherSamples ?? (async () => ({}));
  metrics.addSource(() => productSamples(products.load()));
  const prefix = settings.BASE_HREF;
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
    clientErrorHandler: handleClientError,
    frameworkErrors: (error, request, reply) => {
      reply.headers({ [JOB_ID_HEADER]: request.id, ...COMMON_HEADERS });
      sendError(error, request, reply, { logger, metrics });
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  installErrors(app, logger, metrics);
  installCancellation(app);
  installRequestMetrics(app, metrics, prefix);
  const clientOf = clientAddressReader(settings.TRUSTED_PROXIES);
  if (logger.access !== undefined) installAccessLog(app, logger.access, clientOf);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers({ [JOB_ID_HEADER]: request.id, ...COMMON_HEADERS });
    done();
  });
  installStallTimeout(app, settings.SBNSIS_STALL_SECONDS * 1000);
  installHostField(app);
  installMethods(app, prefix);
  const { SBNSIS_RATE_LIMIT: perMinute, SBNSIS_RATE_BURST: burst } = settings;
  if (perMinute > 0) {
    const own = new ClientBuckets({ perMinute, burst });
    const take = parts.takeTurn ?? ((client: string) => own.take(client));
    installRateLimit(app, { take, clientOf, perMinute, prefix });
  }
  await app.register(cors, {
    origin: "*",
    methods: ["GET", "HEAD", "OPTIONS"],
    maxAge: 86_400,
    strictPreflight: false,
  });
  await installOpenapi(app, prefix, version);
  const baseUrl = publicBase(settings);
  const unsent = new UnsentBytes(MAXIMUM_UNSENT_BYTES);
  await app.register(
    async (scope) => {
      await scope.register(imagesRoute, {
        products,
        logger,
        metrics,
        clientOf,
        sending: {
          recent: recentProducts(settings.SBNSIS_MEMORY_CACHE_BYTES),
          cacheControl: productCacheControl(settings.SBNSIS_MAX_AGE),
          reads: new WorkQueue(READS),
          unsent,
          cut: (jobId, reason) => logger.error({ job_id: jobId, ...errorRecord(reason) }),
        },
      });
      await scope.register(healthRoutes, {
        probe: readinessProbe(catalog, settings),
        isLeaving: parts.isLeaving ?? (() => false),
      });
      await scope.register(metricsRoute, { metrics, otherSamples });
      await scope.register(async (json) => {
        const queries = new WorkQueue(QUERIES);
        const maximumPixels = settings.MAXIMUM_CUTOUT_SIZE;
        installUnsentLimit(json, unsent);
        installCompression(json);
        await json.register(queryRoute, { catalog, queries, baseUrl, maximumPixels });
        await json.register(summaryRoute, { catalog, queries });
        json.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
      });
    },
    { prefix },
  );
  await app.ready();
  handleOneAtATime(app.server);
  app.server.maxConnections = maximumConnections();
  return app;
}
