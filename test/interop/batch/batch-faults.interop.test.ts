import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skyLid } from "../../support/inputs/sky-archive.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";

const ROWS = 500;
const FRAMES = 10;
/** Frames whose files are damaged: one is deleted, one is cut, one has no coordinate system. */
const [DELETED, CUT, WITHOUT_WCS] = [10, 11, 12] as const;

/** Right ascension of the middle of a frame, which is on the equator. */
const raOf = (frame: number): number => ((frame - 9) * 0.95 + 360) % 360;

/** A row: frame, RA, declination, time, size. */
type Cells = readonly (string | number)[];

/** Position `i` on a frame, north or south of the equator. */
const good = (i: number, side: 1 | -1 = 1): Cells => {
  const frame = i % FRAMES;
  return [skyLid(frame), raOf(frame), (side * 0.001 * Math.floor(i / FRAMES + 1)).toFixed(3), "", "40px"];
};

/** Rows that are each bad in another way, with their codes of docs/errors.md. */
const BAD: readonly (readonly [code: string, cells: (i: number) => Cells])[] = [
  ["IMAGE_NOT_FOUND", () => [`${skyLid(0)}-none`, 1, 2, "", ""]],
  ["OFF_IMAGE", (i) => [skyLid(i % FRAMES), raOf(i % FRAMES), 50, "", ""]],
  ["ROW_INVALID", () => [skyLid(0), "abc", 0, "", ""]],
  ["ROW_INVALID", () => [skyLid(0), 1, 95, "", ""]],
  ["ROW_INVALID", () => [skyLid(0), "", "", "", ""]],
  ["ROW_INVALID", () => [skyLid(0), 1, 0, "yesterday", ""]],
  ["ROW_INVALID", () => [skyLid(0), 1, 0, "", "large"]],
  ["NO_TIME", () => ["", 1, 0, "", ""]],
  ["NO_FRAME", () => ["", 1, 60, 45_000, ""]],
  ["CUTOUT_TOO_LARGE", (i) => [skyLid(i % FRAMES), raOf(i % FRAMES), 0, "", "900000px"]],
  ["SOURCE_MISSING", () => [skyLid(DELETED), raOf(DELETED), 0, "", ""]],
  ["CORRUPT_SOURCE", () => [skyLid(CUT), raOf(CUT), 0, "", ""]],
  ["NO_CELESTIAL_WCS", () => [skyLid(WITHOUT_WCS), raOf(WITHOUT_WCS), 0, "", ""]],
];

interface Status {
  readonly id: string;
  readonly phase: string;
  readonly rows: Readonly<Record<"total" | "done" | "failed" | "partial" | "skipped", number>>;
}
interface ManifestRow {
  readonly n: number;
  readonly status: string;
  readonly code: string | null;
}

async function post(base: string, rows: readonly Cells[]): Promise<Status> {
  const body = `obs_id,ra,dec,time,size\n${rows.map((cells) => cells.join(",")).join("\n")}\n`;
  const headers = { "content-type": "text/csv" };
  const response = await fetch(`${base}/batch?size=40px`, { method: "POST", body, headers });
  expect([response.status, response.ok ? "" : await response.clone().text()]).toEqual([202, ""]);
  return (await response.json()) as Status;
}

/** The status of a batch once it has ended. */
async function ended(url: string): Promise<Status> {
  for (;;) {
    const status = (await (await fetch(url, { headers: { prefer: "wait=20" } })).json()) as Status;
    if (status.phase !== "QUEUED" && status.phase !== "EXECUTING") return status;
  }
}

/** Longer than workers take to exchange their counts, milliseconds. */
const STATED_MS = 2_500;

/** Number of tasks in all workers of an idle service, once all have reported it. */
async function tasks(base: string): Promise<number> {
  for (let before = await statedTasks(base); ; ) {
    await setTimeout(STATED_MS);
    const now = await statedTasks(base);
    if (now === before) return now;
    before = now;
  }
}

async function statedTasks(base: string): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return [...text.matchAll(/^sbnsis_compute_tasks_total\{.*\} (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}

/** Numbers of the events of rows, in the order in which they were stored. */
async function eventIds(url: string): Promise<readonly number[]> {
  const events = await (await fetch(`${url}/events`)).text();
  return [...events.matchAll(/^id: (\d+)$/gm)].map(([, n]) => Number(n));
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** The data file of a frame. */
function frameFile(folder: string, frame: number): string {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const tail = skyLid(frame).split(":").at(-1)!;
  return join(folder, names.find((name) => name.includes(tail) && /\.f(?:it|its|z)/.test(name))!);
}

describe("lists of 500 rows, some of them bad, beside a small cache and by two services", {
  timeout: 180_000,
}, () => {
  let place: Workplace;
  let second: Workplace;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sis-faults-"));
    [place, second] = await Promise.all([workplace(), workplace()]);
    // space for some of the 500 cutouts of 40 x 40 pixels
    place.set("SBNSIS_CACHE_MAX_BYTES", "2000000");
    place.set("SBNSIS_MEMORY_CACHE_BYTES", "0");
    for (const command of [["create-tables"], ["test-data", "--add", "--survey", "sky", "--frames", "13"]]) {
      const { status, stderr } = await place.run("sbnsis", ...command);
      expect([status, stderr]).toEqual([0, expect.anything()]);
    }
    const data = join(place.directory, "test-data");
    unlinkSync(frameFile(data, DELETED));
    const cut = frameFile(data, CUT);
    truncateSync(cut, statSync(cut).size >> 1);
    const blind = frameFile(data, WITHOUT_WCS);
    const text = readFileSync(blind, "latin1").replace(/CTYPE([12]) {2}= '(?:RA-|DEC)/g, "CTYPE$1  = 'XXX");
    writeFileSync(blind, text, "latin1");
    const shared = readFileSync(join(place.directory, ".env"), "utf8")
      .replace(/^API_PORT=.*/m, `API_PORT=${second.port}`)
      .replace("=./cache", `=${join(place.directory, "cache")}`)
      .concat(
        `DB_DATABASE=${join(place.directory, "default.db")}\n`,
        `SBNSIS_JOBS_DATABASE=${join(place.directory, "jobs.db")}\n`,
      );
    writeFileSync(join(second.directory, ".env"), shared);
    for (const one of [place, second]) expect((await one.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(async () => {
    await Promise.all([place.dispose(), second.dispose()]);
    rmSync(folder, { recursive: true });
  });

  it("of 500 rows, every seventh bad in another way, the manifest has the codes; all others are made and in an archive that Info-ZIP reads, though the cache was too small", async () => {
    const bad = (i: number) => (i % 7 === 6 ? BAD[Math.floor(i / 7) % BAD.length] : undefined);
    const { id } = await post(
      place.base,
      Array.from({ length: ROWS }, (_, i) => bad(i)?.[1](i) ?? good(i)),
    );
    const url = `${place.base}/batch/${id}`;
    const failures = Math.floor(ROWS / 7);
    const { phase, rows } = await ended(url);
    expect([phase, rows]).toEqual([
      "COMPLETED",
      { total: ROWS, done: ROWS - failures, partial: 0, failed: failures, skipped: 0 },
    ]);
    const manifest = (await (await fetch(`${url}/manifest.json`)).json()) as { rows: readonly ManifestRow[] };
    expect(manifest.rows.map(({ n, status, code }) => [n, status, code])).toEqual(
      Array.from({ length: ROWS }, (_, i) => [i + 1, bad(i) ? "failed" : "done", bad(i)?.[0] ?? null]),
    );
    expect(await eventIds(url)).toEqual(upTo(ROWS));

    const before = await tasks(place.base);
    const path = join(folder, "files.zip");
    const archive = Buffer.from(await (await fetch(`${url}/files.zip`)).arrayBuffer());
    writeFileSync(path, archive);
    expect(execFileSync("unzip", ["-tq", path], { encoding: "utf8" })).toMatch(/No errors detected/);
    const names = execFileSync("unzip", ["-Z1", path], { encoding: "utf8" }).trim().split("\n");
    expect(names.filter((name) => name.endsWith(".fits"))).toHaveLength(ROWS - failures);
    // the whole archive does not fit into the cache: some rows were evicted and made again
    expect(archive.length).toBeGreaterThan(2_000_000);
    expect(await tasks(place.base)).toBeGreaterThan(before);
  });

  it("two services with the same jobs and the same cache share a list, and no row is made twice", async () => {
    const bases = [place.base, second.base] as const;
    const before = await Promise.all(bases.map(tasks));
    // other positions than those of the first list
    const rows = Array.from({ length: ROWS }, (_, i) => good(i, -1));
    const { id } = await post(second.base, rows);
    expect((await ended(`${place.base}/batch/${id}`)).rows.done).toBe(ROWS);
    expect(await eventIds(`${place.base}/batch/${id}`)).toEqual(upTo(ROWS));
    const made = (await Promise.all(bases.map(tasks))).map((count, k) => count - before[k]!);
    expect(Math.min(...made)).toBeGreaterThan(0);
    // each of the four workers describes each frame at most once
    const all = made[0]! + made[1]!;
    expect(all).toBeGreaterThanOrEqual(ROWS);
    expect(all).toBeLessThanOrEqual(ROWS + 4 * FRAMES);
    const manifests = await Promise.all(
      bases.map(async (base) => (await fetch(`${base}/batch/${id}/manifest.csv`)).text()),
    );
    const withoutHost = manifests.map((text, k) => text.replaceAll(bases[k]!, ""));
    expect(withoutHost[0]).toBe(withoutHost[1]);
  });
});
