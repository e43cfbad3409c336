import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/** What the OpenAPI document says about the service as a whole. */
const INFO = {
  title: "SBN Survey Image Service",
  description:
    "Survey images of NASA's Small-Bodies Node: whole, as cutouts, as pictures, or their labels. All errors are problem documents (RFC 9457).",
  license: { name: "BSD-3-Clause", identifier: "BSD-3-Clause" },
};

/** The OpenAPI document at `openapi.json` and the pages of Swagger UI at `ui/`. Register before the routes. */
export async function installOpenapi(app: FastifyInstance, prefix: string, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { ...INFO, version },
      tags: [
        { name: "images", description: "Images and what is made of them" },
        { name: "catalog", description: "What images there are" },
      ],
    },
    transform: ({ schema, url }) => ({
      schema,
      url: url.startsWith(prefix) ? url.slice(prefix.length) : url,
    }),
    // relative to the document: right behind any proxy and any prefix
    transformObject: (document) =>
      "openapiObject" in document
        ? { ...document.openapiObject, servers: [{ url: "./" }] }
        : document.swaggerObject,
  });
  await app.register(swaggerUi, {
    routePrefix: `${prefix}/ui`,
    theme: { title: INFO.title },
    staticCSP: {
      "default-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "style-src": ["'self'", "'unsafe-inline'"],
      "object-src": ["'none'"],
      "frame-ancestors": ["'self'"],
    },
    uiHooks: {
      onRequest: (request, reply, done) => {
        const [path = "", query] = request.url.split("?", 2);
        if (!path.endsWith("/ui")) return done();
        // relative, so that a proxy may add a prefix of its own
        reply.redirect(query === undefined ? "ui/" : `ui/?${query}`, 308);
      },
    },
  });
}
