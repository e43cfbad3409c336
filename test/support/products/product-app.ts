import type { FastifyInstance } from "fastify";
import type { Card } from "../../../packages/fits/src/header/card.ts";
import { imageHdu } from "../../../packages/fits/src/write/write-image.ts";
import type { Catalog, ImageRecord } from "../../../src/catalog/catalog.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import type { Settings } from "../../../src/config/settings-groups.ts";
import { buildApp } from "../../../src/http/app.ts";
import type { Logger } from "../../../src/observe/logger.ts";
import type { ProductService } from "../../../src/products/product.ts";
import { createProductService } from "../../../src/products/product-service.ts";
import { gnomonicCards } from "../inputs/made-fits.ts";
import { requireBuilt, THREAD_PROGRAM } from "../programs/built-program.ts";
import { memoryCatalog, RECORD, SILENT } from "../test-service.ts";

/** An application with a real product service, and what it logged. */
export interface ProductApp {
  readonly app: FastifyInstance;
  readonly products: ProductService;
  readonly records: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Logical identifier of a test image. */
export const lid = (name: string) => `urn:nasa:pds:test.survey:data:${name}`;

/** A catalog record of an image at a URL. */
export function imageAt(name: string, imageUrl: string, labelUrl: string | null = null): ImageRecord {
  return { ...RECORD, obsId: lid(name), imageUrl, labelUrl };
}

/** The product service over a catalog, with the threads of the build. */
export function builtProducts(settings: Settings, catalog: Catalog, version = "9.8.7"): ProductService {
  return createProductService({ settings, catalog, version, threadProgram: requireBuilt(THREAD_PROGRAM) });
}

/** Starts the application with `env` as its settings. */
export async function productApp(
  images: readonly ImageRecord[],
  env: Record<string, string>,
): Promise<ProductApp> {
  const records: Record<string, unknown>[] = [];
  const write = (record: object) => void records.push(record as Record<string, unknown>);
  const logger: Logger = { ...SILENT, info: write, warn: write, error: write };
  const settings = loadSettings("/nonexistent", env);
  const catalog = memoryCatalog(images);
  const version = "9.8.7";
  // most tests use one pool only, whose threads start when they are needed
  const threads = { threadProgram: requireBuilt(THREAD_PROGRAM), idleThreads: 0 };
  const products = createProductService({ settings, catalog, version, ...threads });
  const app = await buildApp({ settings, catalog, products, logger, version });
  return {
    app,
    products,
    records,
    close: async () => {
      await app.close();
      await products.close();
    },
  };
}

/**
 * A TAN coordinate system with one arcsecond per pixel, north up, whose reference pixel (from 1) is
 * at RA 150, Dec 20.
 */
export function tanCards(crpix1: number, crpix2: number): readonly Card[] {
  return gnomonicCards([150, 20], [crpix1, crpix2], [-1 / 3600, 0, 0, 1 / 3600]);
}

/**
 * A frame of 400 x 300 pixels centered on RA 150, Dec 20; pixel i has the value i % 30000 + `plus`.
 */
export function smallFrame(plus = 0): Uint8Array {
  const pixels = new Int16Array(400 * 300);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i % 30_000) + plus;
  return imageHdu({ naxis: [400, 300], pixels, cards: tanCards(201, 151) });
}

/** Path and query of a cutout around the center of such a frame. */
export function cutoutUrl(name: string, arcsec = 21, query = ""): string {
  return `/images/${lid(name)}?ra=150&dec=20&size=${arcsec}arcsec${query}`;
}
