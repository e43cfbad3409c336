import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";
import { clientKey, type ReadClientAddress } from "../requests/client-address.ts";

/** Routes that are exempt from the limit. */
const EXEMPT = /^\/(?:health|ready|metrics)\/?$/;

/**
 * Counts a request of a client, by its key; milliseconds until the next one may be served, 0 when
 * this one may.
 */
export type TakeTurn = (client: string) => number | Promise<number>;

/** What the limit needs. */
export interface RateLimitOptions {
  readonly take: TakeTurn;
  readonly clientOf: ReadClientAddress;
  readonly perMinute: number;
  /** BASE_HREF. */
  readonly prefix: string;
}

/**
 * Responds 429 with Retry-After to clients, identified by address, that exceed the limit. An IPv6
 * client is its network of 64 bits. Clients whose address a proxy does not forward count as one.
 */
export function installRateLimit(app: FastifyInstance, options: RateLimitOptions): void {
  const { take, clientOf, perMinute, prefix } = options;
  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (EXEMPT.test(path.slice(prefix.length))) return;
    const waitMs = await take(clientKey(clientOf(request.raw).nearest));
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    reply.header("retry-after", String(seconds));
    throw new SisError("RATE_LIMITED", `Too many requests; try again in ${seconds} s.`, {
      details: { per_minute: perMinute },
    });
  });
}
