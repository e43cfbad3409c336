import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import type { Settings } from "../../config/settings-groups.ts";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { asJson, type Job, WrittenItems } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { BATCH_KIND, type BatchJob } from "../../moving-objects/batch-handler.ts";
import { batchId } from "../../moving-objects/batch-request.ts";
import { catchClient } from "../../moving-objects/catch/catch-client.ts";
import { caughtList } from "../../moving-objects/catch/catch-list.ts";
import { findFrames, timedRows } from "../../moving-objects/find-frames.ts";
import { planBatch } from "../../moving-objects/plan-batch.ts";
import { readList } from "../../moving-objects/read-list.ts";
import { RowTexts } from "../../moving-objects/row-text.ts";
import type { Logger } from "../../observe/logger.ts";
import type { ProductService } from "../../products/product.ts";
import { clientKey, type ReadClientAddress } from "../requests/client-address.ts";
import type { GivenQuery } from "../requests/query-validator.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { problemResponses } from "../responses/problem-schema.ts";
import { batchIdParams, batchOptions, batchQuery, EXAMPLE_LIST } from "./batch-options.ts";
import { batchQuerySchema, type ManifestQuery, manifestQuerySchema } from "./batch-query.ts";
import { batchJob, listedRows, manifestRows } from "./batch-rows.ts";
import { batchStatus, batchStatusSchema, hasEnded } from "./batch-status.ts";
import { changedRows, makeAgain } from "./changed-rows.ts";
import { manifestCsv, manifestObjects, manifestVotable } from "./manifest/manifest.ts";
import type { ResultStore } from "./result-store.ts";

export interface BatchRoutesOptions {
  readonly jobs: JobStore;
  readonly catalog: Catalog;
  readonly products: ProductService;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly settings: Settings;
  /** Beginning of all links. */
  readonly baseUrl: string;
  readonly clientOf: ReadClientAddress;
  readonly logger: Logger;
  readonly version: string;
  /** Where files of finished batches are stored. */
  readonly results?: ResultStore;
}

/** Pause between checks of a batch that a client waits for, milliseconds. */
const POLL_MS = 100;

/** Longest time that `Prefer: wait` is followed, seconds. */
const LONGEST_WAIT = 20;

/** Time for which batches are kept where the cache has no limit: ten years. */
const FOREVER_MS = 315_360_000_000;

const anyText = { schema: { type: "string", description: "The list." } };

/** Media types of lists. */
const LIST_TYPES = {
  "application/json": { schema: { description: "The list.", examples: [EXAMPLE_LIST] } },
  "text/csv": anyText,
  "text/tab-separated-values": anyText,
  "application/x-votable+xml": anyText,
  "application/xml": anyText,
  "text/plain": anyText,
};

const LIST_ERRORS: readonly ErrorCode[] = [
  ...(["INVALID_PARAMETER", "LIST_UNREADABLE", "LIST_TOO_LARGE", "EPHEMERIS_FRAME"] as const),
  ...(["TOO_MANY_JOBS", "JOBS_UNAVAILABLE", "CATCH_FAILED"] as const),
];
const JOB_ERRORS: readonly ErrorCode[] = ["INVALID_PARAMETER", "JOB_NOT_FOUND", "JOBS_UNAVAILABLE"];

const waitHeaders = Type.Object({
  prefer: Type.Optional(
    Type.String({
      description: `wait=N: the response waits for the end of the batch, for at most N and ${LONGEST_WAIT} seconds.`,
      examples: ["wait=20"],
    }),
  ),
});

const status = { description: "Status of the batch.", ...batchStatusSchema };

/** The query of an address as texts; Fastify has already validated it. */
function givenQuery(url: string): GivenQuery {
  const parameters = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

/** Seconds of `Prefer: wait=N` (RFC 7240, 4.3), at most LONGEST_WAIT; 0 without. */
function preferredWait(prefer: string | readonly string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec([prefer ?? ""].flat().join(","))?.[1];
  return Math.min(LONGEST_WAIT, Number(seconds ?? 0));
}

/**
 * Routes of batches: POST a list and get a cutout of every row. Bodies have a limit of their own.
 */
export async function batchRoutes(app: FastifyInstance, options: BatchRoutesOptions): Promise<void> {
  const { jobs, catalog, products, queries, settings, baseUrl, clientOf, logger, version } = options;
  const describe = products.describe?.bind(products);
  const keepMs =
    settings.cache.maximumAgeSeconds === 0 ? FOREVER_MS : settings.cache.maximumAgeSeconds * 1000;
  const limits = {
    rows: settings.batch.rows,
    pixels: settings.batch.pixels,
    side: settings.products.maximumCutoutSize,
  };
  const jobLimits = { perOwner: settings.batch.perClient, total: settings.batch.running };
  const ownerOf = (request: FastifyRequest) => clientKey(clientOf(request.raw).nearest);
  const urlOf = (id: string) => `${baseUrl}/batch/${id}`;
  const statusOf = async (job: Job) =>
    batchStatus(job, job.failed === 0 ? 0 : await jobs.failedWith(job.id, "partial"), urlOf(job.id));

  const catching = catchClient(settings, version);
  app.addHook("onClose", () => catching.close());

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-cache");
  });

  /** The batch, after rows whose frames have changed were queued again. */
  const renewed = async (job: Job, request: FastifyRequest, signal: AbortSignal): Promise<Job> => {
    const listed = await listedRows(job, jobs);
    const options = { signal, client: ownerOf(request) };
    return await makeAgain(job, jobs, await changedRows(job, listed, products, options));
  };

  /** The batch, once it has ended or the client has waited long enough. */
  const awaited = async (job: Job, request: FastifyRequest, reply: FastifyReply): Promise<Job> => {
    const seconds = preferredWait(request.headers.prefer);
    if (seconds === 0 || hasEnded(job)) return job;
    reply.header("preference-applied", `wait=${seconds}`);
    const signal = clientSignal(reply);
    const until = performance.now() + seconds * 1000;
    let current = job;
    while (!hasEnded(current) && performance.now() < until && !signal.aborted) {
      await sleep(POLL_MS);
      current = (await jobs.get(job.id)) ?? current;
    }
    return current;
  };

  app.route<{ Body: Buffer | undefined }>({
    method: "POST",
    url: "/batch",
    bodyLimit: settings.batch.bytes,
    schema: {
      summary: "Make cutouts of a list of moving objects",
      description:
        'The body is a list of frames and positions: JSON of CATCH, JSON, CSV, TSV, VOTable, ADES (PSV or XML), MPC 80 columns or an ephemeris of Horizons, recognized by its Content-Type or first bytes. {"catch": "id of a job"} fetches the results of that job, if the service allows it. For rows without a frame, it is found in the catalog. A failed row does not affect the others. Posting the same list again resumes it. `Prefer: wait=20` waits for the end.',
      tags: ["batch"],
      operationId: "postBatch",
      querystring: batchQuerySchema,
      headers: waitHeaders,
      body: { content: LIST_TYPES },
      response: {
        200: {
          description: "The batch has ended, or with dry, the rows as interpreted.",
          type: "object",
          additionalProperties: true,
        },
        202: { description: "The batch is waiting or running.", type: "object", additionalProperties: true },
        ...problemResponses(LIST_ERRORS),
      },
    },
    handler: async (request, reply) => {
      const given = givenQuery(request.url);
      const query = batchQuery(given);
      const signal = clientSignal(reply);
      const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const caught = await caughtList(sent, catching, signal);
      const type = caught === undefined ? (request.headers["content-type"] ?? "") : "application/json";
      const read = readList(caught?.bytes ?? sent, type, {
        maximumRows: limits.rows,
        uncTheta: query.unc_theta ?? "theta",
      });
      const list = { ...read, ...(caught !== undefined && { options: caught.options }) };
      const chosen = batchOptions(given, list);
      const { target, form, notes } = list;
      const texts = new RowTexts(list.rows);
      const id = batchId({ target, options: chosen, rows: list.rows }, texts.texts);
      const framed = await queries.run(() => findFrames(catalog, list.rows, chosen, limits.rows), signal);
      const plan = await planBatch(
        framed,
        chosen,
        limits,
        describe && ((image) => describe(image, { signal })),
      );
      if (query.dry === true) {
        const { ignored } = list;
        return reply.send({
          id,
          form,
          target,
          notes,
          ignored_columns: ignored,
          pixels: plan.pixels,
          limits,
          options: chosen,
          rows: await queries.run(() => timedRows(catalog, plan.rows), signal),
        });
      }
      const stored: BatchJob = { target, form, notes, options: chosen };
      const { job: submitted, isNew } = await jobs.submit({
        id,
        kind: BATCH_KIND,
        owner: ownerOf(request),
        request: asJson(stored),
        items: new WrittenItems(plan.items.map((row) => texts.of(row))),
        keepMs,
        limits: jobLimits,
      });
      const job = isNew || !hasEnded(submitted) ? submitted : await renewed(submitted, request, signal);
      logger.info({ job_id: request.id, batch: id, form, rows: plan.rows.length });
      const current = await awaited(job, request, reply);
      reply.header("location", urlOf(id)).code(hasEnded(current) ? 200 : 202);
      return reply.send(await statusOf(current));
    },
  });

  app.route<{ Params: { id: string } }>({
    method: ["GET", "HEAD"],
    url: "/batch/:id",
    schema: {
      summary: "Status of a batch",
      description: "`Prefer: wait=20` waits for the end.",
      tags: ["batch"],
      operationId: "getBatch",
      headers: waitHeaders,
      params: batchIdParams,
      response: { 200: status, ...problemResponses(JOB_ERRORS) },
    },
    handler: async (request, reply) => {
      const job = await batchJob(jobs, request.params.id);
      return reply.send(await statusOf(await awaited(job, request, reply)));
    },
  });

  app.route<{ Params: { id: string } }>({
    method: "DELETE",
    url: "/batch/:id",
    schema: {
      summary: "Delete a batch",
      description: "Running rows are stopped. Products stay in the cache until they are evicted.",
      tags: ["batch"],
      operationId: "deleteBatch",
      params: batchIdParams,
      response: { 204: { description: "Deleted.", type: "null" }, ...problemResponses(JOB_ERRORS) },
    },
    handler: async (request, reply) => {
      const job = await batchJob(jobs, request.params.id);
      await jobs.destroy(job.id);
      await options.results?.remove(job.id);
      return reply.code(204).send();
    },
  });

  app.route<{ Params: { id: string } }>({
    method: "POST",
    url: "/batch/:id/retry",
    schema: {
      summary: "Make failed rows of a batch again",
      description:
        "Rows with transient errors (502, 503 and 504), and rows whose frame has changed since they were made.",
      tags: ["batch"],
      operationId: "retryBatch",
      headers: waitHeaders,
      params: batchIdParams,
      response: {
        200: { ...status, description: "The batch has ended." },
        202: { ...status, description: "The batch is waiting or running." },
        ...problemResponses(JOB_ERRORS),
      },
    },
    handler: async (request, reply) => {
      const job = await batchJob(jobs, request.params.id);
      const ended = (await jobs.retry(job.id)) ?? job;
      const queued = await renewed(ended, request, clientSignal(reply));
      const current = await awaited(queued, request, reply);
      reply.header("location", urlOf(job.id)).code(hasEnded(current) ? 200 : 202);
      return reply.send(await statusOf(current));
    },
  });

  for (const form of ["json", "csv", "vot"] as const) {
    app.route<{ Params: { id: string }; Querystring: ManifestQuery }>({
      method: ["GET", "HEAD"],
      url: `/batch/:id/manifest.${form}`,
      schema: {
        summary: `Manifest of a batch as ${MANIFESTS[form].name}`,
        description:
          "One row per row of the list, in the same order. While the batch runs, the rows that are finished.",
        tags: ["batch"],
        operationId: `getBatchManifest${MANIFESTS[form].name}`,
        params: batchIdParams,
        querystring: manifestQuerySchema,
        response: {
          200: {
            description: "The rows.",
            content: { [MANIFESTS[form].type]: { schema: MANIFESTS[form].schema } },
          },
          ...problemResponses(JOB_ERRORS),
        },
      },
      handler: async (request, reply) => {
        const job = await batchJob(jobs, request.params.id);
        const { after = 0, maxrec, status: wanted } = request.query;
        const all = (await manifestRows(jobs, job)).filter(
          (row) => row.n > after && (wanted === undefined || row.status === wanted),
        );
        const rows = maxrec === undefined ? all : all.slice(0, maxrec);
        const next = rows.length < all.length ? rows.at(-1)?.n : undefined;
        const info = { id: job.id, phase: job.phase, total: job.items };
        const parts = { rows, baseUrl };
        reply.header("x-total-count", job.items);
        if (form === "json") {
          return reply.send({
            ...info,
            count: rows.length,
            next: next ?? null,
            rows: manifestObjects(parts),
          });
        }
        reply.type(MANIFESTS[form].type);
        return reply.send(form === "csv" ? manifestCsv(parts) : manifestVotable(parts, info, next));
      },
    });
  }
}

/** Names and media types of manifests by extension. */
const MANIFESTS = {
  json: { name: "JSON", type: "application/json", schema: { type: "object", additionalProperties: true } },
  csv: { name: "CSV", type: "text/csv; charset=utf-8; header=present", schema: { type: "string" } },
  vot: { name: "VOTable", type: "application/x-votable+xml; charset=utf-8", schema: { type: "string" } },
} as const;
