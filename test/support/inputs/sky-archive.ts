import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import type { Settings } from "../../../src/config/settings-groups.ts";
import { harvest, LABEL_EXTENSIONS } from "../../../src/harvest/harvest.ts";
import type { ProductService } from "../../../src/products/product.ts";
import { createProductService } from "../../../src/products/product-service.ts";
import { addTestData } from "../../../src/test-data/add-test-data.ts";
import { requireBuilt, THREAD_PROGRAM } from "../programs/built-program.ts";

/** Frames whose pixels are their own positions, in a catalog, and the products of them. */
export interface SkyArchive {
  readonly folder: string;
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly products: ProductService;
  close(): Promise<void>;
}

/**
 * Makes `frames` frames of the survey sky: number i is exposed at MJD 59000 + i/24 days, the first
 * 19 side by side along the equator, 0.95 degrees apart, the tenth at RA 0.
 */
export async function skyArchive(frames: number, env: Record<string, string> = {}): Promise<SkyArchive> {
  const folder = mkdtempSync(join(tmpdir(), "sis-sky-"));
  const settings = loadSettings(folder, { ...env, DB_DATABASE: join(folder, "sky.db") });
  const directory = join(folder, "data");
  await addTestData({ directory, survey: "sky", frames });
  const writing = await openWritableCatalog(settings.database);
  try {
    await writing.createTables();
    const what = { baseUrl: "file://", stripLeading: "", paths: [directory], recursive: true };
    await harvest(
      writing,
      { ...what, extensions: LABEL_EXTENSIONS, jobs: 1, update: false },
      () => undefined,
    );
  } finally {
    await writing.close();
  }
  const catalog = await openCatalog(settings.database);
  const products = createProductService({
    settings,
    catalog,
    version: "9.8.7",
    threadProgram: requireBuilt(THREAD_PROGRAM),
  });
  return {
    folder,
    settings,
    catalog,
    products,
    close: async () => {
      await products.close();
      await catalog.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Logical identifier of a frame of the archive. */
export const skyLid = (index: number): string =>
  `urn:nasa:pds:survey:test-collection:test-${String(index).padStart(6, "0")}`;
