import { isIPv6 } from "node:net";
import type { FastifyInstance } from "fastify";
import { LRUCache } from "lru-cache";
import type { Settings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";

/** Clients that are remembered; the longest silent are forgotten first, which only favours them. */
const MAXIMUM_CLIENTS = 20_000;

/** What is answered whatever a client does. */
const EXEMPT = new Set(["/health", "/ready", "/metrics"]);

interface Bucket {
  tokens: number;
  at: number;
}

/** Answers 429 with Retry-After to clients that ask more often than they may: a bucket of tokens for each address, IPv6 by its network of 64 bits. */
export function installRateLimit(
  app: FastifyInstance,
  settings: Pick<Settings, "SBNSIS_RATE_LIMIT" | "SBNSIS_RATE_BURST">,
  prefix: string,
): void {
  const perMs = settings.SBNSIS_RATE_LIMIT / 60_000;
  const burst = settings.SBNSIS_RATE_BURST;
  const buckets = new LRUCache<string, Bucket>({ max: MAXIMUM_CLIENTS });
  app.addHook("onRequest", (request, reply, done) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (EXEMPT.has(path.slice(prefix.length))) return done();
    const client = clientKey(request.ip);
    const now = performance.now();
    const bucket = buckets.get(client) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    buckets.set(client, bucket);
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      return done();
    }
    const seconds = Math.ceil((1 - bucket.tokens) / perMs / 1000);
    reply.header("retry-after", String(seconds));
    done(
      new SisError("RATE_LIMITED", `Too many requests; the next one is answered in ${seconds} s.`, {
        details: { per_minute: settings.SBNSIS_RATE_LIMIT },
      }),
    );
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
