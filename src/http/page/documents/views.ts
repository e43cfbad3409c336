import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Catalog, ImageSearch } from "../../../catalog/catalog.ts";
import type { WorkQueue } from "../../../concurrency/work-queue.ts";
import { isSisError, SisError } from "../../../errors/sis-error.ts";
import { BATCH_ID_PATTERN } from "../../../moving-objects/batch-request.ts";
import type { ProductService } from "../../../products/product.ts";
import { compileQuery } from "../../requests/query-validator.ts";
import { clientSignal } from "../../responses/client-signal.ts";
import type { LinkOptions } from "../../search/search-links.ts";
import { type SearchQuery, searchQuerySchema } from "../../search/search-query.ts";
import { cursorText, imageSearch } from "../../search/search-request.ts";
import type { SearchRow } from "../../search/search-response.ts";
import { searchRows } from "../../search/search-rows.ts";
import { sendPage } from "../send-page.ts";
import type { CatalogContents } from "./catalog-contents.ts";
import { type ComparedImage, comparedFirst } from "./compared-first.ts";
import { documentOf, relativeRoot, type Site } from "./document.ts";
import { foundBody, imageBody, imageLine, listBody } from "./first-html.ts";
import { makeAhead } from "./made-ahead.ts";
import { textMeaning } from "./search-text.ts";
import { samplePicture } from "./start.ts";

export interface ViewsOptions extends LinkOptions {
  readonly site: Site;
  readonly policy: string;
  readonly catalog: Catalog;
  readonly products: ProductService;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly contents: () => Promise<CatalogContents>;
  /** Maximum number of rows of a batch; null if there are no batches. */
  readonly maximumRows: number | null;
  /** Address of CATCH's jobs; empty if they cannot be opened. */
  readonly catchUrl: string;
  /** Images of a batch in the order in which Compare shows them; empty for an unknown one. */
  readonly imagesOf?: (batch: string) => Promise<readonly ComparedImage[]>;
}

const hidden = { schema: { hide: true } };
const batchIdPattern = new RegExp(BATCH_ID_PATTERN);
const readQuery = compileQuery(searchQuerySchema);

/** GET /view/, /view/image/{id}, /view/set and /view/cut: HTML that shows something by itself. */
export async function viewRoutes(app: FastifyInstance, options: ViewsOptions): Promise<void> {
  const { site, policy, catalog, products, queries, contents } = options;
  const { maximumPixels, maximumRows, catchUrl } = options;
  const common = { maximumPixels, maximumRows, catchUrl };
  const rootOf = ({ url }: FastifyRequest) => relativeRoot(url, site.basePath);

  app.get("/view/", hidden, async (request, reply) => {
    const q = new URLSearchParams(request.url.split("?")[1] ?? "").get("q")?.trim() ?? "";
    if (q !== "") return reply.redirect(`${rootOf(request)}${addressOf(q)}`, 302);
    const signal = clientSignal(reply);
    const summary = (await queries.run(contents, signal)).rows;
    const search = searchOf(request.query);
    const found = await queries.run(() => firstPage(catalog, search, options), signal);
    const [first] = found?.results ?? [];
    const text = documentOf(site, {
      url: request.url,
      title: found === undefined ? "Find images" : `${found.total.toLocaleString("en-US")} images`,
      description: "Find sky survey images by place, time, survey, filter, target or identifier.",
      picture: first && samplePicture(String(first.obs_id), 1024),
      view: "find",
      section: "find",
      island: { ...common, summary, ...(found !== undefined && { found }) },
      body: foundBody(rootOf(request), request.query as Record<string, unknown>, found),
    });
    return sendPage(request, reply, text, policy);
  });

  app.get<{ Params: { id: string } }>("/view/image/:id", hidden, async (request, reply) => {
    const { id } = request.params;
    const image = await queries.run(() => imageRow(catalog, id, options), clientSignal(reply));
    const picture = samplePicture(id, 640);
    // small, because each of its rows costs the decoding of a row of the image
    const first = `${samplePicture(id, 256)}&quality=70`;
    makeAhead(products, first);
    const text = documentOf(site, {
      url: request.url,
      title: imageLine(image),
      description: `Survey image ${id}: look at exact pixels, measure and take cutouts.`,
      picture,
      shown: first,
      view: "look",
      island: { ...common, image, picture: first, next: `images/${encodeURIComponent(id)}/tiles` },
      body: imageBody(rootOf(request), image, first),
    });
    return sendPage(request, reply, text, policy);
  });

  app.get("/view/set", hidden, async (request, reply) => {
    const query = new URLSearchParams(request.url.split("?")[1] ?? "");
    const batch = query.get("batch") ?? "";
    const isBatch = batchIdPattern.test(batch);
    // the page reports a batch that cannot be read when it requests it
    const images = isBatch ? await options.imagesOf?.(batch).catch(() => []) : undefined;
    const first = comparedFirst(images ?? [], query);
    makeAhead(products, first?.picture);
    const text = documentOf(site, {
      url: request.url,
      ...(first !== undefined && { picture: first.picture, shown: first.picture }),
      data: isBatch ? [`batch/${batch}`, `batch/${batch}/manifest.json`, ...(first?.cutouts ?? [])] : [],
      title: "Compare images",
      description: "Blink, align, measure and stack survey images of a moving object in the browser.",
      view: "compare",
      section: "compare",
      island: { ...common, ...(first !== undefined && { picture: first.picture }) },
      body: listBody(
        "Compare images",
        "Images of a list, aligned on its object, one after the other.",
        first && `${rootOf(request)}${first.picture}`,
      ),
    });
    return sendPage(request, reply, text, policy);
  });

  app.get("/view/cut", hidden, async (request, reply) => {
    const text = documentOf(site, {
      url: request.url,
      title: "Cut out a list",
      description: "Cutouts of a list of places or of an ephemeris, with stacks and animations.",
      view: "cut",
      section: "cut",
      island: common,
      body: listBody("Cut out a list", "Turns a list of images and positions into files."),
    });
    return sendPage(request, reply, text, policy);
  });
}

/**
 * The first page of a search, as GET /query returns it; undefined while the tables cannot be
 * searched.
 */
async function firstPage(catalog: Catalog, search: ImageSearch, options: LinkOptions) {
  try {
    const { total, images, next, withoutFootprint } = await catalog.searchImages(search);
    const results = searchRows(images, search, "fits", options);
    return {
      total,
      count: results.length,
      next: next === undefined ? null : cursorText(next, search.order),
      ...(withoutFootprint !== undefined && { without_footprint: withoutFootprint }),
      results,
    };
  } catch (error) {
    // without a condition, the page is shown even if the tables were not migrated
    const { offset: _offset, maxrec: _maxrec, order: _order, ...conditions } = search;
    if (Object.keys(conditions).length > 0 || !isSisError(error, "CATALOG_SCHEMA")) throw error;
    return undefined;
  }
}

/** Address below the service of the page with the result of a text in the search box. */
function addressOf(q: string): string {
  const meaning = textMeaning(q);
  if (meaning.kind === "image") return `view/image/${encodeURIComponent(meaning.id)}`;
  if (meaning.kind === "catch") return `view/set?catch=${meaning.job}`;
  return `view/?${new URLSearchParams(meaning.parameters)}`;
}

/**
 * The search that the address of the page expresses; without conditions, all images by their ids.
 */
function searchOf(query: unknown): ImageSearch {
  const read = readQuery(query);
  if ("error" in read) throw read.error;
  const given = read.value as unknown as SearchQuery;
  return imageSearch(given);
}

/** An image as a row of /query. Errors: IMAGE_NOT_FOUND. */
async function imageRow(catalog: Catalog, id: string, options: LinkOptions): Promise<SearchRow> {
  const record = await catalog.findImage(id);
  if (record === undefined) throw new SisError("IMAGE_NOT_FOUND", "Image ID not found in database.");
  const detail = await catalog.findDetail(id);
  const search: ImageSearch = { maxrec: 1, offset: 0, order: "id" };
  return searchRows([{ record, detail }], search, "fits", options)[0]!;
}
