import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { addTestData } from "../../src/test-data/add-test-data.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";
import { runHere } from "../support/programs/run-here.ts";

/** The format of the existing service: the keys of its two lines, followed by ours. */
const LINE = /^(INFO|WARNING|ERROR) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}: (\{.*\})$/;
const FIRST = ["job_id", "id", "ra", "dec", "size", "format", "download", "align"];
const SECOND = ["job_id", "filename", "download_filename", "mime_type", "bytes", "duration_ms", "origin"];
const CLIENTS = 8;

describe("the log, as docs/operator.md describes it", { timeout: 180_000 }, () => {
  let place: Workplace;
  let lid: string;
  const logging = () => join(place.directory, "logging");
  const lines = () => {
    const files = [join(logging(), "sbnsis.log")];
    const old = join(logging(), "old-logs");
    if (existsSync(old)) files.push(...readdirSync(old).map((name) => join(old, name)));
    const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
    for (const text of texts) expect(text.endsWith("\n")).toBe(true);
    return texts.flatMap((text) => text.trimEnd().split("\n"));
  };

  beforeAll(async () => {
    place = await workplace();
    const directory = join(place.directory, "test-data");
    const [frame] = await addTestData({ directory, survey: "atlas", frames: 1, fullSize: false, seed: 3 });
    lid = frame!.lid;
    await place.run("sbnsis-add", "-r", directory);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(() => place.dispose());

  test(`no log line is lost or torn while ${CLIENTS} clients write and the log is rotated five times; stop rotates once more`, async () => {
    const jobs: string[] = [];
    let going = true;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (going) {
        const answer = await fetch(`${place.base}/images/${lid}?format=label`);
        expect(answer.status).toBe(200);
        await answer.arrayBuffer();
        jobs.push(answer.headers.get("x-job-id")!);
      }
    });
    // a log without a line is not rotated
    const written = async () => {
      const { length } = jobs;
      await expect.poll(() => jobs.length, { timeout: 30_000 }).toBeGreaterThan(length + CLIENTS);
    };
    for (let i = 0; i < 5; i++) {
      await written();
      expect((await runHere(runSbnsis, place.directory, ["rotate-logs"])).status).toBe(0);
    }
    await written();
    going = false;
    await Promise.all(clients);
    expect((await place.run("sbnsis", "stop")).status).toBe(0);
    expect(existsSync(join(logging(), "sbnsis.log"))).toBe(false);
    expect(readdirSync(join(logging(), "old-logs"))).toHaveLength(6);
    const pairs = new Map<string, string[][]>();
    for (const line of lines()) {
      const record = JSON.parse(LINE.exec(line)![2]!) as Record<string, unknown>;
      if (typeof record.job_id !== "string") continue;
      pairs.set(record.job_id, [...(pairs.get(record.job_id) ?? []), Object.keys(record)]);
    }
    expect(jobs.length).toBeGreaterThan(CLIENTS);
    expect(new Set(pairs.keys())).toEqual(new Set(jobs));
    for (const pair of pairs.values())
      expect(pair.map((keys) => keys.join()).sort()).toEqual([FIRST.join(), SECOND.join()].sort());
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });

  test("requests with invalid parameters are not logged, and an id adds no line to the log", async () => {
    const marked = await fetch(`${place.base}/images/${lid}?ra=1&dec=2&size=bogus-size`);
    expect(marked.status).toBe(400);
    const forged = `x\nINFO 2026-01-01 00:00:00,000: {"job_id": "forged"}\u2028\u001b[31m`;
    expect((await fetch(`${place.base}/images/${encodeURIComponent(forged)}`)).status).toBe(404);
    const after = lines();
    expect(after.filter((line) => line.includes("forged")).length).toBeLessThanOrEqual(1);
    expect(after.join("\n")).not.toContain("bogus-size");
    for (const line of after) expect(line).toMatch(LINE);
    expect(after.filter((line) => line.startsWith("INFO 2026-01-01 00:00:00,000"))).toEqual([]);
  });
});
