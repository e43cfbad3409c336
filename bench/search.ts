/**
 * Times searches, /query and /summary over HTTP on a catalogue of made frames all over the sky, in SQLite.
 * Run: npx tsx bench/search.ts [ROWS] [FILE]; without FILE the catalogue is made in a temporary folder and removed.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCatalog } from "../src/catalog/open-catalog.ts";
import { loadSettings } from "../src/config/settings.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";
import { anyPlace, seeded } from "../test/support/sky-frames.ts";
import { makeSky } from "./made-sky.ts";

const REQUESTS = 1000;

/** One worker of the service, without products; tells its port. */
async function serve(path: string): Promise<void> {
  const settings = loadSettings(tmpdir(), { DB_DATABASE: path });
  const none = async (): Promise<never> => {
    throw new SisError("IMAGE_NOT_FOUND", "no images here");
  };
  const idle = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };
  const noLoad = () => ({ cutouts: idle, frames: idle });
  const silent = () => undefined;
  const app = await buildApp({
    settings,
    catalog: await openCatalog(settings),
    products: { get: none, load: noLoad, close: async () => undefined },
    logger: { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined },
    version: "0.0.0",
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  process.send?.(address);
}

/** Milliseconds of one request until its last byte. */
function timed(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const request = get(url, { agent, timeout: 60_000 }, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve(performance.now() - start);
        else reject(new Error(`${url}: ${answer.statusCode}`));
      });
    });
    request.once("timeout", () => request.destroy(new Error(`${url}: no answer in a minute`)));
    request.once("error", reject);
  });
}

async function measure(
  name: string,
  address: string,
  next: () => string,
  { clients = 4, requests = REQUESTS } = {},
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latencies: number[] = [];
  const begin = performance.now();
  let started = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (started < requests) {
        started += 1;
        latencies.push(await timed(`${address}${next()}`, agent));
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(part * latencies.length))]!.toFixed(1).padStart(7);
  const rate = (requests / seconds).toFixed(0).padStart(6);
  console.log(
    `${name.padEnd(46)} ${clients} clients: p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms, ${rate}/s`,
  );
}

function start(path: string): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = fork(fileURLToPath(import.meta.url), ["serve", path], {
    execArgv: ["--import", "tsx"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (address) => resolve({ child, address: String(address) }));
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

async function run(rows: number, path: string): Promise<void> {
  if (!existsSync(path)) {
    const begin = performance.now();
    await makeSky(path, rows, 1);
    console.log(`${rows} frames written in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  }
  console.log(`${(statSync(path).size / 1e6).toFixed(0)} MB`);
  const { child, address } = await start(path);
  const random = seeded(7);
  const pos = () => anyPlace(random).join(",");
  const tenDays = () => {
    const start = 59_000 + Math.floor((random() * rows) / 800);
    return `${start}/${start + 10}`;
  };
  const offset = () => Math.floor(random() * Math.min(1e6, rows));
  const filters = [
    "",
    "&collection=urn:nasa:pds:made.survey1:data",
    "&facility=Observatory%202",
    "&instrument=Camera%203&dptype=image",
    "&collection=urn:nasa:pds:made.survey1:data&facility=Observatory%201",
  ];
  const filter = () => filters[Math.floor(random() * filters.length)]!;
  try {
    for (const clients of [1, 4]) {
      await measure("place", address, () => `/query?pos=${pos()}`, { clients });
      await measure("place and ten days", address, () => `/query?pos=${pos()}&time=${tenDays()}`, {
        clients,
      });
      await measure(
        "place, radius 1 degree, by distance",
        address,
        () => `/query?pos=${pos()}&radius=1deg&order=distance`,
        {
          clients,
          requests: 200,
        },
      );
      await measure("place, radius 10 degrees", address, () => `/query?pos=${pos()}&radius=10deg`, {
        clients,
        requests: 50,
      });
      await measure("/query, any filter and offset", address, () => `/query?offset=${offset()}${filter()}`, {
        clients,
      });
      await measure("/query, any filter, by cursor", address, () => `/query?after=${offset()}${filter()}`, {
        clients,
      });
      await measure("/query, no filter", address, () => `/query?offset=${offset()}`, { clients });
      await measure("/summary", address, () => "/summary", { clients });
    }
  } finally {
    child.removeAllListeners("exit");
    child.kill();
  }
}

const [first, second] = process.argv.slice(2);
if (first === "serve") await serve(second!);
else {
  const folder = second === undefined ? mkdtempSync(join(tmpdir(), "sis-bench-")) : undefined;
  try {
    await run(Number(first ?? 1_000_000), second ?? join(folder!, "sky.db"));
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}
