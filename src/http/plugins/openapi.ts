import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { ICON } from "../page/site-files.ts";

/** What the OpenAPI document says about the service as a whole. */
const INFO = {
  title: "SBN Survey Image Service",
  description:
    "Survey images of NASA's Small-Bodies Node: whole images, cutouts, pictures and labels. Errors are problem documents (RFC 9457). The examples work with the data of `npm run demo`.",
  license: { name: "BSD-3-Clause", identifier: "BSD-3-Clause" },
};

/**
 * Starts Swagger UI without the bar with its logo. The initializer of @fastify/swagger-ui reads the
 * document from `ui/json`, relative to which the address of the service would resolve to `ui/`.
 */
const INITIALIZER = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: new URL("../openapi.json", location.href).href,
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
  });
};
`;

/** The part of an operation's parameter that is changed here. */
interface Parameter {
  readonly in?: string;
  example?: unknown;
  examples?: Readonly<Record<string, { readonly value?: unknown }>>;
  schema?: Record<string, unknown>;
}

type Operation = { readonly parameters?: readonly Parameter[] };
type Paths = Record<string, { head?: unknown; get?: Operation; post?: Operation }>;

/** Marks an optional parameter whose example Swagger UI fills in. */
const PREFILLED = "x-prefilled";

/**
 * Removes HEAD operations, which are GET without a body, and moves the examples of optional
 * parameters into their schemas: otherwise Swagger UI would send all of them at once. Those marked
 * with `x-prefilled` it sends: without them the operation is refused.
 */
function tidied(paths: Paths): Paths {
  for (const path of Object.values(paths)) {
    delete path.head;
    for (const parameter of [...(path.get?.parameters ?? []), ...(path.post?.parameters ?? [])]) {
      if (parameter.in !== "query") continue;
      const { [PREFILLED]: isPrefilled, ...schema } = parameter.schema ?? {};
      parameter.schema = schema;
      if (isPrefilled === true) continue;
      const { example, examples } = parameter;
      const all = examples === undefined ? [example] : Object.values(examples).map(({ value }) => value);
      delete parameter.example;
      delete parameter.examples;
      if (all[0] !== undefined) parameter.schema = { ...parameter.schema, examples: all };
    }
  }
  return Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => stepsOf(a) - stepsOf(b)));
}

/** Batches last, and what makes one before what needs its id. */
const stepsOf = (path: string): number => (path.startsWith("/batch") ? path.split("/").length : 0);

/**
 * The OpenAPI document at `openapi.json` and the pages of Swagger UI at `ui/`. Register before the
 * routes.
 */
export async function installOpenapi(app: FastifyInstance, prefix: string, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { ...INFO, version },
      tags: [
        { name: "images", description: "Images, cutouts, pictures and labels" },
        { name: "catalog", description: "Find and count images" },
        { name: "batch", description: "Lists of moving objects: a cutout of every row" },
      ],
    },
    transform: ({ schema, url }) => ({
      schema,
      url: url.startsWith(prefix) ? url.slice(prefix.length) : url,
    }),
    // relative to the document: correct behind any proxy and any prefix
    transformObject: (document) => {
      if (!("openapiObject" in document)) return document.swaggerObject;
      const { openapiObject } = document;
      const paths = tidied((openapiObject.paths ?? {}) as Paths);
      return { ...openapiObject, paths, servers: [{ url: "./" }] } as typeof openapiObject;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: `${prefix}/ui`,
    theme: {
      title: INFO.title,
      favicon: [{ filename: "icon.svg", rel: "icon", type: "image/svg+xml", sizes: "any", content: ICON }],
    },
    // the copy of the document at ui/json is one level deeper
    transformSpecification: (document) => ({ ...document, servers: [{ url: "../" }] }),
    transformSpecificationClone: false,
    staticCSP: {
      "default-src": ["'self'"],
      "img-src": ["'self'", "data:", "blob:"],
      "style-src": ["'self'", "'unsafe-inline'"],
      "object-src": ["'none'"],
      "frame-ancestors": ["'self'"],
    },
    uiHooks: {
      onRequest: (request, reply, done) => {
        const [path = "", query] = request.url.split("?", 2);
        if (path.endsWith("/swagger-initializer.js")) {
          reply.type("text/javascript; charset=utf-8").send(INITIALIZER);
          return;
        }
        if (!path.endsWith("/ui")) return done();
        // relative, so that a proxy may add its own prefix
        reply.redirect(query === undefined ? "ui/" : `ui/?${query}`, 308);
      },
    },
  });
}
