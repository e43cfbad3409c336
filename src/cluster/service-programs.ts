import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClusterSettings } from "../config/settings-groups.ts";

// The programs are in this folder: compiled, or as sources in development under tsx.
const beside = (name: string) =>
  fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));

/** Paths of the programs that make up the running service. */
export const SERVICE_PROGRAMS = {
  master: beside("master/master-program"),
  worker: beside("worker/worker-program"),
} as const;

/** Folder of the running code, for `start --dev` to watch. */
export const CODE_FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** Number of workers of a service. */
export function workerCount({ workers }: Pick<ClusterSettings, "workers">): number {
  return workers < 0 ? availableParallelism() : Math.max(1, workers);
}
