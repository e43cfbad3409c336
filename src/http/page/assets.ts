import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";
import { acceptedCoding } from "../plugins/compression.ts";
import type { BuiltPage } from "./built-page.ts";
import { setPageHeaders } from "./page-headers.ts";

export interface AssetsOptions {
  readonly page: BuiltPage;
  readonly policy: string;
}

/** GET /view/assets/{name}: scripts and styles, from memory, which never change under a name. */
export async function assetsRoute(app: FastifyInstance, { page, policy }: AssetsOptions): Promise<void> {
  app.get<{ Params: { name: string } }>(
    "/view/assets/:name",
    { schema: { hide: true } },
    async (request, reply) => {
      const asset = page.assets.get(request.params.name);
      if (asset === undefined)
        throw new SisError("ROUTE_NOT_FOUND", "This version of the page has no such file.");
      setPageHeaders(reply, policy);
      const coding = asset.coded && acceptedCoding(request.headers["accept-encoding"]);
      if (coding !== undefined) reply.header("content-encoding", coding);
      const body = coding === undefined ? asset.bytes : asset.coded?.[coding];
      return reply
        .header("cache-control", "public, max-age=31536000, immutable")
        .header("vary", "Accept-Encoding")
        .type(asset.type)
        .send(body);
    },
  );
}
