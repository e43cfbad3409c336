import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { productFormat } from "../images/image-request.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { problemResponses } from "../responses/problem-schema.ts";
import { csvTable, votable } from "../responses/tables.ts";
import { ListWriter } from "./list-writer.ts";
import { cellText, searchColumns } from "./search-columns.ts";
import type { LinkOptions } from "./search-links.ts";
import { isExtended, type SearchQuery, searchQuerySchema } from "./search-query.ts";
import { cursorText, imageFilter, imageSearch } from "./search-request.ts";
import { type SearchHead, type SearchRow, searchResponseSchema } from "./search-response.ts";
import { responseText, searchRows } from "./search-rows.ts";

const table = (description: string) => ({ description, schema: { type: "string" } });

const schema = {
  summary: "Find images",
  description:
    "Images must match all given parameters; collection, facility, instrument, dptype, target and filter match exactly. With any of the parameters after offset, rows have more members and the header Link contains the URL of the next page.",
  tags: ["catalog"],
  operationId: "queryImages",
  querystring: searchQuerySchema,
  response: {
    200: {
      description: "The matching images.",
      content: {
        "application/json": { schema: searchResponseSchema },
        "text/csv": table("CSV with a header line"),
        "application/x-votable+xml": table("VOTable 1.4"),
      },
    },
    ...problemResponses(["INVALID_PARAMETER"]),
  },
};

export interface QueryRouteOptions extends LinkOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
}

/** GET /query. */
export async function queryRoute(app: FastifyInstance, options: QueryRouteOptions): Promise<void> {
  const { catalog, baseUrl, queries } = options;
  const writer = new ListWriter(baseUrl);
  app.get<{ Querystring: SearchQuery }>("/query", { schema }, async (request, reply) => {
    reply.header("cache-control", "no-cache");
    const format = productFormat(request.query.format);
    if (isExtended(request.query)) {
      const search = imageSearch(request.query);
      const found = await queries.run(() => catalog.searchImages(search), clientSignal(reply));
      const { total, images, next, withoutFootprint } = found;
      const results = searchRows(images, search, format, options);
      const head = {
        total,
        offset: search.offset,
        count: results.length,
        next: next === undefined ? null : cursorText(next, search.order),
        ...(withoutFootprint !== undefined && { without_footprint: withoutFootprint }),
      };
      return sendSearch(request, reply, head, results, search.place !== undefined);
    }
    const filter = imageFilter(request.query);
    const { total, images } = await queries.run(() => catalog.listImages(filter), clientSignal(reply));
    const head = { total, offset: filter.offset, count: images.length };
    return sendJson(reply, writer.response(head, images, format));
  });
}

function sendJson(reply: FastifyReply, text: string | Buffer): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

/** Responds to a search in the requested format. */
function sendSearch(
  request: FastifyRequest<{ Querystring: SearchQuery }>,
  reply: FastifyReply,
  head: SearchHead,
  results: readonly SearchRow[],
  hasPlace: boolean,
): FastifyReply {
  const { total, offset, next } = head;
  if (typeof next === "string") reply.header("link", `<${nextPage(request.url, next)}>; rel="next"`);
  reply.header("x-total-count", total);
  const without = head.without_footprint;
  if (without !== undefined) reply.header("x-without-footprint", without);
  const form = request.query.response ?? "json";
  if (form === "json") return sendJson(reply, responseText(head, JSON.stringify(results)));
  const columns = searchColumns(hasPlace);
  const rows = results.map((row) => columns.map(({ name }) => cellText(row[name])));
  if (form === "csv") {
    const header = columns.map(({ name }) => name);
    return reply.type("text/csv; charset=utf-8; header=present").send(csvTable(header, rows));
  }
  const info = {
    total,
    offset,
    ...(typeof next === "string" && { next }),
    ...(without !== undefined && { without_footprint: without }),
  };
  const description = "Images that match a search of the SBN Survey Image Service";
  const text = votable({ description, info, columns, rows, overflow: typeof next === "string" });
  return reply.type("application/x-votable+xml; charset=utf-8").send(text);
}

/** The query string of the next page, relative to the address of this one. */
function nextPage(url: string, next: string): string {
  const parameters = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  for (const name of [...parameters.keys()]) {
    if (PLACE_IN_LIST.has(name.toLowerCase())) parameters.delete(name);
  }
  parameters.set("after", next);
  return `?${parameters.toString()}`;
}

/** Parameters that select the page; names are case-insensitive. */
const PLACE_IN_LIST: ReadonlySet<string> = new Set(["offset", "after"]);
