import type { FastifyInstance } from "fastify";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { PICTURE_FORMATS } from "../../products/encode/formats/registry.ts";
import { problemResponses } from "../responses/problem-schema.ts";
import { type ProductRouteOptions, respondWithProduct } from "../responses/respond-with-product.ts";
import { canonicalAddress } from "./canonical-address.ts";
import { type ImageQuery, imageParamsSchema, imageQuerySchema } from "./image-query.ts";
import { imageRequest } from "./image-request.ts";

const file = (description: string) => ({ description, schema: { type: "string", format: "binary" } });

const PRODUCT_TYPES = {
  "image/fits": file("FITS image"),
  ...Object.fromEntries(PICTURE_FORMATS.map(({ mediaType, description }) => [mediaType, file(description)])),
  "text/xml": file("PDS4 label"),
};

/** Errors of this operation in addition to those of every operation. */
const ERRORS: readonly ErrorCode[] = [
  ...([
    "INVALID_PARAMETER",
    "INCOMPLETE_CUTOUT",
    "ALIGN_NEEDS_PICTURE",
    "OFF_IMAGE",
    "REGION_OFF_IMAGE",
  ] as const),
  ...(["CUTOUT_TOO_LARGE", "FRAME_TOO_LARGE", "NO_CELESTIAL_WCS", "NO_IMAGE"] as const),
  ...(["SOURCE_NOT_ALLOWED", "IMAGE_NOT_FOUND", "SOURCE_MISSING"] as const),
  ...(["PRECONDITION_FAILED", "RANGE_NOT_SATISFIABLE"] as const),
  ...(["SOURCE_UNREADABLE", "FITS_CORRUPT", "FITS_WRITE", "WCS_INVALID", "PICTURE_FAILED"] as const),
  ...(["SOURCE_SCHEME", "FITS_UNSUPPORTED", "WCS_UNSUPPORTED"] as const),
  ...(["SOURCE_UNREACHABLE", "SOURCE_UPSTREAM", "SOURCE_NO_RANGES", "SOURCE_TOO_LARGE"] as const),
  ...(["SOURCE_CHANGED", "SOURCE_TIMEOUT", "CACHE_UNAVAILABLE"] as const),
  ...(["TASK_TIMEOUT", "MEMORY_EXCEEDED"] as const),
];

const schema = {
  summary: "Get an image, a cutout, a picture or a label",
  description:
    "Without ra, dec and size: the whole image. With all three: a cutout around that position; with region, one of a part of the sky. A position off the image is refused with the footprint of the image, and a cutout larger than the service allows is refused with the limit. Pictures (jpeg, png) are resampled to a TAN frame and contain their position on the sky as XMP metadata (AVM). Pixels without data are 0.",
  tags: ["images"],
  operationId: "getImage",
  params: imageParamsSchema,
  querystring: imageQuerySchema,
  response: {
    200: {
      description: "The product. HEAD, If-None-Match, If-Modified-Since and single ranges are supported.",
      content: PRODUCT_TYPES,
    },
    206: { description: "The requested range of the product.", content: PRODUCT_TYPES },
    304: { description: "The client's copy is current.", type: "null" },
    ...problemResponses(ERRORS),
  },
};

/** GET and HEAD /images/{id}. */
export async function imagesRoute(
  app: FastifyInstance,
  { baseUrl, ...options }: ProductRouteOptions & { readonly baseUrl: string },
): Promise<void> {
  app.route<{ Params: { id: string }; Querystring: ImageQuery }>({
    method: ["GET", "HEAD"],
    url: "/images/:id",
    schema,
    handler: async (request, reply) => {
      const { query } = request;
      const wanted = imageRequest(request.params.id, query);
      const canonical = canonicalAddress(baseUrl, request.params.id, query);
      return respondWithProduct(request, reply, wanted, query.download, { ...options, canonical });
    },
  });
}
