// How a running service handles restarts, killed workers, and several times the requests it can
// serve. Source of the numbers in docs/reliability.md.
//
// npm run build && npx tsx bench/reliability/reliability.ts
// restarts|kills|overload|soak|race|pictures|faults [--seconds 60] [--clients 8] [--times 10]
// [--workers 2] [--factor 4] [--rounds 1] [--directory DIR]
//
// Generates ATLAS look-alikes (kept in DIR for the next run), starts `sbnsis` on a free port of the
// loopback with a fresh cache, and requests FITS and JPEG cutouts, cold and warm, half of the
// clients with keep-alive. The clients run on the same cores. `faults` makes its own surroundings
// (bench/faults): [--seconds 900] [--seed 1] [--rate 20] [--database postgresql|sqlite].
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { askMaster } from "../../src/cluster/control-socket.ts";
import type { ServiceStatus } from "../../src/cluster/master.ts";
import { freePort } from "../../test/support/cluster/service-under-test.ts";
import { runFaults } from "./faults/run-faults.ts";
import { ask, type Outcome, requests } from "./reliability-client.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "8" },
    times: { type: "string", default: "10" },
    workers: { type: "string", default: "2" },
    factor: { type: "string", default: "4" },
    rounds: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    rate: { type: "string", default: "20" },
    database: { type: "string", default: "postgresql" },
    frames: { type: "string", default: "2" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "reliability") },
  },
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const { directory } = options;
const [seconds, clients, times] = [Number(options.seconds), Number(options.clients), Number(options.times)];
const data = join(directory, "data");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text: string) => process.stdout.write(`${text}\n`);
const node = (script: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: directory, encoding: "utf8" });
const sbnsis = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(root, "dist/cli/sbnsis.js"), ...args], { cwd: directory });

if (positionals[0] === "faults") {
  const { database } = options;
  if (database !== "postgresql" && database !== "sqlite") throw new Error(`no database ${database}`);
  const hasStood = await runFaults({
    directory: `${directory}-${database}`,
    root,
    port: await freePort(),
    seconds,
    seed: Number(options.seed),
    rate: Number(options.rate),
    database,
    workers: Number(options.workers),
  });
  process.exit(hasStood ? 0 : 1);
}
const scenarios = { restarts, kills, overload, soak, race, pictures };
const scenario = scenarios[positionals[0] as keyof typeof scenarios];
if (scenario === undefined) {
  process.stderr.write(`reliability: name one of ${Object.keys(scenarios).join(", ")} or faults\n`);
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
process.chdir(directory);
if (!existsSync(join(data, "frames.csv"))) {
  const tsx = join(root, "node_modules", ".bin", "tsx");
  execFileSync(tsx, [join(root, "bench", "service", "frames.ts"), "atlas", options.frames, data], {
    stdio: "inherit",
  });
}
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
rmSync(join(directory, "cache"), { recursive: true, force: true });
mkdirSync(join(directory, "cache"));
writeFileSync(
  join(directory, ".env"),
  `API_PORT=${port}\nLIVE_GUNICORN_INSTANCES=${options.workers}\nSBNSIS_CUTOUT_CACHE=./cache\nDB_DATABASE=./bench.db\n`,
);
node("dist/cli/sbnsis-add.js", "-r", data);
node("dist/cli/sbnsis.js", "start");
const next = requests(base, readFileSync(join(data, "frames.csv"), "utf8"));
try {
  await scenario();
} finally {
  node("dist/cli/sbnsis.js", "stop");
}

/** Clients that send one request after another until stopped; counts the outcomes. */
function load(kind: () => string) {
  const counts: Record<string, number> = {};
  const lost: number[] = [];
  let going = true;
  const client = async (_: unknown, i: number) => {
    while (going) {
      const outcome = await ask(kind(), i % 2 === 0);
      counts[outcome.status] = (counts[outcome.status] ?? 0) + 1;
      if (outcome.status !== "200") lost.push(performance.now());
    }
  };
  const done = Promise.all(Array.from({ length: clients }, client));
  return {
    counts,
    lost,
    async end() {
      going = false;
      await done;
      return counts;
    },
  };
}

async function restarts(): Promise<void> {
  const running = load(next.any);
  await pause(2_000);
  for (let i = 0; i < times; i++) {
    await sbnsis("restart");
    await pause(1_000);
  }
  say(`${times} restarts, ${clients} clients: ${JSON.stringify(await running.end())}`);
}

async function kills(): Promise<void> {
  const running = load(next.any);
  await pause(4_000);
  const back: number[] = [];
  const perKill: number[] = [];
  for (let i = 0; i < times; i++) {
    const { workers } = await status();
    const victim = workers[i % workers.length]!;
    const before = running.lost.length;
    const killed = performance.now();
    process.kill(victim.pid, "SIGKILL");
    for (;;) {
      const now = (await status()).workers;
      if (now.length === workers.length && now.every(({ pid }) => pid !== victim.pid)) break;
      await pause(10);
    }
    back.push(performance.now() - killed);
    // long enough for connections to spread again and for a new spare
    await pause(4_000);
    perKill.push(running.lost.length - before);
  }
  const counts = await running.end();
  say(`${times} workers killed, ${clients} clients: ${JSON.stringify(counts)}`);
  say(`lost by kill: ${perKill.join(" ")}; replaced after ms: ${back.map((ms) => ms.toFixed(0)).join(" ")}`);
}

/** Several rounds without a restart between them distinguish filling caches from leaking memory. */
async function overload(): Promise<void> {
  for (let round = 0; round < Number(options.rounds); round++) await overloadOnce();
}

async function overloadOnce(): Promise<void> {
  for (let i = 0; i < 200; i++) await ask(next.warm(), true);
  const calm = load(next.cold);
  await pause(15_000);
  const answered = (await calm.end())["200"] ?? 0;
  const capacity = answered / 15;
  say(`capacity: ${capacity.toFixed(1)} cold cutouts/s with ${clients} clients`);
  const interval = 1000 / (capacity * Number(options.factor));
  const counts: Record<string, number> = {};
  const probes: Record<string, Outcome[]> = { health: [], warm: [], query: [] };
  const memory: number[][] = [];
  const open = new Set<Promise<void>>();
  let notSent = 0;
  const end = performance.now() + seconds * 1000;
  let due = performance.now();
  let watched = 0;
  while (performance.now() < end) {
    for (; due <= performance.now(); due += interval) {
      if (open.size >= 1_000) {
        notSent++;
        continue;
      }
      const one = ask(next.cold(), true).then(({ status }) => {
        counts[status] = (counts[status] ?? 0) + 1;
        open.delete(one);
      });
      open.add(one);
    }
    if (performance.now() > watched) {
      watched = performance.now() + 1_000;
      memory.push((await status()).workers.map(({ pid }) => residentMegabytes(pid)));
      for (const [name, url] of Object.entries({
        health: `${base}/health`,
        warm: next.warm(),
        query: `${base}/query?maxrec=10`,
      })) {
        void ask(url, true).then((outcome) => probes[name]!.push(outcome));
      }
    }
    await pause(2);
  }
  await Promise.all(open);
  const good = (counts["200"] ?? 0) / seconds;
  say(`${options.factor} times that for ${seconds} s: ${JSON.stringify(counts)}, ${notSent} not sent`);
  say(`goodput ${good.toFixed(1)}/s, ${((100 * good) / capacity).toFixed(0)} percent of the capacity`);
  for (const [name, outcomes] of Object.entries(probes)) {
    const times = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
    const ok = outcomes.filter(({ status }) => status === "200").length;
    say(
      `${name}: ${ok} of ${outcomes.length} answered 200, p50 ${times[times.length >> 1]?.toFixed(0)} ms, longest ${times.at(-1)?.toFixed(0)} ms`,
    );
  }
  say(
    `memory of the workers, MB, over the time: ${[0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => memory[Math.round(part * (memory.length - 1))]!.join("+")).join(", ")}`,
  );
}

async function soak(): Promise<void> {
  const calm = load(next.any);
  await pause(10_000);
  const rate = Object.values(await calm.end()).reduce((sum, n) => sum + n, 0) / 10 / 2;
  const counts: Record<string, number> = {};
  const end = performance.now() + seconds * 1000;
  const sayFacts = async () => {
    const at = Math.round((performance.now() - end) / 1000 + seconds);
    const { pid, workers } = await status();
    const facts = [pid, ...workers.map((worker) => worker.pid)].map(
      (one) => `${residentMegabytes(one)} MB, ${readdirSync(`/proc/${one}/fd`).length} files`,
    );
    say(`${at} s: ${facts.join("; ")}; ${JSON.stringify(counts)}`);
  };
  let watched = 0;
  for (let due = performance.now(); due < end; due += 1000 / rate) {
    await pause(Math.max(0, due - performance.now()));
    void ask(next.any(), true).then(({ status }) => {
      counts[status] = (counts[status] ?? 0) + 1;
    });
    if (performance.now() < watched) continue;
    watched = performance.now() + (seconds * 1000) / 6;
    await sayFacts();
  }
  await sayFacts();
  say(`half load, ${rate.toFixed(1)}/s, for ${seconds} s: ${JSON.stringify(counts)}`);
}

/**
 * 100 clients request one new product at once: how often it is made, by the service's own count.
 */
async function race(): Promise<void> {
  await pause(2_000);
  const origins: Record<string, number> = {};
  const answers: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const before = await productsByOrigin();
    const url = next.cold();
    // separate connections spread over the workers
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => ask(url, false)));
    for (const { status } of outcomes) answers[status] = (answers[status] ?? 0) + 1;
    // workers report their counts once a second
    await pause(1_500);
    for (const [origin, count] of Object.entries(await productsByOrigin())) {
      origins[origin] = (origins[origin] ?? 0) + count - (before[origin] ?? 0);
    }
  }
  say(`${times} times 100 clients for one new product: ${JSON.stringify(answers)}`);
  say(`products by origin: ${JSON.stringify(origins)}`);
}

/**
 * New cutouts alone, and while pictures of whole frames are made one after another, two requested
 * at a time; and the memory used.
 */
async function pictures(): Promise<void> {
  const cutouts = async (duration: number): Promise<readonly number[]> => {
    const times: number[] = [];
    const end = performance.now() + duration * 1000;
    const client = async (_: unknown, i: number) => {
      while (performance.now() < end) {
        const { status, ms } = await ask(next.cold(), i % 2 === 0);
        if (status !== "200") throw new Error(`a cutout was answered ${status}`);
        times.push(ms);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return times.sort((a, b) => a - b);
  };
  await cutouts(5);
  const alone = await cutouts(seconds / 2);
  let going = true;
  const made: number[] = [];
  const asker = async (_: unknown, i: number) => {
    for (let k = 0; going; k++) {
      const { status, ms } = await ask(next.whole(2 * k + i), false);
      if (status !== "200") throw new Error(`a picture was answered ${status}`);
      made.push(ms);
    }
  };
  const asking = Promise.all(Array.from({ length: 2 }, asker));
  const beside = await cutouts(seconds / 2);
  going = false;
  await asking;
  const at = (times: readonly number[], part: number) => times[Math.floor(part * (times.length - 1))]!;
  for (const [name, times] of [
    ["alone", alone],
    ["beside pictures of whole frames", beside],
  ] as const) {
    say(
      `new cutouts ${name}, ${clients} clients: ${times.length}, p50 ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms`,
    );
  }
  say(`p95 ${(at(beside, 0.95) / at(alone, 0.95)).toFixed(1)} times that alone`);
  say(
    `${made.length} pictures, p50 ${(
      at(
        made.sort((a, b) => a - b),
        0.5,
      ) / 1000
    ).toFixed(1)} s`,
  );
  const { workers } = await status();
  say(`most memory of the workers: ${workers.map(({ pid }) => `${megabytes(pid, "VmHWM")} MB`).join(", ")}`);
}

async function productsByOrigin(): Promise<Record<string, number>> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const counts: Record<string, number> = {};
  for (const [, origin, count] of text.matchAll(/^sbnsis_products_total\{.*origin="(\w+)".*\} (\d+)$/gm)) {
    counts[origin!] = (counts[origin!] ?? 0) + Number(count);
  }
  return counts;
}

async function status(): Promise<ServiceStatus> {
  return (await askMaster(directory, "status", 10_000)) as ServiceStatus;
}

function residentMegabytes(pid: number): number {
  return megabytes(pid, "VmRSS");
}

/** VmRSS: current memory; VmHWM: its peak. */
function megabytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  const line = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round((Number(line?.[1]) * 1024) / 1e6);
}
