import { availableParallelism } from "node:os";
import type { Settings } from "../../config/settings.ts";

/** Number of workers of a service. */
export function workerCount({ LIVE_GUNICORN_INSTANCES: wanted }: Settings): number {
  return wanted < 0 ? availableParallelism() : Math.max(1, wanted);
}
