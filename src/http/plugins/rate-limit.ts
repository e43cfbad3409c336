import { isIPv6 } from "node:net";
import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

/** What is answered whatever a client does. */
const EXEMPT = new Set(["/health", "/ready", "/metrics"]);

/** Counts a request of a client, by its key; milliseconds until the next one is answered, 0 when this one is. */
export type TakeTurn = (client: string) => number | Promise<number>;

/** Answers 429 with Retry-After to clients that ask more often than they may, by their address: IPv6 by its network of 64 bits. */
export function installRateLimit(
  app: FastifyInstance,
  take: TakeTurn,
  perMinute: number,
  prefix: string,
): void {
  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (EXEMPT.has(path.slice(prefix.length))) return;
    const waitMs = await take(clientKey(request.ip));
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    reply.header("retry-after", String(seconds));
    throw new SisError("RATE_LIMITED", `Too many requests; the next one is answered in ${seconds} s.`, {
      details: { per_minute: perMinute },
    });
  });
}

/** An IPv6 client owns a network of 64 bits at least. */
export function clientKey(ip: string): string {
  if (!isIPv6(ip) || ip.includes(".")) return ip;
  const [head = "", tail] = ip.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const behind = tail === "" ? 0 : tail.split(":").length;
    while (groups.length < 8 - behind) groups.push("0");
  }
  while (groups.length < 4) groups.push("0");
  return groups.slice(0, 4).join(":");
}
