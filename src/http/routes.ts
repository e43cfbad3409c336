import type { FastifyInstance } from "fastify";
import { WorkQueue } from "../concurrency/work-queue.ts";
import { publicBase } from "../config/settings.ts";
import { errorRecord } from "../observe/logger.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { AppParts } from "./app-parts.ts";
import { batchRoutes } from "./batch/batch.ts";
import { comparedRows } from "./batch/batch-rows.ts";
import { batchFiles } from "./batch/files/batch-files.ts";
import { stacksRoute } from "./batch/stacks/stacks.ts";
import { colorRoute } from "./color/color.ts";
import { imagesRoute } from "./images/images.ts";
import { tileRoutes } from "./images/tiles.ts";
import { installUnsentLimit, UnsentBytes } from "./limits/connection-limit.ts";
import { healthRoutes, metricsRoute } from "./operations/monitoring.ts";
import { pageRoutes } from "./page/page.ts";
import { installCompression } from "./plugins/compression.ts";
import { readinessProbe } from "./readiness.ts";
import type { ReadClientAddress } from "./requests/client-address.ts";
import { productCacheControl, recentProducts, type SendingParts } from "./responses/send-product.ts";
import { queryRoute } from "./search/query.ts";
import { summaryRoute } from "./search/summary.ts";
import { voRoutes } from "./vo/vo-routes.ts";

/** Concurrent database queries, and the length of their queue. */
const QUERIES = { concurrency: 16, limit: 512 };

/** Concurrent reads of small files, and the length of their queue. */
const READS = { concurrency: 32, limit: 1024 };

/** Bytes of responses that a worker buffers for clients that have not read them yet. */
const MAXIMUM_UNSENT_BYTES = 2 ** 27;

/** What routes are made from. */
interface RouteParts extends AppParts {
  readonly metrics: Metrics;
  readonly clientOf: ReadClientAddress;
}

/**
 * Registers every route of the service. To add one, add a file to the folder of its resource and a
 * line below: those of `json` are compressed, and count the bytes that clients have not read yet.
 */
export async function registerRoutes(scope: FastifyInstance, parts: RouteParts): Promise<void> {
  const { settings, catalog, products, jobs, logger, metrics, clientOf, version } = parts;
  const unsent = new UnsentBytes(MAXIMUM_UNSENT_BYTES);
  const sending: SendingParts = {
    recent: recentProducts(settings.cache.memoryBytes),
    cacheControl: productCacheControl(settings.http.maxAgeSeconds),
    reads: new WorkQueue(READS),
    unsent,
    cut: (jobId, reason) => logger.error({ job_id: jobId, ...errorRecord(reason) }),
  };
  const productRoutes = { products, logger, metrics, clientOf, sending };
  const baseUrl = publicBase(settings);
  await scope.register(imagesRoute, { ...productRoutes, baseUrl });
  if (products.tiles !== undefined)
    await scope.register(tileRoutes, { tiles: products.tiles, sending, clientOf, baseUrl });
  await scope.register(colorRoute, { ...productRoutes, catalog });
  if (jobs !== undefined) {
    const { results } = parts;
    const resultStore = results === undefined ? {} : { results };
    await scope.register(batchFiles, { jobs, products, sending, clientOf, baseUrl, ...resultStore });
    await scope.register(stacksRoute, { jobs, products, clientOf, sending });
  }
  const probe = readinessProbe(catalog, settings);
  await scope.register(healthRoutes, {
    probe,
    isLeaving: parts.isLeaving ?? (() => false),
  });
  await scope.register(metricsRoute, { metrics, otherSamples: parts.otherSamples ?? (async () => ({})) });
  const queries = new WorkQueue(QUERIES);
  await scope.register(voRoutes, {
    ...productRoutes,
    ...{ settings, catalog, queries, jobs, probe, baseUrl, version },
    prefix: "/vo",
  });
  await scope.register(async (json) => {
    installUnsentLimit(json, unsent);
    installCompression(json);
    const maximumPixels = settings.products.maximumCutoutSize;
    await json.register(queryRoute, { catalog, queries, baseUrl, maximumPixels });
    await json.register(summaryRoute, { catalog, queries });
    if (jobs !== undefined) {
      await json.register(batchRoutes, {
        ...{ jobs, catalog, products, queries, settings, baseUrl, clientOf, logger },
        version: parts.version,
        ...(parts.results !== undefined && { results: parts.results }),
      });
    }
    if (parts.page !== undefined) {
      await json.register(pageRoutes, {
        page: parts.page,
        catalog,
        products,
        queries,
        logger,
        metrics,
        version: parts.version,
        basePath: settings.http.prefix,
        baseUrl,
        maximumPixels,
        maximumRows: jobs === undefined ? null : settings.batch.rows,
        catchUrl: settings.page.catchUrl,
        ...(jobs !== undefined && { imagesOf: (id: string) => comparedRows(jobs, id) }),
      });
    }
    json.get("/openapi.json", { schema: { hide: true } }, async () => scope.swagger());
  });
}
