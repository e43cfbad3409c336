// Compares two builds of the service: both run at the same time, with one worker each, and receive
// the same requests in turns, so that a busy machine slows both down.
//
// npx tsx bench/service/compare-builds.ts BEFORE AFTER [--kinds cold,jpeg,aligned,warm,label,whole]
// [--rounds 12] [--frames 4] [--directory DIR]
//
// BEFORE and AFTER are folders of two checkouts in which `npm ci` and `npm run build` have run. The
// frames are those of bench/service/service.ts, kept in DIR for the next run. Prints the medians
// over the rounds of time before / time after, wall time and processor time of the worker: more
// than 1 means that AFTER is faster.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "../../test/support/cluster/service-under-test.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kinds: { type: "string", default: "cold,jpeg,aligned,warm,label,whole,whole-aligned,thumbnail" },
    rounds: { type: "string", default: "12" },
    frames: { type: "string", default: "4" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "service") },
  },
});
const [before, after] = positionals;
if (before === undefined || after === undefined)
  throw new Error("usage: npx tsx bench/service/compare-builds.ts BEFORE AFTER");
const data = join(options.directory, "data");

interface Place {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  readonly r: number;
}

interface Service {
  readonly directory: string;
  readonly port: number;
  readonly worker: number;
  readonly agent: Agent;
  run(program: string, ...args: readonly string[]): string;
}

/** One kind of request: how many of them make a round, from how many clients. */
interface Kind {
  readonly count: number;
  readonly clients: number;
  /** Empties the cache before each round. */
  readonly clear?: boolean;
  path(n: number): string;
}

/** A number from -1 to 1 that n determines. */
const scattered = (n: number, factor: number): number => {
  const value = Math.sin(n * factor) * 43_758.5453;
  return 2 * (value - Math.floor(value)) - 1;
};
const frameOf = (n: number): Place => places[n % places.length]!;
const cutout = (n: number, place: number, query: string): string => {
  const { id, ra, dec, r } = frameOf(n);
  const [east, north] = [scattered(place, 12.9898) * r, scattered(place, 78.233) * r];
  return `/images/${id}?ra=${((ra + east + 360) % 360).toFixed(6)}&dec=${(dec + north).toFixed(6)}&size=5arcmin&${query}`;
};
const KINDS: Readonly<Record<string, Kind>> = {
  cold: { count: 200, clients: 4, path: (n) => cutout(n, n, "format=fits") },
  jpeg: { count: 150, clients: 4, path: (n) => cutout(n, n, "format=jpeg") },
  aligned: { count: 150, clients: 4, path: (n) => cutout(n, n, "format=jpeg&align=true") },
  warm: { count: 1500, clients: 4, path: (n) => cutout(n, 7 + (n % 16), "format=fits") },
  label: { count: 800, clients: 4, path: (n) => `/images/${frameOf(n).id}?format=label` },
  whole: { count: 2, clients: 1, clear: true, path: (n) => `/images/${frameOf(n).id}?format=jpeg` },
  "whole-aligned": {
    count: 2,
    clients: 1,
    clear: true,
    path: (n) => `/images/${frameOf(n).id}?format=jpeg&align=true`,
  },
  thumbnail: {
    count: 3,
    clients: 1,
    clear: true,
    path: (n) => `/images/${frameOf(n).id}?format=jpeg&width=256`,
  },
};

if (!existsSync(join(data, "frames.csv"))) {
  const frames = fileURLToPath(new URL("frames.ts", import.meta.url));
  execFileSync(process.execPath, ["--import", "tsx", frames, "atlas", options.frames, data], {
    stdio: "inherit",
  });
}
const places: readonly Place[] = readFileSync(join(data, "frames.csv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const [id = "", ra, dec, r] = line.split(",");
    return { id, ra: Number(ra), dec: Number(dec), r: Number(r) };
  });
const services = [await start(before, "before"), await start(after, "after")] as const;
let asked = 0;
try {
  for (const name of options.kinds.split(",")) {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error(`--kinds: ${name} is none of ${Object.keys(KINDS).join(", ")}`);
    await compare(name, kind);
  }
} finally {
  for (const service of services) {
    service.agent.destroy();
    service.run("sbnsis.js", "stop");
  }
}

async function start(root: string, name: string): Promise<Service> {
  const directory = join(options.directory, name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, "cache"), { recursive: true });
  const port = await freePort();
  const variables = [
    `API_PORT=${port}`,
    "LIVE_GUNICORN_INSTANCES=1",
    "SBNSIS_CUTOUT_CACHE=./cache",
    "DB_DATABASE=./bench.db",
  ];
  writeFileSync(join(directory, ".env"), `${variables.join("\n")}\n`);
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(process.execPath, [join(resolve(root), "dist", "cli", program), ...args], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  run("sbnsis-add.js", "-r", data);
  run("sbnsis.js", "start");
  const { workers } = JSON.parse(run("sbnsis.js", "status", "--json")) as {
    readonly workers: readonly { readonly pid: number }[];
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return { directory, port, worker: workers[0]!.pid, agent, run };
}

/** Two rounds to warm up, then the rounds that count, each service first in every other one. */
async function compare(name: string, kind: Kind): Promise<void> {
  const wall: number[] = [];
  const cpu: number[] = [];
  const milliseconds: [number[], number[]] = [[], []];
  for (let round = -2; round < Number(options.rounds); round += 1) {
    const times = [await timeOf(round % 2 === 0 ? 0 : 1), await timeOf(round % 2 === 0 ? 1 : 0)];
    const [a, b] = round % 2 === 0 ? times : times.toReversed();
    asked += kind.count;
    if (round < 0) continue;
    wall.push(a!.wall / b!.wall);
    cpu.push(a!.cpu / b!.cpu);
    milliseconds[0].push(a!.wall / kind.count);
    milliseconds[1].push(b!.wall / kind.count);
  }
  const [slow, fast] = milliseconds.map((values) => median(values).toFixed(2));
  process.stdout.write(
    `${name.padEnd(14)} wall ${median(wall).toFixed(3)}, processor ${median(cpu).toFixed(3)}; ${slow} -> ${fast} ms a request\n`,
  );

  async function timeOf(which: 0 | 1): Promise<{ readonly wall: number; readonly cpu: number }> {
    const service = services[which];
    if (kind.clear === true) {
      // the service may be sweeping the cache, and write its ledger meanwhile
      rmSync(join(service.directory, "cache"), { recursive: true, force: true, maxRetries: 20 });
      mkdirSync(join(service.directory, "cache"));
    }
    let next = asked;
    const end = asked + kind.count;
    const [begin, used] = [performance.now(), processorMilliseconds(service.worker)];
    const client = async () => {
      while (next < end) await ask(service, kind.path(next++));
    };
    await Promise.all(Array.from({ length: kind.clients }, client));
    return { wall: performance.now() - begin, cpu: processorMilliseconds(service.worker) - used };
  }
}

/** Processor time of a process, from /proc (100 ticks a second). */
function processorMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function ask({ port, agent }: Service, path: string): Promise<void> {
  return new Promise((done, failed) => {
    get({ host: "127.0.0.1", port, path, agent }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 200 ? done() : failed(new Error(`${response.statusCode}: ${path}`)),
      );
      response.on("error", failed);
    }).on("error", failed);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
