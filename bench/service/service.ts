// P1, P2 and P8: the whole service, from a request to a response, compared with cfitsio reading
// the same sections and astropy making the same cutouts.
//
// npm run build && npx tsx bench/service/service.ts [--frames 4] [--seconds 10] [--rounds 3]
// [--clients 4] [--workers 2] [--directory DIR]
//
// With wrk and nginx on the machine (Debian: wrk, nginx-light) P2 is measured by wrk as well, and
// next to nginx with the same file: a client in JavaScript uses as much of the processors as the
// service.
//
// Makes full-size ATLAS look-alikes (kept in DIR for the next run), harvests them, starts `sbnsis`
// on a free port of the loopback with a fresh cache, and requests 5 arcmin FITS cutouts at random
// positions (cold), then a few of them repeatedly (warm). The client runs on the same cores.
// Between the rounds cfitsio (bench/engines/cfitsio-section.c, where a C compiler is found) opens a
// frame and reads a section of the same size, and astropy (bench/service/astropy-cutout.py, where
// the oracles' Python is found) makes a cutout as the existing service does. Prints medians of the
// rounds.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "../../test/support/cluster/service-under-test.ts";
import { cfitsioProgram } from "../engines/codec-frames.ts";
import { hasNginx, startNginx, wrkRate } from "./nginx-peer.ts";

const { values: options } = parseArgs({
  options: {
    frames: { type: "string", default: "4" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    clients: { type: "string", default: "4" },
    workers: { type: "string", default: "2" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "service") },
  },
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const directory = options.directory;
const data = join(directory, "data");
const clients = Number(options.clients);
const seconds = Number(options.seconds);

/** cfitsio's section of the same size: 5 arcmin of 1.86 arcsec pixels. */
const BOX_SIDE = 161;

interface Place {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  readonly r: number;
}

interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const say = (text: string) => process.stdout.write(`${text}\n`);
const node = (script: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: directory, encoding: "utf8" });

mkdirSync(directory, { recursive: true });
if (!existsSync(join(data, "frames.csv"))) {
  say("making the frames ...");
  const tsx = join(root, "node_modules", ".bin", "tsx");
  execFileSync(tsx, [join(root, "bench", "service", "frames.ts"), "atlas", options.frames, data], {
    stdio: "inherit",
  });
}
const places: readonly Place[] = readFileSync(join(data, "frames.csv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const [id, ra, dec, r] = line.split(",");
    return { id: id!, ra: Number(ra), dec: Number(dec), r: Number(r) };
  });
const frame = readdirSync(data, { recursive: true })
  .map(String)
  .find((name) => name.endsWith(".fz"))!;
const port = await freePort();
rmSync(join(directory, "cache"), { recursive: true, force: true });
mkdirSync(join(directory, "cache"));
const variables = [
  `API_PORT=${port}`,
  `LIVE_GUNICORN_INSTANCES=${options.workers}`,
  "SBNSIS_CUTOUT_CACHE=./cache",
  "DB_DATABASE=./bench.db",
];
writeFileSync(join(directory, ".env"), `${variables.join("\n")}\n`);
node("dist/cli/sbnsis-add.js", "-r", data);
node("dist/cli/sbnsis.js", "start");
const agent = new Agent({ keepAlive: true, maxSockets: clients });
try {
  await measure();
} finally {
  agent.destroy();
  node("dist/cli/sbnsis.js", "stop");
}

async function measure(): Promise<void> {
  const program = cfitsioProgram();
  const python = pythonOfOracles();
  const cold: Load[] = [];
  const warm: Load[] = [];
  const cfitsio: number[] = [];
  const astropy: number[] = [];
  const memory: number[] = [];
  const byWrk: number[] = [];
  const nginx: number[] = [];
  await load(2, randomPlace);
  for (let round = 0; round < Number(options.rounds); round++) {
    cold.push(await load(seconds, randomPlace));
    memory.push(...workerMemory());
    if (program !== undefined) cfitsio.push(cfitsioMilliseconds(program, round));
    if (python !== undefined) astropy.push(await astropyMilliseconds(python, round));
    const repeated = Array.from({ length: 16 }, randomPlace);
    let next = 0;
    const again = () => repeated[next++ % repeated.length]!;
    await load(1, again);
    warm.push(await load(seconds / 2, again));
    if (hasNginx()) {
      const url = `http://127.0.0.1:${port}${repeated[0]}`;
      const file = join(directory, "product.fits");
      writeFileSync(file, new Uint8Array(await (await fetch(url)).arrayBuffer()));
      byWrk.push(wrkRate(url, clients, seconds / 2));
      const peer = await startNginx(file, await freePort());
      nginx.push(wrkRate(peer.url, clients, seconds / 2));
      peer.stop();
    }
  }
  const rate = median(cold.map((each) => each.rate));
  say(
    `P1 cold   ${rate.toFixed(0)} /s, p50 ${median(cold.map((each) => each.p50)).toFixed(1)} ms, p99 ${median(cold.map((each) => each.p99)).toFixed(1)} ms, ${clients} clients, ${options.workers} workers`,
  );
  say(
    `P2 warm   ${median(warm.map((each) => each.rate)).toFixed(0)} /s, p50 ${median(warm.map((each) => each.p50)).toFixed(2)} ms`,
  );
  if (nginx.length > 0) {
    const [ours, theirs] = [median(byWrk), median(nginx)];
    say(
      `P2 by wrk ${ours.toFixed(0)} /s; nginx with the same file ${theirs.toFixed(0)} /s: ${(ours / theirs).toFixed(2)} of it`,
    );
  }
  say(
    `P8 memory of a worker under P1, by rounds: ${memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(" ")} MB`,
  );
  if (cfitsio.length > 0) say(`cfitsio   ${median(cfitsio).toFixed(1)} ms a section, opened and read in C`);
  if (astropy.length > 0) {
    say(
      `astropy   ${median(astropy).toFixed(1)} ms a cutout on one core: one request of ours takes ${((1000 * 2) / rate).toFixed(1)} ms of a core, client and HTTP included`,
    );
  }
}

/** Requests cutouts for a while; responses per second and latencies in milliseconds. */
async function load(duration: number, path: () => string): Promise<Load> {
  const latencies: number[] = [];
  const begin = performance.now();
  const end = begin + duration * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      const status = await ask(path());
      if (status !== 200) throw new Error(`answered ${status}`);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (part: number) => latencies[Math.floor(part * latencies.length)] ?? Number.NaN;
  return { rate: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

function ask(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    }).on("error", reject);
  });
}

function randomPlace(): string {
  const { id, ra, dec, r } = places[Math.floor(Math.random() * places.length)]!;
  const [east, north] = [(2 * Math.random() - 1) * r, (2 * Math.random() - 1) * r];
  return `/images/${id}?ra=${((ra + east + 360) % 360).toFixed(6)}&dec=${(dec + north).toFixed(6)}&size=5arcmin&format=fits`;
}

function workerMemory(): number[] {
  const status = JSON.parse(node("dist/cli/sbnsis.js", "status", "--json")) as {
    readonly workers: readonly { readonly rssBytes: number }[];
  };
  return status.workers.map(({ rssBytes }) => rssBytes);
}

function cfitsioMilliseconds(program: string, seed: number): number {
  const lines = execFileSync(
    program,
    ["wall", join(data, frame), "section", String(BOX_SIDE), "60", String(seed + 1)],
    {
      encoding: "utf8",
    },
  );
  return median(lines.trim().split("\n").slice(0, -1).map(Number));
}

function pythonOfOracles(): string | undefined {
  const path = join(
    process.env.SIS_ORACLE_VENV ?? join(homedir(), ".cache", "sbnsis-oracles", "venv"),
    "bin",
    "python",
  );
  return existsSync(path) ? path : undefined;
}

async function astropyMilliseconds(python: string, seed: number): Promise<number> {
  const args = [
    join(root, "bench", "service", "astropy-cutout.py"),
    join(data, frame),
    "8",
    String(seed + 1),
  ];
  const child = spawn(python, args, { stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  for await (const piece of child.stdout) printed += piece;
  return median(printed.trim().split("\n").map(Number));
}
