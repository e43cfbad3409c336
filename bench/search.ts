// Times /query, /summary, searches and look-ups by id on a catalog of generated frames all over the
// sky, in 400 collections, on both engines.
//
// npx tsx bench/search.ts [--engine sqlite|postgresql] [--rows 1000000] [--folder DIR] [--client
// wrk] [--only WORD]
//
// Without --engine it runs both, PostgreSQL if it is installed: its own server, with shared_buffers
// of 1 GB and default settings otherwise. The catalog is created in a temporary folder and removed,
// or kept in --folder and reused. One worker of the service responds, the client runs on the same
// processors: one in JavaScript, or wrk.
import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCatalog } from "../src/catalog/open-catalog.ts";
import { WORKER_FLAGS } from "../src/cluster/master/worker-process.ts";
import { loadSettings } from "../src/config/settings.ts";
import type { DatabaseSettings } from "../src/config/settings-groups.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";
import { PostgresServer, postgresPrograms } from "../test/support/postgres-server.ts";
import { anyPlace, seeded } from "../test/support/sky-frames.ts";
import { sqliteSettings } from "../test/support/test-database.ts";
import { measure, measureByWrk, tellTimes } from "./latencies.ts";
import { loadPostgres, loadSqlite } from "./load-sky.ts";
import { madeRecord } from "./made-sky.ts";

const POSTGRES_FLAGS = ["-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"];

/** One worker of the service, without products; prints its address. */
async function serve(database: DatabaseSettings): Promise<void> {
  const settings = { ...loadSettings(tmpdir(), {}), database };
  const none = async (): Promise<never> => {
    throw new SisError("IMAGE_NOT_FOUND", "no images here");
  };
  const idle = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };
  const noLoad = () => ({ cutouts: idle, frames: idle });
  const silent = () => undefined;
  const app = await buildApp({
    settings,
    catalog: await openCatalog(database),
    products: { get: none, stack: none, load: noLoad, close: async () => undefined },
    logger: { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined },
    version: "0.0.0",
  });
  process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
}

function startService(
  settings: DatabaseSettings,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = fork(fileURLToPath(import.meta.url), ["serve", JSON.stringify(settings)], {
    execArgv: [...WORKER_FLAGS, "--import", "tsx"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (address) => resolve({ child, address: String(address) }));
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

async function lookUps(settings: DatabaseSettings, rows: number): Promise<void> {
  const catalog = await openCatalog(settings);
  const random = seeded(3);
  const times: number[] = [];
  const begin = performance.now();
  for (let i = 0; i < 10_000; i += 1) {
    const { obsId } = madeRecord(Math.floor(random() * rows));
    const start = performance.now();
    if ((await catalog.findImage(obsId)) === undefined) throw new Error(`${obsId} is not there`);
    times.push(performance.now() - start);
  }
  tellTimes("an image by its id, without HTTP", times, (performance.now() - begin) / 1000);
  await catalog.close();
}

/** Filters of every kind: none, lists of all lengths, and pairs of independent ones. */
const FILTERS = [
  "",
  "&collection=urn:nasa:pds:made.survey1:data",
  "&collection=urn:nasa:pds:made.survey77:data",
  "&facility=Observatory%202",
  "&instrument=Camera%203&dptype=image",
  "&instrument=Guest%20camera",
  "&collection=urn:nasa:pds:made.survey2:data&facility=Observatory%201",
  "&facility=Observatory%202&instrument=Guest%20camera",
];

async function totals(address: string): Promise<readonly number[]> {
  const answers = FILTERS.map(async (filter) => {
    const answer = (await (await fetch(`${address}/query?maxrec=0${filter}`)).json()) as { total: number };
    return answer.total;
  });
  return await Promise.all(answers);
}

type Measure = (
  name: string,
  next: () => string,
  options: { readonly clients: number; readonly requests?: number },
) => unknown;

async function run(settings: DatabaseSettings, rows: number, measured: Measure): Promise<void> {
  await lookUps(settings, rows);
  const { child, address } = await startService(settings);
  try {
    const random = seeded(7);
    const below = (n: number) => Math.floor(random() * n);
    const lengths = await totals(address);
    const anyOffset = () => {
      const which = below(FILTERS.length);
      return `${address}/query?offset=${below(Math.min(1e6, lengths[which]!))}${FILTERS[which]}`;
    };
    const pos = () => anyPlace(random).join(",");
    const tenDays = () => {
      const start = 59_000 + below(rows / 800);
      return `${start}/${start + 10}`;
    };
    const collection = () => `collection=urn:nasa:pds:made.survey${below(400)}:data`;
    for (const clients of [1, 4]) {
      await measured("/summary", () => `${address}/summary`, { clients });
      await measured(
        "/query, any collection, offset < 1000",
        () => `${address}/query?${collection()}&offset=${below(1000)}`,
        { clients },
      );
      await measured("/query, any filter, offset up to 1,000,000", anyOffset, { clients });
      await measured("/query, no filter, such an offset", () => `${address}/query?offset=${below(1e6)}`, {
        clients,
      });
      await measured(
        "/query, any filter, by cursor",
        () => `${address}/query?after=${below(rows)}${FILTERS[below(FILTERS.length)]}`,
        { clients },
      );
      await measured("place", () => `${address}/query?pos=${pos()}`, { clients });
      await measured("place and ten days", () => `${address}/query?pos=${pos()}&time=${tenDays()}`, {
        clients,
      });
      await measured(
        "place, radius 1 degree, by distance",
        () => `${address}/query?pos=${pos()}&radius=1deg&order=distance`,
        { clients, requests: 200 },
      );
    }
  } finally {
    child.removeAllListeners("exit");
    child.kill();
  }
}

async function onSqlite(folder: string, rows: number, measured: Measure): Promise<void> {
  const path = join(folder, "sky.db");
  if (!existsSync(path)) await loadSqlite(path, rows);
  console.log(`SQLite, ${rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB`);
  await run(sqliteSettings(path), rows, measured);
}

async function onPostgres(folder: string, rows: number, programs: string, measured: Measure): Promise<void> {
  const cluster = join(folder, "postgresql");
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
    await run(settings, rows, measured);
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: "string" },
      rows: { type: "string", default: "1000000" },
      folder: { type: "string" },
      client: { type: "string", default: "node" },
      // only the kinds of requests with this word in their name
      only: { type: "string", default: "" },
    },
  });
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "sis-bench-"));
  const rows = Number(values.rows);
  const client = values.client === "wrk" ? measureByWrk : measure;
  const measured: Measure = async (name, ...how) => {
    if (name.includes(values.only)) await client(name, ...how);
  };
  const programs = postgresPrograms();
  mkdirSync(folder, { recursive: true });
  // the user of PostgreSQL needs access to it
  chmodSync(folder, 0o755);
  try {
    if (values.engine !== "postgresql") await onSqlite(folder, rows, measured);
    if (values.engine !== "sqlite" && programs !== undefined)
      await onPostgres(folder, rows, programs, measured);
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true });
  }
}

if (process.argv[2] === "serve") await serve(JSON.parse(process.argv[3]!) as DatabaseSettings);
else await main();
