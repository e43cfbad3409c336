import { openCatalog } from "../catalog/open-catalog.ts";
import { loadSettings } from "../config/settings.ts";
import { buildApp } from "../http/app.ts";
import { openLogger } from "../http/logging/logger.ts";
import { createProductService } from "../products/product-service.ts";
import { installedVersion } from "./installed-version.ts";
import { FOREGROUND_VARIABLE } from "./protocol.ts";
import { runWorker } from "./worker-life.ts";

// The program of a worker: settings, log, catalogue, products and the application, in the order of their dependence; closed in the opposite one.
await runWorker(async () => {
  const settings = loadSettings(process.cwd());
  const logger = openLogger({
    file: settings.SBNSIS_LOG_FILE,
    accessFile: settings.SBNSIS_ACCESS_LOG,
    stderr: process.env[FOREGROUND_VARIABLE] !== undefined,
  });
  const catalog = await openCatalog(settings);
  const version = installedVersion();
  const products = createProductService({ settings, catalog, version });
  const app = await buildApp({ settings, catalog, products, logger, version });
  const ready = await app.inject({ url: `${settings.BASE_HREF}/ready` });
  if (ready.statusCode !== 200) throw new Error(`/ready answers ${ready.statusCode}: ${ready.body}`);
  return {
    server: app.server,
    reopenLogs: () => logger.reopen(),
    close: async () => {
      await app.close();
      await products.close();
      await catalog.close();
      await logger.close();
    },
  };
});
