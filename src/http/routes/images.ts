import type { FastifyInstance } from "fastify";
import { isSisError } from "../../errors/sis-error.ts";
import type { Product, ProductRequest, ProductService } from "../../products/product.ts";
import { clientSignal } from "../client-signal.ts";
import type { Logger } from "../logging/logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type ImageQuery, imageParamsSchema, imageQuerySchema } from "../schemas/image-query.ts";
import { COMMON_PROBLEMS, problemAnswer } from "../schemas/problem.ts";
import { type SendingParts, sendProduct } from "../send-product.ts";
import { imageRequest } from "./image-request.ts";

export interface ImagesRouteOptions {
  readonly products: ProductService;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sending: SendingParts;
}

const file = (description: string) => ({ description, schema: { type: "string", format: "binary" } });

const schema = {
  summary: "Get an image, a cutout of it, a picture or its label",
  description:
    "Without ra, dec and size: the whole image. With all three: a cutout around that position. A position that is not on the image is refused with the image's footprint; a cutout larger than the service allows is refused with the limit. Pictures (jpeg, png) are resampled onto a TAN frame and say in their XMP metadata (AVM) where they lie on the sky. Pixels without data are 0.",
  tags: ["images"],
  operationId: "getImage",
  params: imageParamsSchema,
  querystring: imageQuerySchema,
  response: {
    200: {
      description: "The product. HEAD, If-None-Match, If-Modified-Since, and a single Range work.",
      content: {
        "image/fits": file("FITS image"),
        "image/jpeg": file("JPEG picture"),
        "image/png": file("PNG picture"),
        "text/xml": file("PDS4 label"),
      },
    },
    ...COMMON_PROBLEMS,
    404: problemAnswer("No such image, or its file is missing."),
    416: problemAnswer("The range begins behind the end of the product."),
    501: problemAnswer("The image needs something that this service does not do."),
  },
};

/** GET and HEAD /images/{id}. */
export async function imagesRoute(app: FastifyInstance, options: ImagesRouteOptions): Promise<void> {
  const { products, logger, metrics, sending } = options;
  app.route<{ Params: { id: string }; Querystring: ImageQuery }>({
    method: ["GET", "HEAD"],
    url: "/images/:id",
    schema,
    handler: async (request, reply) => {
      const { query } = request;
      const wanted = imageRequest(request.params.id, query);
      const started = performance.now();
      logger.info(requestLine(request.id, wanted, query.download));
      const signal = clientSignal(reply);
      const answer = async () => {
        const product = await products.get(wanted, { signal });
        await sendProduct(request, reply, product, sending, { download: query.download, signal });
        return product;
      };
      // a product can be evicted, or its source replaced, between finding and opening it: it is found anew, once
      const product = await answer().catch((error: unknown) => {
        if (isSisError(error, "SOURCE_CHANGED")) return answer();
        throw error;
      });
      const duration = performance.now() - started;
      const labels = { format: wanted.format, origin: product.origin };
      metrics.count("sbnsis_products_total", labels);
      metrics.count("sbnsis_product_seconds_total", labels, duration / 1000);
      logger.info(productLine(request.id, product, duration));
      return reply;
    },
  });
}

function requestLine(jobId: string, { id, format, cutout, align }: ProductRequest, download: boolean) {
  return {
    job_id: jobId,
    id,
    ra: cutout?.ra ?? null,
    dec: cutout?.dec ?? null,
    size: cutout?.size.text ?? null,
    format,
    download,
    align,
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
