import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import type { ErrorCode } from "../../errors/catalogue.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { Product, TileService } from "../../products/product.ts";
import { acceptedCoding } from "../plugins/compression.ts";
import { clientKey, type ReadClientAddress } from "../requests/client-address.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { isNotModified } from "../responses/conditions.ts";
import { problemResponses } from "../responses/problem-schema.ts";
import { type SendingParts, sendProduct } from "../responses/send-product.ts";
import { imageParamsSchema } from "./image-query.ts";

export interface TileRoutesOptions {
  readonly tiles: TileService;
  readonly sending: SendingParts;
  readonly clientOf: ReadClientAddress;
  /** Beginning of all links. */
  readonly baseUrl: string;
}

const ERRORS: readonly ErrorCode[] = [
  ...(["IMAGE_NOT_FOUND", "NO_IMAGE", "SOURCE_NOT_ALLOWED", "SOURCE_MISSING"] as const),
  ...(["SOURCE_UNREADABLE", "FITS_CORRUPT", "FITS_UNSUPPORTED", "SOURCE_SCHEME"] as const),
  ...(["SOURCE_UNREACHABLE", "SOURCE_UPSTREAM", "SOURCE_TOO_LARGE", "SOURCE_CHANGED"] as const),
  ...(["SOURCE_TIMEOUT", "TASK_TIMEOUT", "MEMORY_EXCEEDED", "CACHE_UNAVAILABLE"] as const),
];

const pair = (description: string) => Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description });
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const descriptionSchema = Type.Object(
  {
    id: Type.String(),
    version: Type.String({ description: "Part of the addresses of tiles; changes with the image." }),
    width: Type.Integer(),
    height: Type.Integer(),
    tile: Type.Integer({ description: "Side of a tile, pixels." }),
    bitpix: Type.Integer(),
    unit: textOrNull("BUNIT of the image."),
    blank: Type.Boolean({ description: "Whether the image has pixels without a value." }),
    levels: Type.Array(
      Type.Object({
        level: Type.Integer(),
        width: Type.Integer(),
        height: Type.Integer(),
        exact: Type.Boolean({ description: "Whether tiles have the values of the file, not rounded." }),
      }),
      { description: "Level k has the means of blocks of 2^k x 2^k pixels that have a value." },
    ),
    cuts: Type.Union([
      Type.Object({
        zscale: pair("Limits of zscale of about 1000 evenly spaced pixels."),
        percentile: pair("Percentiles 0.5 and 99.5 of about 2^20 values in evenly spaced rows."),
        minmax: pair("Least and greatest value."),
        median: Type.Number(),
        sigma: Type.Number({ description: "1.4826 times the median absolute deviation." }),
      }),
      Type.Null(),
    ]),
    histogram: Type.Union([
      Type.Object({ from: Type.Number(), to: Type.Number(), counts: Type.Array(Type.Integer()) }),
      Type.Null(),
    ]),
    start: textOrNull("Start of the exposure, UTC."),
    stop: textOrNull("End of the exposure, UTC."),
    exposure: Type.Union([Type.Number(), Type.Null()], { description: "Exposure, seconds." }),
    filter: textOrNull("Filter."),
    header: Type.String({ description: "URL of the header." }),
    preview: Type.String({ description: "URL of a first picture." }),
  },
  { description: "The tiles of an image." },
);

const number = (description: string) => Type.String({ pattern: "^\\d+$", description, examples: ["0"] });

const tileParams = Type.Object({
  ...imageParamsSchema.properties,
  version: Type.String({
    description: "version of GET /images/{id}/tiles, or current, whose tiles browsers revalidate.",
    examples: ["current"],
  }),
  level: number("Level, 0 for the pixels themselves."),
  column: number("Column of the tile, from 0 at the left."),
  row: number("Row of the tile, from 0 at the lower edge."),
});

const exactQuery = Type.Object({
  exact: Type.Optional(
    Type.Boolean({ description: "float32 where values would be rounded. Default: false.", examples: [true] }),
  ),
});

/** Bytes of a description below which compression gains nothing. */
const MINIMUM_BYTES = 1400;

/** Offset of the coding in a tile, and its number for float32. */
const CODING_AT = 4;
const FLOAT32 = 3;

/** The version of an address whose tile changes with the image. */
const CURRENT = "current";

const IMMUTABLE = "public, max-age=31536000, immutable";

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

/** GET /images/{id}/tiles, and the tiles themselves. */
export async function tileRoutes(app: FastifyInstance, options: TileRoutesOptions): Promise<void> {
  const { tiles, sending, clientOf, baseUrl } = options;

  app.route<{ Params: { id: string } }>({
    method: ["GET", "HEAD"],
    url: "/images/:id/tiles",
    schema: {
      summary: "Describe the tiles of an image",
      description:
        "Levels, limits of brightness and histogram of a whole image, for viewers. The first request for an image reads all of it.",
      tags: ["images"],
      operationId: "getTiles",
      params: imageParamsSchema,
      response: { 200: descriptionSchema, ...problemResponses(ERRORS) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const client = clientKey(clientOf(request.raw).nearest);
      const found = await tiles.describe(id, { signal: clientSignal(reply), client });
      const url = `${baseUrl}/images/${encodeURIComponent(id)}`;
      const text = JSON.stringify({
        ...found,
        header: `${url}?format=header`,
        preview: `${url}?format=jpeg&quick=true`,
      });
      const tag = createHash("sha256").update(text).digest("hex").slice(0, 32);
      reply.headers({ etag: `W/"${tag}"`, "cache-control": "no-cache", vary: "Accept-Encoding" });
      if (isNotModified(request.raw.headers, { etag: `"${tag}"`, lastModified: undefined }))
        return reply.code(304).send();
      return sendText(reply, text, acceptedCoding(request.headers["accept-encoding"]));
    },
  });

  app.route<{
    Params: { id: string; version: string; level: string; column: string; row: string };
    Querystring: { exact?: boolean };
  }>({
    method: ["GET", "HEAD"],
    url: "/images/:id/tiles/:version/:level/:column/:row",
    schema: {
      summary: "Get a tile of an image",
      description:
        "256 x 256 pixels, fewer at the right and the upper edge; the form SIT1 is described in docs/tiles.md. Integers are exact at level 0; other values are rounded to an eighth of their noise unless exact=true.",
      tags: ["images"],
      operationId: "getTile",
      params: tileParams,
      querystring: exactQuery,
      response: {
        200: {
          description: "The tile.",
          content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
        },
        304: { description: "The client's copy is current.", type: "null" },
        ...problemResponses([...ERRORS, "INVALID_PARAMETER", "TILE_NOT_FOUND", "TILE_VERSION"]),
      },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const [level, column, row] = [request.params.level, request.params.column, request.params.row].map(
        wholeNumber,
      ) as [number, number, number];
      const signal = clientSignal(reply);
      const client = clientKey(clientOf(request.raw).nearest);
      const isCurrent = version === CURRENT;
      const wanted = {
        id,
        version: isCurrent ? undefined : version,
        level,
        column,
        row,
        exact: request.query.exact ?? false,
      };
      const tile = await tiles.get(wanted, { signal, client });
      reply.header("vary", "Accept-Encoding");
      const isAccepted = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
        request.headers["accept-encoding"] ?? "",
      );
      const sent = isAccepted ? await compressed(tile, reply) : tile;
      const parts = { ...sending, cacheControl: isCurrent ? "no-cache" : IMMUTABLE };
      return sendProduct(request, reply, sent, parts, { download: false, signal });
    },
  });
}

/** A number in an address. Errors: TILE_NOT_FOUND. */
function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new SisError("TILE_NOT_FOUND", "The image has no such tile.");
}

async function sendText(reply: FastifyReply, text: string, coding: "br" | "gzip" | undefined) {
  reply.type("application/json; charset=utf-8");
  if (coding === undefined || text.length < MINIMUM_BYTES) return reply.send(text);
  reply.header("content-encoding", coding);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  return reply.send(coding === "br" ? await toBrotli(text, { params }) : await toGzip(text));
}

/** A tile of floats in gzip; the others are compressed already. */
async function compressed(tile: Product, reply: FastifyReply): Promise<Product> {
  const { content, etag } = tile;
  if (!(content instanceof Uint8Array) || content[CODING_AT] !== FLOAT32) return tile;
  const bytes = await toGzip(content, { level: 6 });
  reply.header("content-encoding", "gzip");
  return { ...tile, content: bytes, size: bytes.length, etag: `${etag.slice(0, -1)}-gzip"` };
}
