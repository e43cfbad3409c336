import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeImage,
  type Header,
  headerInteger,
  headerNumber,
  headerText,
  imageAxes,
  memorySource,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { buildApp } from "../../../src/http/app.ts";
import type { Json } from "../../../src/jobs/job.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import type { ProductService } from "../../../src/products/product.ts";
import { movingFrames } from "../../support/inputs/moving-frames.ts";
import { builtProducts } from "../../support/products/product-app.ts";
import { memoryCatalog } from "../../support/test-service.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-batch-stacks-"));
const settings = loadSettings(folder, {
  SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
  SBNSIS_JOBS_DATABASE: join(folder, "jobs.db"),
});
let app: FastifyInstance;
let jobs: JobQueue;
let products: ProductService;

/** Stores a batch of the frames, of which the first `done` have their results. */
async function storeBatch(id: string, results: readonly Json[], done: number): Promise<void> {
  const request = { target: "65P/Gunn", options: { size: "41px" } };
  const items = results.map((_, n) => n);
  await jobs.submit({ id, kind: "batch", owner: "a", request, items, chunkItems: 100, keepMs: 60_000 });
  const claim = await jobs.claim("test", { leaseMs: 60_000, kinds: ["batch"], maximumAttempts: 3 });
  const stored = results
    .slice(0, done)
    .map((value, item) => ({ item, outcome: "done" as const, bytes: 1, value }));
  await jobs.store(claim!, stored, 60_000);
}

beforeAll(async () => {
  const made = movingFrames(join(folder, "frames"), 4);
  const catalog = memoryCatalog(made.records);
  products = builtProducts(settings, catalog);
  jobs = openJobs(settings.jobs);
  const silent = () => undefined;
  const logger = { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined };
  app = await buildApp({ settings, catalog, products, jobs, logger, version: "9.8.7" });
  const rows = made.rows.map(({ id, ra, dec, mid }, k) => ({
    ...{ n: k + 1, obs_id: id, ra_given: ra, dec_given: dec, mid_mjd: mid, dt_s: 0, use: k !== 3 },
    ...{ status: "done", exposure: 30, filter: "o", fwhm: k === 3 ? null : 3 + k },
    ...{ rate: 40, pa: 110, unc_a: null, unc_b: null, unc_pa: null, unc_sigma: null, zp: null, weight: null },
  }));
  await storeBatch("finished", rows, 4);
  await storeBatch("running", rows, 2);
});

afterAll(async () => {
  await app.close();
  await jobs.close();
  await products.close();
  rmSync(folder, { recursive: true });
});

/** The numbers (64-bit floats) of a column of a binary table. */
function fieldOf(header: Header, bytes: Uint8Array, name: string): readonly number[] {
  const sizes: Readonly<Record<string, number>> = { A: 1, D: 8, J: 4 };
  const [width, rows] = [headerInteger(header, "NAXIS1")!, headerInteger(header, "NAXIS2")!];
  let at = 0;
  for (let k = 1; headerText(header, `TTYPE${k}`) !== name; k++) {
    const [, count, type] = /^(\d*)(\w)$/.exec(headerText(header, `TFORM${k}`)!)!;
    at += Number(count === "" ? 1 : count) * sizes[type!]!;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: rows }, (_, row) => view.getFloat64(row * width + at));
}

/** The three planes of a stack, plain or packed. */
async function planesOf(url: string) {
  const { rawPayload } = await get(url);
  const source = memorySource(Uint8Array.from(rawPayload));
  const images = (await openFits(source)).hdus.filter((hdu) => imageAxes(hdu) !== undefined);
  const planes = await Promise.all(
    images.map(async (hdu) => {
      const image = (await describeImage(source, hdu))!;
      const shape = [image.naxis[0]!, image.naxis[1]!] as const;
      const values = physicalValues(
        image,
        await readSection(source, planSection(image, { start: [0, 0], shape })),
      );
      return Array.from(values as Float32Array, Number);
    }),
  );
  const names = images.map(({ header }) => headerText(header, "EXTNAME")).slice(1);
  const [values = [], coverage = [], errors = []] = planes;
  return { bytes: rawPayload.length, names, values, coverage, errors };
}

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test("GET /batch/{id}/stack.fits stacks the rows that the batch's caller wants, and is served like any product", async () => {
  const response = await get("/batch/finished/stack.fits?combine=mean");
  expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "image/fits"]);
  expect(response.headers["content-disposition"]).toBe('inline; filename="65P_Gunn_stack.fits"');
  const { hdus } = await openFits(memorySource(Uint8Array.from(response.rawPayload)));
  const { header } = hdus[0]!;
  expect([headerNumber(header, "NAXIS1"), headerNumber(header, "NCOMBINE")]).toEqual([41, 3]);
  expect([headerText(header, "SIS-BTCH"), headerText(header, "OBJECT")]).toEqual(["finished", "65P/Gunn"]);
  const etag = String(response.headers.etag);
  const again = await get("/batch/finished/stack.fits?combine=mean", { "if-none-match": etag });
  expect(again.statusCode).toBe(304);
  const part = await get("/batch/finished/stack.fits?combine=mean", { range: "bytes=0-79" });
  expect([part.statusCode, part.payload.slice(0, 9)]).toEqual([206, "SIMPLE  ="]);
});

test("weights=psf divides the inverse variance of a frame by the square of its FWHM", async () => {
  const weightsOf = async (weights: string) => {
    const { rawPayload } = await get(`/batch/finished/stack.fits?combine=weighted&weights=${weights}`);
    const source = memorySource(Uint8Array.from(rawPayload));
    const { hdus } = await openFits(source);
    const table = hdus.at(-1)!;
    const header = (name: string) => headerNumber(table.header, name)!;
    const length = header("NAXIS1") * header("NAXIS2");
    const [bytes] = await source.read([{ offset: table.dataOffset, length }]);
    return fieldOf(table.header, bytes!, "WEIGHT");
  };
  const [psf, sigma] = [await weightsOf("psf"), await weightsOf("sigma")];
  expect(psf).toHaveLength(3);
  for (const [k, weight] of psf.entries()) expect(weight * (3 + k) ** 2).toBeCloseTo(sigma[k]!, 12);
});

test("pack=rice stores the planes compressed: smaller, each pixel within half a step of 1/16 of the noise", async () => {
  const plain = await planesOf("/batch/finished/stack.fits?size=161px");
  const packed = await planesOf("/batch/finished/stack.fits?size=161px&pack=rice");
  expect(packed.bytes).toBeLessThan(0.75 * plain.bytes);
  expect(packed.names).toEqual(plain.names);
  expect(packed.coverage).toEqual(plain.coverage);
  const noise = plain.errors[plain.errors.length >> 1]!;
  let largest = 0;
  for (const [i, value] of plain.values.entries()) {
    expect(Number.isNaN(packed.values[i]!)).toBe(Number.isNaN(value));
    if (!Number.isNaN(value)) largest = Math.max(largest, Math.abs(value - packed.values[i]!));
  }
  expect(largest).toBeLessThan(noise / 8);
  expect(largest).toBeGreaterThan(0);
});

test("the width of a stack's picture changes its pixels, not the square on the sky", async () => {
  const { rawPayload } = await get("/batch/finished/blink.png?width=82");
  expect([rawPayload.readUInt32BE(16), rawPayload.readUInt32BE(20)]).toEqual([82, 82]);
});

test.each([
  ["stack.png", "image/png"],
  ["stack.jpeg", "image/jpeg"],
  ["blink.png", "image/png"],
  ["blink.gif?marks=object&marks=motion", "image/gif"],
  ["blink.webp?size=96px&speed=5&fast=true", "image/webp"],
])("GET /batch/{id}/%s is a picture", async (name, type) => {
  const response = await get(`/batch/finished/${name}`);
  expect([response.statusCode, response.headers["content-type"]]).toEqual([200, type]);
  expect(response.rawPayload.length).toBeGreaterThan(500);
});

test.each([
  ["/batch/nothing/stack.fits", 404, "JOB_NOT_FOUND"],
  ["/batch/running/stack.fits", 409, "NOT_COMPLETE"],
  ["/batch/finished/stack.fits?combine=best", 400, "INVALID_PARAMETER"],
  ["/batch/finished/stack.fits?part=2", 400, "STACK_INVALID"],
  ["/batch/finished/stack.fits?size=2000px", 400, "STACK_INVALID"],
  ["/batch/finished/blink.gif?speed=4", 400, "STACK_INVALID"],
  ["/batch/finished/blink.gif?width=64&scale=2", 400, "STACK_INVALID"],
  ["/batch/finished/stack.png?pack=rice", 400, "STACK_INVALID"],
  ["/batch/finished/stack.tiff", 404, "ROUTE_NOT_FOUND"],
])("GET %s is a problem with status %d and code %s", async (url, status, code) => {
  const response = await get(url);
  expect([response.statusCode, response.json().code]).toEqual([status, code]);
});
