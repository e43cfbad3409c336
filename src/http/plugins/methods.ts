import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";
import { VO_ROUTES } from "../vo/vo-paths.ts";

const READING = "GET, HEAD, OPTIONS";

/** Routes of the service, below the prefix, with their methods. */
const ROUTES: readonly (readonly [path: RegExp, allowed: string])[] = [
  [/^\/(?:images\/[^/]+|colour|query|summary|openapi\.json|ui|health|ready|metrics)\/?$/, READING],
  [/^\/images\/[^/]+\/tiles(?:\/[^/]+\/\d+\/\d+\/\d+)?\/?$/, READING],
  [/^\/batch\/?$/, "POST, OPTIONS"],
  [/^\/batch\/[^/]+\/?$/, "GET, HEAD, DELETE, OPTIONS"],
  [/^\/batch\/[^/]+\/retry\/?$/, "POST, OPTIONS"],
  [/^\/batch\/[^/]+\/(?:events|frames\.fits)$/, "GET, OPTIONS"],
  [/^\/batch\/[^/]+\/(?:files\.zip|sheet\.jpg|manifest\.(?:json|csv|vot))$/, READING],
  [/^\/batch\/[^/]+\/(?:stack\.(?:fits|png|jpeg)|blink\.(?:png|gif|webp))$/, READING],
  ...VO_ROUTES,
];

/** Routes of the page, below the prefix. */
const PAGE_ROUTE =
  /^\/(?:|view|view\/(?:image|assets)\/[^/]+|view\/(?:set|cut)|guide(?:\/[a-z-]+)?|favicon\.(?:svg|ico)|robots\.txt)\/?$/;

/** The empty id identifies no image. */
const NO_ID = /^\/images\/?$/;

/**
 * Refuses, before any body is read, requests that no route handles: 405 with Allow where another
 * method is allowed, else 404. Register before CORS, which handles OPTIONS.
 */
export function installMethods(app: FastifyInstance, prefix: string, hasPage: boolean): void {
  const routes = hasPage ? [...ROUTES, [PAGE_ROUTE, READING] as const] : ROUTES;
  app.addHook("onRequest", (request, reply, done) => {
    if (!request.is404 && request.method !== "OPTIONS") return done();
    const path = request.url.split("?", 1)[0] ?? "";
    if (NO_ID.test(path.slice(prefix.length)) && path.startsWith(prefix)) {
      return done(new SisError("IMAGE_NOT_FOUND", "Image ID not found in database."));
    }
    const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : "";
    const allowed = routes.find(([route]) => route.test(below))?.[1];
    if (allowed === undefined)
      return done(new SisError("ROUTE_NOT_FOUND", "There is nothing at this address."));
    reply.header("allow", allowed);
    if (request.method === "OPTIONS") return done();
    const message = `Method ${request.method} is not allowed here; allowed: ${allowed}.`;
    done(new SisError("METHOD_NOT_ALLOWED", message, { details: { method: request.method, allowed } }));
  });
}

/**
 * uri-host and port (RFC 3986, 3.2.2 and 3.2.3); the port may be empty, and so may the whole field.
 */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/;

/**
 * Refuses requests without a Host field, with more than one, or with a malformed one (RFC 9112,
 * 3.2): Node uses the first, while a proxy in front may have used the last.
 */
export function installHostField(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { rawHeaders, httpVersion } = request.raw;
    let fields = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!;
      if (name.length !== 4 || name.toLowerCase() !== "host") continue;
      fields++;
      if (fields > 1 || !HOST.test(rawHeaders[i + 1]!)) {
        return done(invalidHost());
      }
    }
    done(fields === 0 && httpVersion === "1.1" ? invalidHost() : undefined);
  });
}

function invalidHost(): SisError {
  return new SisError("MALFORMED_REQUEST", "The request must have exactly one valid Host field.");
}
