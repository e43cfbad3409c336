// The speed of batches and of single cutouts of the same kind in one run (docs/performance.md).
//
// npm run build && npx tsx bench/service/batch.ts rows|many|first|beside|quick [--frames 40]
// [--rows 500] [--rounds 3] [--workers 2] [--clients 4] [--directory DIR]
//
// rows: a batch of --rows cutouts of 5 arcmin on as many frames, from the POST to its end, and the
// same number of single cutouts on as many other frames, alternately. many: one batch of 10,000
// rows: its first row, and the memory of the workers. first: the first row of 10,000, several
// times; each batch is then deleted. beside: single cutouts alone, and while four
// batches of 200 rows run. quick: pictures of whole frames with quick=true.
//
// Makes --frames full-size ATLAS look-alikes (kept in DIR for the next run) and hard links to them,
// each with its own label, so that the service must describe every file anew. Starts `sbnsis` on a
// free port of the loopback with a fresh cache; the client runs on the same cores.
import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "../../test/support/cluster/service-under-test.ts";
import { median, quantile } from "./latencies.ts";
import { lidPlaces, type Place } from "./places.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: "string", default: "40" },
    rows: { type: "string", default: "500" },
    rounds: { type: "string", default: "3" },
    workers: { type: "string", default: "2" },
    clients: { type: "string", default: "4" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "batch") },
  },
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const { directory } = options;
const [rows, rounds, clients] = [Number(options.rows), Number(options.rounds), Number(options.clients)];
const data = join(directory, "frames");
const scenarios = {
  rows: batchesOfRows,
  many: manyRows,
  first: firstRows,
  beside: besideBatches,
  quick: quickPictures,
};
const scenario = scenarios[positionals[0] as keyof typeof scenarios];
if (scenario === undefined) {
  process.stderr.write(`batch: name one of ${Object.keys(scenarios).join(", ")}\n`);
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const node = (script: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: directory, encoding: "utf8" });

let state = 20_261_128;
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

/** Timeout of a request: a run that hangs ends with an error, and its service is stopped. */
const LONGEST_MS = 400_000;

mkdirSync(directory, { recursive: true });
if (!existsSync(join(data, "frames.csv"))) {
  say("making the frames ...");
  const tsx = join(root, "node_modules", ".bin", "tsx");
  execFileSync(tsx, [join(root, "bench", "service", "frames.ts"), "atlas", options.frames, data], {
    stdio: "inherit",
  });
}
const made = lidPlaces(readFileSync(join(data, "frames.csv"), "utf8"));
const links = linked(scenario === batchesOfRows ? 2 * rows * rounds + 64 : 64);
const port = await freePort();
for (const name of ["cache", "jobs.db", "bench.db"])
  rmSync(join(directory, name), { recursive: true, force: true });
mkdirSync(join(directory, "cache"));
const variables = [
  `API_PORT=${port}`,
  `LIVE_GUNICORN_INSTANCES=${options.workers}`,
  "SBNSIS_CUTOUT_CACHE=./cache",
  "DB_DATABASE=./bench.db",
  "SBNSIS_BATCH_ROWS=20000",
  "SBNSIS_BATCH_PIXELS=1000000000000",
  "SBNSIS_BATCH_PER_CLIENT=8",
];
writeFileSync(join(directory, ".env"), `${variables.join("\n")}\n`);
node("dist/cli/sbnsis-add.js", "-r", join(directory, "links"));
node("dist/cli/sbnsis.js", "start");
const workerIds = workers();
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
try {
  // let the compilers warm up first, on separate frames
  const warm = links.slice(0, 64);
  await singles(Array.from({ length: 400 }, () => address(pick(warm))));
  await batch(list(Array.from({ length: 400 }, () => pick(warm))));
  await scenario(links.slice(64));
} finally {
  agent.destroy();
  node("dist/cli/sbnsis.js", "stop");
}

/** Hard links to the frames in turn, each with its own label and identifier. */
function linked(count: number): readonly Place[] {
  const folder = join(directory, "links");
  rmSync(folder, { recursive: true, force: true });
  const labels = readdirSync(data, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".xml"));
  return Array.from({ length: count }, (_, k) => {
    const place = made[k % made.length]!;
    const file = place.id.split(":").at(-1)!;
    const label = labels.find((name) => basename(name).startsWith(file.replace(/\.fits$/, "")))!;
    const into = join(folder, String(k));
    mkdirSync(into, { recursive: true });
    linkSync(join(data, dirname(label), `${file}.fz`), join(into, `${file}.fz`));
    const id = place.id.replace(/\.fits$/, `-${k}.fits`);
    writeFileSync(
      join(into, basename(label)),
      readFileSync(join(data, label), "utf8").replaceAll(place.id, id),
    );
    return { ...place, id };
  });
}

function pick(places: readonly Place[]): Place {
  return places[Math.floor(random() * places.length)]!;
}

function somewhere({ ra, dec, r }: Place): readonly [string, string] {
  const [east, north] = [(2 * random() - 1) * r, (2 * random() - 1) * r];
  return [((ra + east + 360) % 360).toFixed(6), (dec + north).toFixed(6)];
}

function address(place: Place): string {
  const [ra, dec] = somewhere(place);
  return `/images/${place.id}?ra=${ra}&dec=${dec}&size=5arcmin&format=fits`;
}

function list(places: readonly Place[]): string {
  const lines = places.map((place) => [place.id, ...somewhere(place)].join(","));
  return `obs_id,ra,dec\n${lines.join("\n")}\n`;
}

/** Sends a request; `seen` gets the time and text of each piece of the response. */
function ask(method: string, path: string, body = "", seen?: (text: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const headers = { "content-type": "text/csv" };
    request({ host: "127.0.0.1", port, path, method, agent, headers, signal }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => {
        seen?.(String(part));
        parts.push(part);
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("latin1");
        if ((answer.statusCode ?? 0) < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 500)}`));
      });
    })
      .on("error", reject)
      .end(body);
  });
}

/** Runs a batch; milliseconds from its POST to its first row and to its end. */
async function batch(body: string): Promise<{ readonly first: number; readonly all: number }> {
  const started = performance.now();
  const { id } = JSON.parse(await ask("POST", "/batch?size=5arcmin", body)) as { readonly id: string };
  let first = Number.NaN;
  await ask("GET", `/batch/${id}/events`, "", (text) => {
    if (Number.isNaN(first) && text.includes("event: row")) first = performance.now() - started;
  });
  const all = performance.now() - started;
  const status = JSON.parse(await ask("GET", `/batch/${id}`)) as {
    readonly phase: string;
    readonly rows: { readonly total: number; readonly done: number };
  };
  const { total, done } = status.rows;
  if (status.phase !== "COMPLETED" || done !== total)
    throw new Error(`the batch is ${status.phase} with ${done} of ${total} rows`);
  return { first, all };
}

/** Requests addresses with several clients; milliseconds of each, and of all. */
async function singles(
  addresses: Iterable<string>,
  count = clients,
): Promise<{ readonly times: readonly number[]; readonly all: number }> {
  const begin = performance.now();
  const times: number[] = [];
  const next = addresses[Symbol.iterator]();
  const client = async () => {
    for (let one = next.next(); one.done !== true; one = next.next()) {
      const started = performance.now();
      await ask("GET", one.value);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: count }, client));
  return { times, all: performance.now() - begin };
}

async function batchesOfRows(places: readonly Place[]): Promise<void> {
  const results = {
    batch: [] as number[],
    first: [] as number[],
    single: [] as number[],
    batchWork: [] as number[],
    singleWork: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    const own = places.slice(2 * rows * round, 2 * rows * (round + 1));
    const before = processorMs();
    const { first, all } = await batch(list(own.slice(0, rows)));
    const between = processorMs();
    const single = await singles(own.slice(rows).map(address));
    results.batchWork.push(between - before);
    results.singleWork.push(processorMs() - between);
    results.batch.push(all);
    results.first.push(first);
    results.single.push(single.all);
    say(
      `${rows} rows ${all.toFixed(0)} ms, the first after ${first.toFixed(0)} ms; ${rows} single cutouts ${single.all.toFixed(0)} ms`,
    );
  }
  const [ours, theirs] = [median(results.batch), median(results.single)];
  say(
    `median of ${rounds}: ${rows} rows on ${rows} files (${made.length} distinct) ${ours.toFixed(0)} ms; single cutouts, ${clients} clients, ${theirs.toFixed(0)} ms: ${(ours / theirs).toFixed(2)} of it; processor time of the workers ${(median(results.batchWork) / rows).toFixed(1)} and ${(median(results.singleWork) / rows).toFixed(1)} ms each`,
  );
}

async function manyRows(): Promise<void> {
  const many = rows === 500 ? 10_000 : rows;
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(Math.max(...memory())), 1000);
  const { first, all } = await batch(list(Array.from({ length: many }, () => pick(links)))).finally(() =>
    clearInterval(sampling),
  );
  const parts = [0.1, 0.5, 0.9].map((part) => samples[Math.floor(part * samples.length)]!);
  say(
    `${many} rows ${(all / 1000).toFixed(1)} s, the first after ${first.toFixed(0)} ms; memory of the larger worker at 10, 50, 90 %: ${parts.map((bytes) => (bytes / 1e6).toFixed(0)).join(", ")} MB, at most ${(Math.max(...samples) / 1e6).toFixed(0)} MB`,
  );
}

async function firstRows(): Promise<void> {
  const many = rows === 500 ? 10_000 : rows;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const body = list(Array.from({ length: many }, () => pick(links)));
    const started = performance.now();
    const { id } = JSON.parse(await ask("POST", "/batch?size=5arcmin", body)) as { readonly id: string };
    const posted = performance.now() - started;
    const row = await firstRow(id);
    times.push(row - started);
    say(
      `${many} rows: accepted after ${posted.toFixed(0)} ms, the first made after ${times.at(-1)!.toFixed(0)} ms`,
    );
    await ask("DELETE", `/batch/${id}`);
  }
  say(`median of ${rounds}: ${median(times).toFixed(0)} ms`);
}

/** The time at which the event of the first row of a batch comes. */
function firstRow(id: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const events = request({ host: "127.0.0.1", port, path: `/batch/${id}/events` }, (answer) => {
      answer.on("data", (part: Buffer) => {
        if (!String(part).includes("event: row")) return;
        resolve(performance.now());
        events.destroy();
      });
      answer.on("error", () => {});
    });
    events.on("error", reject);
    events.end();
  });
}

async function besideBatches(): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await singles(
      Array.from({ length: 1000 }, () => address(pick(links))),
      2,
    );
    let running = 4;
    const batches = Array.from({ length: 4 }, async () => {
      const run = await batch(list(Array.from({ length: 200 }, () => pick(links))));
      running -= 1;
      return run.all;
    });
    function* whileTheyRun() {
      // single cutouts take precedence: as long as they never pause, the batches make little
      // progress
      for (let k = 0; k < 1000 && running === 4; k++) yield address(pick(links));
    }
    const beside = await singles(whileTheyRun(), 2);
    const times = await Promise.all(batches);
    const [before, during] = [quantile(alone.times, 0.95), quantile(beside.times, 0.95)];
    ratios.push(during / before);
    say(
      `p95 of single cutouts, 2 clients: ${before.toFixed(1)} ms alone, ${during.toFixed(1)} ms beside four batches of 200 (${beside.times.length} cutouts; batches ${times.map((ms) => ms.toFixed(0)).join(", ")} ms)`,
    );
  }
  say(`median ratio ${median(ratios).toFixed(2)}`);
}

async function quickPictures(): Promise<void> {
  for (const width of ["", "&width=256"]) {
    const times: number[] = [];
    for (const { id } of links) {
      const started = performance.now();
      await ask("GET", `/images/${id}?format=jpeg&quick=true${width}`);
      times.push(performance.now() - started);
    }
    say(
      `quick=true${width}: p50 ${median(times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms of ${times.length} pictures`,
    );
  }
}

/** Processor time of the workers so far, milliseconds; Linux counts 100 ticks a second. */
function processorMs(): number {
  return workerIds.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]!.split(" ");
    return sum + 10 * (Number(fields[11]) + Number(fields[12]));
  }, 0);
}

/** The process ids of the workers. */
function workers(): readonly number[] {
  const status = JSON.parse(node("dist/cli/sbnsis.js", "status", "--json")) as {
    readonly workers: readonly { readonly pid: number }[];
  };
  return status.workers.map(({ pid }) => pid);
}

/** Resident memory of each worker, bytes. */
function memory(): readonly number[] {
  return workerIds.map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return 1024 * Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]);
  });
}
