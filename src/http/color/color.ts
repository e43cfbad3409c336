import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { problemResponses } from "../responses/problem-schema.ts";
import { type ProductRouteOptions, respondWithProduct } from "../responses/respond-with-product.ts";
import { type ColorQuery, colorQuerySchema } from "./color-query.ts";
import { colorRequest } from "./color-request.ts";

export interface ColorRouteOptions extends ProductRouteOptions {
  readonly catalog: Catalog;
}

const file = (description: string) => ({ description, schema: { type: "string", format: "binary" } });

const PRODUCT_TYPES = { "image/jpeg": file("JPEG picture"), "image/png": file("PNG picture") };

/** Errors of this operation in addition to those of every operation. */
const ERRORS: readonly ErrorCode[] = [
  ...(["INVALID_PARAMETER", "INCOMPLETE_CUTOUT", "OFF_IMAGE", "CUTOUT_TOO_LARGE"] as const),
  ...(["NO_CELESTIAL_WCS", "NO_IMAGE", "SOURCE_NOT_ALLOWED", "IMAGE_NOT_FOUND"] as const),
  ...(["SOURCE_MISSING", "PRECONDITION_FAILED", "RANGE_NOT_SATISFIABLE"] as const),
  ...(["SOURCE_UNREADABLE", "FITS_CORRUPT", "FITS_WRITE", "WCS_INVALID", "PICTURE_FAILED"] as const),
  ...(["SOURCE_SCHEME", "FITS_UNSUPPORTED", "WCS_UNSUPPORTED"] as const),
  ...(["SOURCE_UNREACHABLE", "SOURCE_UPSTREAM", "SOURCE_NO_RANGES", "SOURCE_TOO_LARGE"] as const),
  ...(["SOURCE_CHANGED", "SOURCE_TIMEOUT", "CACHE_UNAVAILABLE"] as const),
  ...(["TASK_TIMEOUT", "MEMORY_EXCEEDED", "CATALOG_SCHEMA"] as const),
];

const schema = {
  summary: "Get a color picture of two or three images",
  description:
    "The images, given as r, g and b or found by collection and filters, are resampled to one TAN plane around the position, north up and east to the left, in the finest scale of the images. Pixels without data in any of them are black. The picture contains its position on the sky as XMP metadata (AVM).",
  tags: ["images"],
  operationId: "getColour",
  querystring: colorQuerySchema,
  response: {
    200: {
      description: "The picture. HEAD, If-None-Match, If-Modified-Since and single ranges are supported.",
      content: PRODUCT_TYPES,
    },
    206: { description: "The requested range of the picture.", content: PRODUCT_TYPES },
    304: { description: "The client's copy is current.", type: "null" },
    ...problemResponses(ERRORS),
  },
};

/** GET and HEAD /colour. */
export async function colorRoute(app: FastifyInstance, options: ColorRouteOptions): Promise<void> {
  app.route<{ Querystring: ColorQuery }>({
    method: ["GET", "HEAD"],
    url: "/colour",
    schema,
    handler: async (request, reply) => {
      const wanted = await colorRequest(request.query, options.catalog);
      return respondWithProduct(request, reply, wanted, request.query.download, options);
    },
  });
}
