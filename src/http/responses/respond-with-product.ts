import type { FastifyReply, FastifyRequest } from "fastify";
import { isSisError } from "../../errors/sis-error.ts";
import type { Logger } from "../../observe/logger.ts";
import type { Metrics } from "../../observe/metrics.ts";
import type { Product, ProductRequest, ProductService } from "../../products/product.ts";
import { clientKey, type ReadClientAddress } from "../requests/client-address.ts";
import { clientSignal } from "./client-signal.ts";
import { type SendingParts, sendProduct } from "./send-product.ts";

/** What routes of products need. */
export interface ProductRouteOptions {
  readonly products: ProductService;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sending: SendingParts;
  readonly clientOf: ReadClientAddress;
}

/**
 * Finds or makes a product and responds with it; logs and counts both. `canonical` is its canonical
 * address, under which caches should keep it (RFC 6596). Errors: those of ProductService.get and
 * sendProduct.
 */
export async function respondWithProduct(
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: ProductRequest,
  download: boolean,
  options: ProductRouteOptions & { readonly canonical?: string },
): Promise<FastifyReply> {
  const { products, logger, metrics, sending, clientOf, canonical } = options;
  const started = performance.now();
  const traceId = request.trace?.traceId;
  logger.info({ ...requestLine(request.id, wanted, download), trace_id: traceId });
  const signal = clientSignal(reply);
  const client = clientKey(clientOf(request.raw).nearest);
  const respond = async () => {
    const product = await products.get(wanted, {
      signal,
      client,
      ...(request.trace && { step: request.trace.step }),
    });
    const timing = request.trace?.serverTiming() ?? "";
    // pages of other origins may read the times too (W3C Resource Timing, 4.5)
    if (timing !== "") reply.headers({ "server-timing": timing, "timing-allow-origin": "*" });
    if (canonical !== undefined) reply.header("link", `<${canonical}>; rel="canonical"`);
    await sendProduct(request, reply, product, sending, { download, signal });
    return product;
  };
  // a product can be evicted, or its source replaced, between finding and opening it: retry once
  const product = await respond().catch((error: unknown) => {
    if (isSisError(error, "SOURCE_CHANGED")) return respond();
    throw error;
  });
  const duration = performance.now() - started;
  const labels = { format: wanted.format, origin: product.origin };
  metrics.count("sbnsis_products_total", labels);
  metrics.count("sbnsis_product_seconds_total", labels, duration / 1000);
  logger.info({ ...productLine(request.id, product, duration), trace_id: traceId });
  return reply;
}

function requestLine(
  jobId: string,
  { id, format, cutout, align, colour }: ProductRequest,
  download: boolean,
) {
  return {
    job_id: jobId,
    id,
    ra: cutout?.ra ?? null,
    dec: cutout?.dec ?? null,
    size: cutout?.size.text ?? null,
    format,
    download,
    align,
    ...(colour !== undefined && { colour: colour.ids }),
  };
}

function productLine(jobId: string, product: Product, durationMs: number) {
  return {
    job_id: jobId,
    filename: product.path,
    download_filename: product.downloadFilename,
    mime_type: product.mediaType,
    bytes: product.size,
    duration_ms: Math.round(durationMs * 1000) / 1000,
    origin: product.origin,
  };
}
