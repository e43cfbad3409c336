import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import type { Settings } from "../../config/settings-groups.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { publisherIds } from "../../soda/publisher-did.ts";
import { installUnsentLimit } from "../limits/connection-limit.ts";
import { installCompression } from "../plugins/compression.ts";
import type { Readiness } from "../readiness.ts";
import type { ProductRouteOptions } from "../responses/respond-with-product.ts";
import { linksRoute } from "./links.ts";
import { mocRoutes } from "./moc.ts";
import type { VoAddresses } from "./observation-cells.ts";
import { registryRoute } from "./registry.ts";
import { installFormBodies } from "./request-parameters.ts";
import { sia2Route } from "./sia2.ts";
import { sodaSyncRoute } from "./soda-sync.ts";
import { sodaAsyncRoutes } from "./uws/soda-async.ts";
import { vosiRoutes } from "./vosi.ts";

export interface VoRoutesOptions extends ProductRouteOptions {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly jobs: JobStore | undefined;
  readonly probe: () => Promise<Readiness>;
  readonly baseUrl: string;
  readonly version: string;
}

/**
 * The interfaces of the Virtual Observatory. They are not in the OpenAPI document: their names are
 * case-insensitive, their values can repeat, and their clients read /capabilities.
 */
export async function voRoutes(app: FastifyInstance, options: VoRoutesOptions): Promise<void> {
  const { settings, catalog, queries, jobs, probe, baseUrl, version } = options;
  const { products, logger, metrics, clientOf, sending } = options;
  // not all options: their prefix would count twice
  const productRoutes = { products, logger, metrics, clientOf, sending };
  const voUrl = `${baseUrl}/vo`;
  const ids = publisherIds(settings.vo.authority);
  const addresses: VoAddresses = { baseUrl, voUrl, ids };
  installFormBodies(app);
  app.addHook("onRoute", (route) => {
    route.schema = { ...route.schema, hide: true };
  });
  const { maximumPixels } = settings.vo;
  await app.register(sodaSyncRoute, { ...productRoutes, catalog, queries, ids, maximumPixels });
  await app.register(async (documents) => {
    installUnsentLimit(documents, sending.unsent);
    installCompression(documents);
    await documents.register(sia2Route, { catalog, queries, addresses, logger });
    await documents.register(linksRoute, { catalog, queries, addresses, logger });
    await documents.register(sodaAsyncRoutes, { ...productRoutes, jobs, asyncUrl: `${voUrl}/async` });
    await documents.register(vosiRoutes, { catalog, queries, jobs, probe, voUrl, ids });
    await documents.register(registryRoute, {
      authority: settings.vo.authority,
      contact: settings.vo.contact,
      baseUrl,
      voUrl,
      version,
      moc: async () => await queries.run(async () => await coarseCoverage(catalog)),
      span: async () => await queries.run(async () => await catalog.timeSpan()),
    });
    await documents.register(mocRoutes, { catalog, queries, voUrl });
  });
}

/** Order of the coverage in the record of the service: cells of about a degree. */
const RECORD_ORDER = 6;

/** The coverage of all images as text; undefined if the harvest has not written it yet. */
async function coarseCoverage(catalog: Catalog): Promise<string | undefined> {
  const bytes = await catalog.surveyCoverage({ name: "all", form: "ascii", order: RECORD_ORDER });
  return bytes && new TextDecoder().decode(bytes).trim();
}
