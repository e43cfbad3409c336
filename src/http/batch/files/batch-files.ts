import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { WorkQueue } from "../../../concurrency/work-queue.ts";
import type { ErrorCode } from "../../../errors/catalogue.ts";
import { SisError } from "../../../errors/sis-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { JobStore } from "../../../jobs/job-store.ts";
import type { BatchRow } from "../../../moving-objects/batch-row.ts";
import type { Product, ProductService } from "../../../products/product.ts";
import { clientKey, type ReadClientAddress } from "../../requests/client-address.ts";
import { clientSignal } from "../../responses/client-signal.ts";
import { problemResponses } from "../../responses/problem-schema.ts";
import { contentDisposition, type SendingParts, sendProduct } from "../../responses/send-product.ts";
import { batchEvents, lastEvent } from "../batch-events.ts";
import { batchIdParams } from "../batch-options.ts";
import { batchJob, listedRows } from "../batch-rows.ts";
import { hasEnded } from "../batch-status.ts";
import { changedRows, refuseChanged } from "../changed-rows.ts";
import { manifestObjects } from "../manifest/manifest.ts";
import type { BatchResult, ResultStore } from "../result-store.ts";
import { archiveEntries, archiveTag } from "./batch-archive.ts";
import { contactSheet, sheetCell } from "./contact-sheet.ts";
import { batchFrames } from "./frames-file.ts";
import { zipArchive } from "./zip-archive.ts";

export interface BatchFilesOptions {
  readonly jobs: JobStore;
  readonly products: ProductService;
  readonly sending: SendingParts;
  readonly clientOf: ReadClientAddress;
  /** Beginning of all links. */
  readonly baseUrl: string;
  /** Where clients download large files of finished batches; without it, from here. */
  readonly results?: ResultStore;
}

/** Maximum number of event streams of a worker; each polls the database of jobs. */
const STREAMS = { concurrency: 200, limit: 0 };

/** Rows on one contact sheet. */
const SHEET_ROWS = 500;
/** Contact sheets that a worker makes at once, and how many may wait. */
const SHEETS = { concurrency: 1, limit: 8 };

const ERRORS: readonly ErrorCode[] = [
  ...(["INVALID_PARAMETER", "JOB_NOT_FOUND", "NOT_COMPLETE", "ROWS_CHANGED", "JOBS_UNAVAILABLE"] as const),
  ...(["PRECONDITION_FAILED", "RANGE_NOT_SATISFIABLE"] as const),
];

const partialQuery = Type.Object({
  partial: Type.Optional(
    Type.Boolean({
      description: "Whether rows may be missing. Default: false, and 409 until all are finished.",
    }),
  ),
});

const sheetQuery = Type.Object({
  columns: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 40,
      description: "Pictures side by side. Default: 10.",
      examples: [10],
    }),
  ),
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: "Only rows after this number.", examples: [0] }),
  ),
  maxrec: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: SHEET_ROWS,
      description: `Maximum number of rows. Default: ${SHEET_ROWS}.`,
      examples: [100],
    }),
  ),
});

/** Responses of a large file of a batch. */
const fileResponses = (mediaType: string, description: string) => ({
  200: { description, content: { [mediaType]: { schema: { type: "string", format: "binary" } } } },
  303: { description: "Stored elsewhere: Location has its address, valid for a limited time.", type: "null" },
  ...problemResponses(ERRORS),
});

/** The rows of a batch for a file of all of them. Errors: also NOT_COMPLETE and ROWS_CHANGED. */
async function unchangedRows(
  { jobs, products }: BatchFilesOptions,
  { params, query }: { readonly params: { id: string }; readonly query: Static<typeof partialQuery> },
  requester: { readonly signal: AbortSignal; readonly client: string },
) {
  const job = await batchJob(jobs, params.id);
  refuseIncomplete(job, query.partial ?? false);
  const rows = await listedRows(job, jobs);
  refuseChanged(await changedRows(job, rows, products, requester));
  return { job, rows };
}

/**
 * Responses that are assembled from the products of a batch while they are sent: archive, sheet,
 * events.
 */
export async function batchFiles(app: FastifyInstance, options: BatchFilesOptions): Promise<void> {
  const { jobs, sending, clientOf, baseUrl } = options;
  const streams = new WorkQueue(STREAMS);
  const sheets = new WorkQueue(SHEETS);

  app.route<{ Params: { id: string }; Querystring: Static<typeof partialQuery> }>({
    method: ["GET", "HEAD"],
    url: "/batch/:id/files.zip",
    schema: {
      summary: "All products of a batch",
      description:
        "A ZIP archive of uncompressed files: the products of each row, manifest.csv and README.txt. Its length is known, and ranges are supported, so a download can be resumed at any byte.",
      tags: ["batch"],
      operationId: "getBatchFiles",
      params: batchIdParams,
      querystring: partialQuery,
      response: fileResponses("application/zip", "The archive."),
    },
    handler: async (request, reply) => {
      const requester = { signal: clientSignal(reply), client: clientKey(clientOf(request.raw).nearest) };
      const { signal, client } = requester;
      const { job, rows: listed } = await unchangedRows(options, request, requester);
      const entries = archiveEntries(job, listed, options, { signal, client });
      const { size, read } = zipArchive(entries);
      const modified = job.ended ?? job.created;
      const archive: Product = {
        path: `${job.id}.zip`,
        content: read,
        size,
        mtimeMs: modified,
        lastModifiedMs: undefined,
        etag: archiveTag(entries),
        mediaType: "application/zip",
        downloadFilename: `batch-${job.id}.zip`,
        origin: "made",
      };
      const elsewhere = await storedAddress(request, job, options.results, {
        name: "files.zip",
        tag: archive.etag,
        mediaType: archive.mediaType,
        read: (signal) =>
          zipArchive(archiveEntries(job, listed, options, { signal, client })).read(0, size - 1),
      });
      if (elsewhere !== undefined) return reply.code(303).headers(redirect(elsewhere)).send();
      // the archive of a running batch changes
      const parts = { ...sending, cacheControl: "no-cache" };
      return await sendProduct(request, reply, archive, parts, { download: true, signal });
    },
  });

  app.route<{ Params: { id: string }; Querystring: Static<typeof sheetQuery> }>({
    method: ["GET", "HEAD"],
    url: "/batch/:id/sheet.jpg",
    schema: {
      summary: "Contact sheet of a batch",
      description:
        "One square for each row: its cutout, north up, with a mark on the object, its number and the middle of the exposure (UTC). Rows without a picture show their error code.",
      tags: ["batch"],
      operationId: "getBatchSheet",
      params: batchIdParams,
      querystring: sheetQuery,
      response: {
        200: {
          description: "The sheet.",
          content: { "image/jpeg": { schema: { type: "string", format: "binary" } } },
        },
        ...problemResponses([...ERRORS, "PICTURE_FAILED"]),
      },
    },
    handler: async (request, reply) => {
      const job = await batchJob(jobs, request.params.id);
      const { columns = 10, after = 0, maxrec = SHEET_ROWS } = request.query;
      const signal = clientSignal(reply);
      const client = clientKey(clientOf(request.raw).nearest);
      const rows = (await listedRows(job, jobs)).filter(({ row }) => row.n > after).slice(0, maxrec);
      const cells = rows.map((row) => sheetCell(row, job, options.products, { signal, client }));
      const content = await sheets.run(
        () => contactSheet(cells, Math.min(columns, Math.max(1, rows.length))),
        signal,
        { client },
      );
      const sheet: Product = {
        path: `${job.id}.jpg`,
        content,
        size: content.length,
        mtimeMs: job.ended ?? job.created,
        lastModifiedMs: undefined,
        etag: `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`,
        mediaType: "image/jpeg",
        downloadFilename: `batch-${job.id}.jpg`,
        origin: "made",
      };
      const parts = { ...sending, cacheControl: "no-cache" };
      return await sendProduct(request, reply, sheet, parts, { download: false, signal });
    },
  });

  app.get<{ Params: { id: string }; Querystring: Static<typeof partialQuery> }>("/batch/:id/frames.fits", {
    exposeHeadRoute: false,
    schema: {
      summary: "All cutouts of a batch in one FITS file",
      description:
        "One tile-compressed extension for each row that was made, named ROW n, with a minimal header, and a table MANIFEST with all rows. It is compressed while it is sent, so its length is not known in advance.",
      tags: ["batch"],
      operationId: "getBatchFrames",
      params: batchIdParams,
      querystring: partialQuery,
      response: fileResponses("application/fits", "The file."),
    },
    handler: async (request, reply) => {
      const requester = { signal: clientSignal(reply), client: clientKey(clientOf(request.raw).nearest) };
      const { signal, client } = requester;
      const { job, rows } = await unchangedRows(options, request, requester);
      const elsewhere = await storedAddress(request, job, options.results, {
        name: "frames.fits",
        tag: archiveTag(archiveEntries(job, rows, options, { signal, client })),
        mediaType: "application/fits",
        read: (signal) => batchFrames(job, rows, options.products, baseUrl, { signal, client }),
      });
      if (elsewhere !== undefined) return reply.code(303).headers(redirect(elsewhere)).send();
      const body = Readable.from(batchFrames(job, rows, options.products, baseUrl, { signal, client }), {
        objectMode: false,
      });
      body.once("error", (reason) => sending.cut(request.id, reason));
      reply.headers({
        "content-type": "application/fits",
        "cache-control": "no-cache",
        "content-disposition": contentDisposition(`batch-${job.id}.fits`, true),
      });
      return reply.send(body);
    },
  });

  app.get<{ Params: { id: string } }>("/batch/:id/events", {
    exposeHeadRoute: false,
    schema: {
      summary: "Events of a batch while it runs",
      description:
        "Server-sent events: row (its id is a sequence number), progress, product and end. A client that connects again with Last-Event-ID gets what it missed.",
      tags: ["batch"],
      operationId: "getBatchEvents",
      params: batchIdParams,
      response: {
        200: { description: "The events.", content: { "text/event-stream": { schema: { type: "string" } } } },
        ...problemResponses(ERRORS),
      },
    },
    handler: async (request, reply) => {
      const job = await batchJob(jobs, request.params.id);
      streams.refuseWhenFull();
      const signal = clientSignal(reply);
      const { server } = request.server;
      const wasListening = server.listening;
      const events = batchEvents({
        jobs,
        job,
        after: lastEvent(request.headers["last-event-id"], job),
        rowOf: ({ value }) => manifestObjects({ rows: [value as unknown as BatchRow], baseUrl })[0],
        products: {
          files: `${baseUrl}/batch/${job.id}/files.zip`,
          csv: `${baseUrl}/batch/${job.id}/manifest.csv`,
        },
        // clients of a draining worker reconnect to another one
        isEnding: () => wasListening && !server.listening,
        signal,
      });
      const body = Readable.from(events);
      void streams.run(() => new Promise<void>((resolve) => body.once("close", () => resolve())));
      body.once("error", (reason) => sending.cut(request.id, reason));
      reply.headers({
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      return reply.send(body);
    },
  });
}

/**
 * The signed address of a stored file of a batch, for a client that wants all of a finished one. A
 * client that has a part of the file, or HEAD, is served here, where the entity tag is the same.
 */
async function storedAddress(
  request: FastifyRequest,
  job: Job,
  results: ResultStore | undefined,
  file: Omit<BatchResult, "job" | "disposition">,
): Promise<string | undefined> {
  const { headers } = request.raw;
  const conditions = ["range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
  const isPlain = request.method === "GET" && conditions.every((name) => headers[name] === undefined);
  if (results === undefined || !isPlain || !hasEnded(job)) return undefined;
  const extension = file.name.slice(file.name.lastIndexOf("."));
  const disposition = contentDisposition(`batch-${job.id}${extension}`, true);
  return await results.address({ ...file, job: job.id, disposition });
}

/** The address is secret and soon invalid, so no cache may keep it. */
const redirect = (location: string) => ({ location, "cache-control": "no-store" });

/** Errors: NOT_COMPLETE when rows are missing and the client does not accept that. */
function refuseIncomplete(job: Job, isPartial: boolean): void {
  if (isPartial || (hasEnded(job) && job.done === job.items)) return;
  throw new SisError(
    "NOT_COMPLETE",
    `${job.done} of ${job.items} rows are finished; the phase is ${job.phase}. Wait, or add partial=true.`,
    { details: { phase: job.phase, done: job.done, total: job.items } },
  );
}
