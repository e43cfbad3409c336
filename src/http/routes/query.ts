import type { FastifyInstance } from "fastify";
import type { Catalog, ImageFilter, ImageRecord } from "../../catalog/catalog.ts";
import type { ProductFormat } from "../../products/product.ts";
import {
  type SearchAnswer,
  type SearchQuery,
  searchAnswerSchema,
  searchQuerySchema,
} from "../schemas/catalog-answers.ts";
import { COMMON_PROBLEMS } from "../schemas/problem.ts";
import { productFormat } from "./image-request.ts";

const schema = {
  summary: "Find images",
  description: "All given filters must match exactly.",
  tags: ["catalog"],
  operationId: "queryImages",
  querystring: searchQuerySchema,
  response: { 200: searchAnswerSchema, ...COMMON_PROBLEMS },
};

/** GET /query; `baseUrl` is what access_url begins with. */
export async function queryRoute(
  app: FastifyInstance,
  { catalog, baseUrl }: { readonly catalog: Catalog; readonly baseUrl: string },
): Promise<void> {
  app.get<{ Querystring: SearchQuery }>("/query", { schema }, async (request, reply) => {
    const { format, ...filter } = request.query;
    const page = await catalog.queryImages(filter as ImageFilter);
    const name = productFormat(format);
    const results = page.records.map((record) => searchRow(record, accessUrl(baseUrl, record.obsId, name)));
    const answer: SearchAnswer = { total: page.total, offset: filter.offset, count: results.length, results };
    reply.header("cache-control", "no-cache");
    return answer;
  });
}

/** Where the product of an image is served. */
function accessUrl(baseUrl: string, id: string, format: ProductFormat): string {
  return `${baseUrl}/images/${encodeURIComponent(id)}?format=${format}`;
}

function searchRow(record: ImageRecord, access_url: string): SearchAnswer["results"][number] {
  return {
    obs_id: record.obsId,
    collection: record.collection,
    facility: record.facility,
    instrument: record.instrument,
    dptype: record.dataProductType,
    calibration_level: record.calibrationLevel,
    target: record.target,
    pixel_scale: record.pixelScale,
    access_url,
  };
}
