import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

const READING = "GET, HEAD, OPTIONS";

/** Routes of the service, below the prefix, with their methods. */
const ROUTES: readonly (readonly [path: RegExp, allowed: string])[] = [
  [/^\/(?:images\/[^/]+|query|summary|openapi\.json|ui|health|ready|metrics)\/?$/, READING],
  [/^\/batch\/?$/, "POST, OPTIONS"],
  [/^\/batch\/[^/]+\/?$/, "GET, HEAD, DELETE, OPTIONS"],
  [/^\/batch\/[^/]+\/retry\/?$/, "POST, OPTIONS"],
  [/^\/batch\/[^/]+\/(?:events|frames\.fits)$/, "GET, OPTIONS"],
  [/^\/batch\/[^/]+\/[^/]+$/, READING],
];

/** The empty id identifies no image. */
const NO_ID = /^\/images\/?$/;

/**
 * Refuses, before any body is read, requests that no route handles: 405 with Allow where another
 * method is allowed, else 404. Register before CORS, which handles OPTIONS.
 */
export function installMethods(app: FastifyInstance, prefix: string): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (!request.is404 && request.method !== "OPTIONS") return done();
    const path = request.url.split("?", 1)[0] ?? "";
    if (NO_ID.test(path.slice(prefix.length)) && path.startsWith(prefix)) {
      return done(new SisError("IMAGE_NOT_FOUND", "Image ID not found in database."));
    }
    const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : "";
    const allowed = ROUTES.find(([route]) => route.test(below))?.[1];
    if (allowed === undefined)
      return done(new SisError("ROUTE_NOT_FOUND", "There is nothing at this address."));
    reply.header("allow", allowed);
    if (request.method === "OPTIONS") return done();
    const message = `Method ${request.method} is not allowed here; allowed: ${allowed}.`;
    done(new SisError("METHOD_NOT_ALLOWED", message, { details: { method: request.method, allowed } }));
  });
}
