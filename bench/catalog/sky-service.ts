// A catalog of generated frames all over the sky, and one worker of the service for it, without
// products. `node sky-service.ts SETTINGS` is that worker: it sends its address, and the memory it
// uses whenever it receives a message.
import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import { WORKER_FLAGS } from "../../src/cluster/master/worker-process.ts";
import { loadSettings } from "../../src/config/settings.ts";
import type { DatabaseSettings } from "../../src/config/settings-groups.ts";
import { SisError } from "../../src/errors/sis-error.ts";
import { buildApp } from "../../src/http/app.ts";
import { sqliteSettings } from "../../test/support/catalog/test-database.ts";
import { PostgresServer, postgresPrograms } from "../../test/support/servers/postgres-server.ts";
import { loadPostgres, loadSqlite } from "./load-sky.ts";

const POSTGRES_FLAGS = ["-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"];

async function serve(database: DatabaseSettings): Promise<void> {
  const none = async (): Promise<never> => {
    throw new SisError("IMAGE_NOT_FOUND", "no images here");
  };
  const idle = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };
  const silent = () => undefined;
  const app = await buildApp({
    settings: { ...loadSettings(tmpdir(), {}), database },
    catalog: await openCatalog(database),
    products: {
      get: none,
      stack: none,
      load: () => ({ cutouts: idle, frames: idle }),
      close: async () => undefined,
    },
    logger: { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined },
    version: "0.0.0",
  });
  process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
  process.on("message", () => process.send?.(process.memoryUsage().rss));
}

/** Starts a worker for a database. */
export function startService(
  settings: DatabaseSettings,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(settings)], {
    execArgv: [...WORKER_FLAGS, "--import", "tsx"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (address) => resolve({ child, address: String(address) }));
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

/** What is measured on a database. */
export type Run = (settings: DatabaseSettings) => Promise<void>;

async function onSqlite(folder: string, rows: number, run: Run): Promise<void> {
  const path = join(folder, `sky-${rows}.db`);
  if (!existsSync(path)) await loadSqlite(path, rows);
  console.log(`SQLite, ${rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB`);
  await run(sqliteSettings(path));
}

async function onPostgres(folder: string, rows: number, programs: string, run: Run): Promise<void> {
  const cluster = join(folder, `postgresql-${rows}`);
  const isNew = !existsSync(join(cluster, "loaded"));
  if (isNew) rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { recursive: true });
  const server = await PostgresServer.open(programs, cluster, POSTGRES_FLAGS);
  try {
    const settings = server.settings("sky");
    if (isNew) {
      await server.execute("postgres", "CREATE DATABASE sky");
      const { folder: socket, port } = server;
      const execute = async (database: string, sql: string) => await server.execute(database, sql);
      await loadPostgres({ programs, folder: socket, port, execute }, settings, rows);
      mkdirSync(join(cluster, "loaded"));
    }
    const [size] = await server.execute("sky", "SELECT pg_database_size('sky') / 1000000 AS mb");
    console.log(`PostgreSQL, ${rows} rows, ${size?.mb} MB`);
    await run(settings);
  } finally {
    await server.stop();
  }
}

/** Options of a benchmark that runs on catalogs of the sky. */
export const SKY_OPTIONS = {
  engine: { type: "string" },
  rows: { type: "string", default: "1000000" },
  folder: { type: "string" },
} as const;

/**
 * Runs a benchmark on one engine or both, PostgreSQL if it is installed: its own server, with
 * shared_buffers of 1 GB and default settings otherwise. The catalogs are created in a temporary
 * folder and removed, or kept in `folder` and reused.
 */
export async function onSkies(
  values: { readonly engine?: string; readonly rows: string; readonly folder?: string },
  run: Run,
): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "sis-bench-"));
  const rows = Number(values.rows);
  const programs = postgresPrograms();
  mkdirSync(folder, { recursive: true });
  // the user of PostgreSQL needs access to it
  chmodSync(folder, 0o755);
  try {
    if (values.engine !== "postgresql") await onSqlite(folder, rows, run);
    if (values.engine !== "sqlite" && programs !== undefined) await onPostgres(folder, rows, programs, run);
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await serve(JSON.parse(process.argv[2]!) as DatabaseSettings);
