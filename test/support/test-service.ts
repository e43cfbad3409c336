import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Catalog, ImageFilter, ImageRecord } from "../../src/catalog/catalog.ts";
import { listedImage } from "../../src/catalog/model/listed-image.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { SisError } from "../../src/errors/sis-error.ts";
import { buildApp } from "../../src/http/app.ts";
import type { BuiltPage } from "../../src/http/page/built-page.ts";
import type { JobStore } from "../../src/jobs/job-store.ts";
import { logLine } from "../../src/observe/log-line.ts";
import type { Logger } from "../../src/observe/logger.ts";
import type { Product, ProductRequest, ProductService } from "../../src/products/product.ts";

/** A log that discards everything. */
export const SILENT: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  reopen: () => undefined,
  close: async () => undefined,
};

/** An id in the catalog below. */
export const KNOWN_ID = "urn:nasa:pds:test.survey:data:image_1.fits";

export const RECORD: ImageRecord = {
  obsId: KNOWN_ID,
  collection: "urn:nasa:pds:test.survey:data",
  facility: "Test Observatory",
  instrument: "Test Camera",
  dataProductType: "image",
  calibrationLevel: 2,
  target: null,
  pixelScale: 0.0004,
  imageUrl: "file:///nowhere/image_1.fits",
  labelUrl: null,
};

/** An in-memory catalog. */
export function memoryCatalog(records: readonly ImageRecord[] = [RECORD]): Catalog {
  const pageOf = ({ maxrec, offset, collection, facility, instrument, dptype }: ImageFilter) => {
    const found = records.filter(
      (record) =>
        (collection ?? record.collection) === record.collection &&
        (facility ?? record.facility) === record.facility &&
        (instrument ?? record.instrument) === record.instrument &&
        (dptype ?? record.dataProductType) === record.dataProductType,
    );
    return { total: found.length, records: found.slice(offset, offset + maxrec) };
  };
  return {
    open: async () => undefined,
    probe: async () => undefined,
    coverage: async () => ({ images: records.length, withoutFootprint: 0 }),
    findImage: async (id) => records.find(({ obsId }) => obsId === id),
    findImages: async (ids) =>
      new Map(records.flatMap((record) => (ids.includes(record.obsId) ? [[record.obsId, record]] : []))),
    findDetail: async () => undefined,
    queryImages: async (filter) => pageOf(filter),
    listImages: async (filter) => {
      const { total, records: shown } = pageOf(filter);
      return { total, images: shown.map(listedImage) };
    },
    summarize: async () =>
      records.map(({ collection, facility, instrument }) => ({ collection, facility, instrument, count: 1 })),
    searchImages: async () => {
      throw new SisError("CATALOG_SCHEMA", "no search here");
    },
    observations: () => {
      throw new SisError("CATALOG_SCHEMA", "no observations here");
    },
    findObservations: async () => {
      throw new SisError("CATALOG_SCHEMA", "no observations here");
    },
    timeSpan: async () => undefined,
    surveyCoverages: async () => [],
    surveyCoverage: async () => undefined,
    observationNames: async () => ({ collections: [], facilities: [], instruments: [], calibLevels: [] }),
    warnings: [],
    close: async () => undefined,
  };
}

/** What the service under test received and what it wrote. */
export interface TestService {
  readonly app: FastifyInstance;
  readonly products: ProductService;
  readonly lines: string[];
  readonly requests: ProductRequest[];
  readonly file: string;
  /** Error of the next product, once. */
  fail(error: unknown): void;
  /** Cache key of the products. */
  rename(filename: string): void;
  /** Changes the description of the next products. */
  describe(product: Partial<Product>): void;
  close(): Promise<void>;
}

const NO_LOAD = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };

/** A product service that returns one file for KNOWN_ID. */
export async function testService(
  options: {
    readonly bytes?: Uint8Array;
    readonly env?: Record<string, string>;
    readonly catalog?: Catalog;
    readonly page?: BuiltPage;
    readonly jobs?: JobStore;
  } = {},
): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), "sbnsis-http-"));
  const file = join(folder, "product.fits");
  const bytes = options.bytes ?? Buffer.from("SIMPLE  =                    T".repeat(96));
  writeFileSync(file, bytes);
  const lines: string[] = [];
  const requests: ProductRequest[] = [];
  const state = {
    failure: undefined as unknown,
    filename: "product.fits",
    described: {} as Partial<Product>,
  };
  const products: ProductService = {
    get: async (request): Promise<Product> => {
      requests.push(request);
      const { failure } = state;
      state.failure = undefined;
      if (failure !== undefined) throw failure;
      if (request.id !== KNOWN_ID) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
      const { size, mtimeMs } = statSync(file);
      const etag = `"${createHash("sha256").update(`${size}:${mtimeMs}`).digest("hex").slice(0, 16)}"`;
      return {
        path: file,
        size,
        mtimeMs,
        lastModifiedMs: mtimeMs,
        etag,
        mediaType: "image/fits",
        downloadFilename: state.filename,
        origin: "cache",
        ...state.described,
      };
    },
    stack: async () => {
      throw new SisError("IMAGE_NOT_FOUND", "no stacks here");
    },
    load: () => ({ cutouts: NO_LOAD, frames: NO_LOAD }),
    close: async () => undefined,
  };
  const write = (level: "INFO" | "WARNING" | "ERROR") => (record: Parameters<Logger["info"]>[0]) => {
    lines.push(logLine(level, new Date(), record));
  };
  const logger: Logger = { ...SILENT, info: write("INFO"), warn: write("WARNING"), error: write("ERROR") };
  const settings = loadSettings(folder, options.env ?? {});
  const catalog = options.catalog ?? memoryCatalog();
  const { page, jobs } = options;
  const app = await buildApp({
    settings,
    catalog,
    products,
    logger,
    version: "0.0.0",
    ...(page !== undefined && { page }),
    ...(jobs !== undefined && { jobs }),
  });
  return {
    app,
    products,
    lines,
    requests,
    file,
    fail: (error) => {
      state.failure = error;
    },
    rename: (filename) => {
      state.filename = filename;
    },
    describe: (product) => {
      state.described = product;
    },
    close: async () => {
      await app.close();
      rmSync(folder, { recursive: true });
    },
  };
}
