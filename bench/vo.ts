// Times searches of /vo/sia2 on a catalog of generated frames all over the sky: until the first row
// arrives, until the last one, and the memory of the service.
//
// npx tsx bench/vo.ts [--rows 1000000] [--folder DIR]
//
// The catalog is a SQLite file in a temporary folder, or kept in --folder and reused; one worker of
// the service responds.
import { fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCatalog } from "../src/catalog/open-catalog.ts";
import { WORKER_FLAGS } from "../src/cluster/master/worker-process.ts";
import { loadSettings } from "../src/config/settings.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";
import { sqliteSettings } from "../test/support/test-database.ts";
import { loadSqlite } from "./load-sky.ts";

/** One worker of the service, without products; prints its address, then its memory on request. */
async function serve(path: string): Promise<void> {
  const database = sqliteSettings(path);
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

interface Answer {
  /** Milliseconds until the first row and the last byte. */
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

function ask(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let first = Number.NaN;
    let rows = 0;
    get(url, { agent: false }, (response) => {
      response.on("data", (bytes: Buffer) => {
        rows += bytes.toString("latin1").split("<TR>").length - 1;
        if (rows > 0 && Number.isNaN(first)) first = performance.now() - start;
      });
      response.once("end", () => resolve({ first, last: performance.now() - start, rows }));
    }).once("error", reject);
  });
}

/** The cases: name, parameters, and how often. */
const CASES = [
  ["CIRCLE of 1 degree", "POS=CIRCLE+150+20+1", 20],
  ["CIRCLE of 11 degrees, 10,000 rows", "POS=CIRCLE+150+20+11&MAXREC=10000", 8],
  ["the same around a pole", "POS=CIRCLE+0+90+11&MAXREC=10000", 8],
  ["TIME of a night", "TIME=59010+59011&MAXREC=10000", 8],
  ["half of the sky, 10,000 rows", "POS=RANGE+0+180+-90+90&MAXREC=10000", 3],
  ["everything, 100,000 rows", "MAXREC=100000", 3],
] as const;

async function run(path: string): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ["serve", path], {
    execArgv: [...WORKER_FLAGS, "--import", "tsx"],
  });
  const message = () => new Promise<unknown>((resolve) => child.once("message", resolve));
  const address = String(await message());
  const memory = async () => {
    child.send("memory");
    return Number(await message()) / 2 ** 20;
  };
  for (const [name, parameters, times] of CASES) {
    const url = `${address}/vo/sia2?${parameters}`;
    await ask(url);
    const answers: Answer[] = [];
    for (let i = 0; i < times; i += 1) answers.push(await ask(url));
    const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
    const [first, last] = [
      median(answers.map((each) => each.first)),
      median(answers.map((each) => each.last)),
    ];
    console.log(
      `${name.padEnd(36)} ${answers[0]!.rows} rows, first ${first.toFixed(1)} ms, last ${last.toFixed(0)} ms, memory ${(await memory()).toFixed(0)} MiB`,
    );
  }
  child.kill();
}

if (process.argv[2] === "serve") await serve(process.argv[3]!);
else {
  const { values } = parseArgs({
    options: { rows: { type: "string", default: "1000000" }, folder: { type: "string" } },
  });
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "sis-vo-"));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `sky-${values.rows}.db`);
  if (!existsSync(path)) await loadSqlite(path, Number(values.rows));
  await run(path);
  if (values.folder === undefined) rmSync(folder, { recursive: true });
}
