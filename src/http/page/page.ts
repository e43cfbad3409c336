import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { Logger } from "../../observe/logger.ts";
import type { Metrics } from "../../observe/metrics.ts";
import type { ProductService } from "../../products/product.ts";
import { acceptedCoding } from "../plugins/compression.ts";
import type { LinkOptions } from "../search/search-links.ts";
import type { BuiltPage } from "./built-page.ts";
import { contentsReader } from "./documents/catalog-contents.ts";
import type { ComparedImage } from "./documents/compared-first.ts";
import { guideRoutes } from "./documents/guide.ts";
import { startRoute } from "./documents/start.ts";
import { viewRoutes } from "./documents/views.ts";
import { installPageErrors } from "./page-errors.ts";
import { contentSecurityPolicy, setPageHeaders } from "./send-page.ts";
import { siteFiles } from "./site-files.ts";

export interface PageOptions extends LinkOptions {
  readonly page: BuiltPage;
  readonly catalog: Catalog;
  readonly products: ProductService;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly version: string;
  /** Path before every route. */
  readonly basePath: string;
  readonly maximumRows: number | null;
  readonly catchUrl: string;
  /** Images of a batch in the order in which Compare shows them. */
  readonly imagesOf?: (batch: string) => Promise<readonly ComparedImage[]>;
}

/** The start page, the views, their scripts, the icon and robots.txt. */
export async function pageRoutes(app: FastifyInstance, options: PageOptions): Promise<void> {
  const { page, catalog, basePath, baseUrl, version, logger, metrics, catchUrl } = options;
  const policy = contentSecurityPolicy(catchUrl === "" ? [] : [new URL(catchUrl).origin]);
  const site = { page, basePath, baseUrl, version };
  const contents = contentsReader(catalog);
  installPageErrors(app, { site, policy, logger, metrics });
  await app.register(assetsRoute, { page, policy });
  await app.register(siteFiles, { baseUrl });
  await app.register(startRoute, { site, policy, contents, queries: options.queries });
  await app.register(guideRoutes, { site, policy });
  await app.register(viewRoutes, { ...options, site, policy, contents });
}

interface AssetsOptions {
  readonly page: BuiltPage;
  readonly policy: string;
}

/** GET /view/assets/{name}: scripts and styles, from memory, which never change under a name. */
async function assetsRoute(app: FastifyInstance, { page, policy }: AssetsOptions): Promise<void> {
  app.get<{ Params: { name: string } }>(
    "/view/assets/:name",
    { schema: { hide: true } },
    async (request, reply) => {
      const asset = page.assets.get(request.params.name);
      if (asset === undefined)
        throw new SisError("ROUTE_NOT_FOUND", "This version of the page has no such file.");
      setPageHeaders(reply, policy);
      const coding = asset.coded && acceptedCoding(request.headers["accept-encoding"]);
      if (coding !== undefined) reply.header("content-encoding", coding);
      const body = coding === undefined ? asset.bytes : asset.coded?.[coding];
      return reply
        .header("cache-control", "public, max-age=31536000, immutable")
        .header("vary", "Accept-Encoding")
        .type(asset.type)
        .send(body);
    },
  );
}
