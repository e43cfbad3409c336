import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../../../errors/catalogue.ts";
import { isSisError, SisError } from "../../../errors/sis-error.ts";
import type { JobStore } from "../../../jobs/job-store.ts";
import type { ProductService } from "../../../products/product.ts";
import type { BlinkRequest, StackRequest } from "../../../products/stack/stack-request.ts";
import { clientKey, type ReadClientAddress } from "../../requests/client-address.ts";
import { clientSignal } from "../../responses/client-signal.ts";
import { problemResponses } from "../../responses/problem-schema.ts";
import { type SendingParts, sendProduct } from "../../responses/send-product.ts";
import { batchIdParams } from "../batch-options.ts";
import { blinkRequest, type FoundRow, type FoundRows, stackRequest } from "./stack-of-rows.ts";
import { type BlinkQuery, blinkQuerySchema, type StackQuery, stackQuerySchema } from "./stack-query.ts";

export interface StacksRouteOptions {
  readonly jobs: JobStore;
  readonly products: ProductService;
  readonly sending: SendingParts;
  readonly clientOf: ReadClientAddress;
}

const ERRORS: readonly ErrorCode[] = [
  ...(["INVALID_PARAMETER", "STACK_INVALID", "STACK_NOISE", "OFF_IMAGE", "NO_CELESTIAL_WCS"] as const),
  ...(["JOB_NOT_FOUND", "NOT_COMPLETE", "IMAGE_NOT_FOUND", "SOURCE_MISSING"] as const),
  ...(["PRECONDITION_FAILED", "RANGE_NOT_SATISFIABLE", "JOBS_UNAVAILABLE"] as const),
  ...(["PICTURE_FAILED", "CACHE_UNAVAILABLE", "TASK_TIMEOUT", "MEMORY_EXCEEDED"] as const),
];

const STACKS = { fits: "image/fits", png: "image/png", jpeg: "image/jpeg" } as const;
const BLINKS = { png: "image/png", gif: "image/gif", webp: "image/webp" } as const;

/** Results that are read from the database at a time. */
const PAGE = 500;

/**
 * GET and HEAD /batch/{id}/stack.{fits,png,jpeg} and /batch/{id}/blink.{png,gif,webp}: one product
 * of the frames of all rows that have one.
 */
export async function stacksRoute(app: FastifyInstance, options: StacksRouteOptions): Promise<void> {
  for (const format of ["fits", "png", "jpeg"] as const) {
    app.route<{ Params: { id: string }; Querystring: StackQuery }>({
      method: ["GET", "HEAD"],
      url: `/batch/:id/stack.${format}`,
      schema: {
        summary: `Get the frames of a batch stacked, as ${format === "fits" ? "FITS" : "a picture"}`,
        description:
          "Sampled on one plane, north up, that follows the object or the stars, and combined. FITS has the planes COVERAGE and ERROR and the table FRAMES. A row without a usable frame is left out.",
        tags: ["batch"],
        operationId: `getStack${format}`,
        params: batchIdParams,
        querystring: stackQuerySchema,
        response: responses(STACKS[format]),
      },
      handler: (request, reply) =>
        send(request, reply, options, (batch) => stackRequest(batch, format, request.query)),
    });
  }
  for (const format of ["png", "gif", "webp"] as const) {
    app.route<{ Params: { id: string }; Querystring: BlinkQuery }>({
      method: ["GET", "HEAD"],
      url: `/batch/:id/blink.${format}`,
      schema: {
        summary: `Get the frames of a batch as an animation (${format === "png" ? "APNG" : format.toUpperCase()})`,
        description:
          "The frames in chronological order on one plane, north up, with the same levels for sky and noise, each with its time and name.",
        tags: ["batch"],
        operationId: `getBlink${format}`,
        params: batchIdParams,
        querystring: blinkQuerySchema,
        response: responses(BLINKS[format]),
      },
      handler: (request, reply) =>
        send(request, reply, options, (batch) => blinkRequest(batch, format, request.query)),
    });
  }
}

function responses(type: string) {
  const content = { [type]: { schema: { type: "string", format: "binary" } } };
  return {
    200: { description: "The product. HEAD, If-None-Match and single ranges are supported.", content },
    206: { description: "The requested range of the product.", content },
    304: { description: "The client's copy is current.", type: "null" },
    ...problemResponses(ERRORS),
  };
}

async function send(
  request: FastifyRequest<{ Params: { id: string }; Querystring: StackQuery | BlinkQuery }>,
  reply: FastifyReply,
  { jobs, products, sending, clientOf }: StacksRouteOptions,
  requestOf: (batch: FoundRows) => StackRequest | BlinkRequest,
): Promise<FastifyReply> {
  const wanted = requestOf(await rowsOfBatch(jobs, request.params.id));
  const signal = clientSignal(reply);
  const client = clientKey(clientOf(request.raw).nearest);
  const { download } = request.query;
  const respond = async () => {
    const product = await products.stack(wanted, { signal, client });
    await sendProduct(request, reply, product, sending, { download, signal });
  };
  // a product can be evicted, or a source replaced, between finding and opening it: retry once
  await respond().catch((error: unknown) => {
    if (isSisError(error, "SOURCE_CHANGED")) return respond();
    throw error;
  });
  return reply;
}

/** The rows of a finished batch. Errors: JOB_NOT_FOUND, NOT_COMPLETE, JOBS_UNAVAILABLE. */
async function rowsOfBatch(jobs: JobStore, id: string): Promise<FoundRows> {
  const job = await jobs.get(id);
  if (job?.kind !== "batch") throw new SisError("JOB_NOT_FOUND", `There is no batch ${id}.`);
  if (job.done < job.items) {
    throw new SisError(
      "NOT_COMPLETE",
      `${job.done} of the ${job.items} rows of this batch are done; stacks need all of them.`,
    );
  }
  const rows: FoundRow[] = [];
  for (let after: number | undefined; ; ) {
    const page = await jobs.results(id, { limit: PAGE, ...(after !== undefined && { after }) });
    // results of batches are lines of the manifest
    for (const { value } of page) rows.push(value as unknown as FoundRow);
    after = page.at(-1)?.item;
    if (page.length < PAGE) break;
  }
  const { target, options } = job.request as unknown as {
    readonly target: string | null;
    readonly options: { readonly size: string };
  };
  return { id, target, size: options.size, rows };
}
