import { extname } from "node:path";
import { fileURLToPath } from "node:url";

// The programs lie beside this file, compiled or, in development under tsx, as they are written.
const beside = (name: string) =>
  fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));

/** Paths of the programs that make up the running service. */
export const SERVICE_PROGRAMS = {
  master: beside("master/master-program"),
  worker: beside("worker/worker-program"),
} as const;

/** Folder of the code that runs, for `start --dev` to watch. */
export const CODE_FOLDER = fileURLToPath(new URL("..", import.meta.url));
