import type { Settings } from "../../config/settings.ts";
import { ClientBuckets } from "../../http/client-buckets.ts";
import { SharedLimit } from "../../http/shared-limit.ts";
import { requestFromMaster } from "../control/request-from-master.ts";
import { workerCount } from "./worker-count.ts";

/** How long a request waits for the master's count, milliseconds. */
const TURN_TIMEOUT_MS = 250;

/**
 * The rate limit of a worker: counted by its master, which counts for all workers; while the master
 * does not reply, by the worker alone against its share.
 */
export function sharedRateLimit(settings: Settings): SharedLimit {
  const workers = workerCount(settings);
  const own = new ClientBuckets({
    perMinute: settings.SBNSIS_RATE_LIMIT / workers,
    burst: Math.max(1, settings.SBNSIS_RATE_BURST / workers),
  });
  return new SharedLimit(own, async (client) => {
    const reply = await requestFromMaster({ about: "turn", client }, TURN_TIMEOUT_MS);
    return reply?.about === "turn" ? reply.waitMs : undefined;
  });
}
