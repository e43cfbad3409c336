// Times sbnsis-add on labels of 13 kB in 200 directories: into a new database, and again over
// unchanged labels.
//
// npx tsx bench/catalog/harvest.ts [--labels 20000] [--runs 3] [--program dist/cli/sbnsis-add.js]
// [--jobs 2] [--peer]     (after npm run build)
//
// With DB_DIALECT, DB_HOST, DB_DATABASE ... in the environment it harvests into that database,
// which should be empty; otherwise into a SQLite file next to the labels. --peer times the
// straightforward way on 2,000 of the labels: Python's ElementTree, one INSERT and one commit per
// label (bench/catalog/harvest-peer.py). Each number is the median of the runs for the whole
// process, in wall time and in processor time, which is more meaningful on a busy machine; the
// labels are in the page cache.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { surveyLabel } from "./survey-label.ts";

const { values: options } = parseArgs({
  options: {
    labels: { type: "string", default: "20000" },
    runs: { type: "string", default: "3" },
    program: { type: "string", default: "dist/cli/sbnsis-add.js" },
    jobs: { type: "string", default: String(availableParallelism()) },
    peer: { type: "boolean", default: false },
  },
});
const labels = Number(options.labels);
const directories = 200;
const folder = join(tmpdir(), "sbnsis-bench-harvest", String(labels));
const program = resolve(options.program);

/** Writes the labels, each with an empty data file. */
function makeLabels(): void {
  if (existsSync(join(folder, "complete"))) return;
  rmSync(folder, { recursive: true, force: true });
  for (let d = 0; d < directories; d += 1) mkdirSync(join(folder, "labels", `n${d}`), { recursive: true });
  for (let i = 0; i < labels; i += 1) {
    const path = join(folder, "labels", `n${Math.floor((i * directories) / labels)}`, `frame${i}`);
    writeFileSync(`${path}.xml`, surveyLabel(i, `frame${i}.fits`));
    writeFileSync(`${path}.fits`, "");
  }
  writeFileSync(join(folder, "complete"), "");
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Seconds {
  readonly wall: number;
  /** For all processors together, excluding a PostgreSQL server. */
  readonly cpu: number;
}

/** Seconds of one harvest. */
function harvest(): Seconds {
  const started = performance.now();
  const call = [process.execPath, program, "-r", "labels", "--jobs", options.jobs];
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-c", '"$@"; status=$?; times; exit $status', "sh", ...call],
    { cwd: folder, encoding: "utf8" },
  );
  const wall = (performance.now() - started) / 1000;
  if (status !== 0 || !stdout.includes(`${labels} processed`)) throw new Error(`${stdout}${stderr}`);
  // the last line: minutes and seconds of the children, user and system
  const times = [...(stdout.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return { wall, cpu: times.reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0) };
}

function emptyDatabase(): void {
  if (process.env.DB_DIALECT?.startsWith("postgres")) {
    const sql =
      "DROP TABLE IF EXISTS image, image_block, image_count_change, image_detail, image_footprint, image_sealed, sis_schema CASCADE; DROP SEQUENCE IF EXISTS image_count_turn";
    const { status, stderr } = spawnSync("psql", ["-q", "-c", sql], {
      encoding: "utf8",
      env: {
        ...process.env,
        PGHOST: process.env.DB_HOST?.replace(/:\d+$/, ""),
        PGUSER: process.env.DB_USERNAME,
        PGPASSWORD: process.env.DB_PASSWORD,
        PGDATABASE: process.env.DB_DATABASE,
      },
    });
    if (status !== 0) throw new Error(stderr);
    return;
  }
  for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `default.db${end}`), { force: true });
}

makeLabels();
// sbnsis-add wants to be in the directory of a service
writeFileSync(join(folder, ".env"), "");
console.log(`${labels} labels in ${directories} directories, ${cpus()[0]?.model}, ${options.jobs} threads`);
const cold: Seconds[] = [];
const again: Seconds[] = [];
for (let run = 0; run < Number(options.runs); run += 1) {
  emptyDatabase();
  cold.push(harvest());
  again.push(harvest());
}
function tell(what: string, runs: readonly Seconds[]): void {
  const rates = (clock: keyof Seconds) => runs.map((run) => Math.round(labels / run[clock]));
  const walls = rates("wall");
  console.log(
    `${what} ${median(walls)} labels/s (runs: ${walls.join(", ")}); ${median(rates("cpu"))} labels per second of processor time`,
  );
}
tell("new database:", cold);
tell("unchanged:   ", again);
if (options.peer) {
  const script = fileURLToPath(new URL("harvest-peer.py", import.meta.url));
  spawnSync("python3", [script, join(folder, "labels"), "2000", "1"], { stdio: "inherit" });
  spawnSync("python3", [script, join(folder, "labels"), "2000", "0"], { stdio: "inherit" });
}
