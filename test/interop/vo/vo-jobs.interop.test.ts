import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";

describe("jobs of SODA while processes are killed", { timeout: 240_000 }, () => {
  let place: Workplace;
  let base: string;
  beforeAll(async () => {
    place = await workplace();
    base = `${place.base}/vo/async`;
    place.set("PUBLIC_URL", place.base);
    place.set("SBNSIS_JOBS_LEASE_SECONDS", "2");
    expect(
      (await place.run("sbnsis", "test-data", "--add", "--survey", "sky", "--frames", "12")).status,
    ).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(() => place?.dispose());

  /** Starts a job of cutouts on each of the frames, different ones for each `turn`. */
  async function started(turn: number, cutouts: number): Promise<string> {
    const form = new URLSearchParams({ PHASE: "RUN" });
    for (let frame = 0; frame < 12; frame++)
      form.append("ID", `urn:nasa:pds:survey:test-collection:test-${String(frame).padStart(6, "0")}`);
    for (let i = 0; i < cutouts; i++)
      form.append("CIRCLE", `${(((i % 12) - 9) * 0.95 + 360) % 360} 0.0${turn}${i} 0.02`);
    const { status, headers } = await fetch(base, { method: "POST", body: form, redirect: "manual" });
    expect(status).toBe(303);
    return headers.get("location")!;
  }

  const phase = async (job: string) => await (await fetch(`${job}/phase`)).text();

  async function ended(job: string): Promise<string> {
    for (;;) {
      const now = await phase(job);
      if (now !== "QUEUED" && now !== "EXECUTING") return now;
      await fetch(`${job}?WAIT=10&PHASE=${now}`);
    }
  }

  /** Addresses of the results, with their declared numbers of bytes. */
  async function results(job: string): Promise<readonly (readonly [href: string, size: number])[]> {
    const xml = await (await fetch(`${job}/results`)).text();
    return [...xml.matchAll(/size="(\d+)" xlink:type="simple" xlink:href="([^"]+)"/g)].map(
      ([, size, href]) => [href!, Number(size)] as const,
    );
  }

  async function expectAll(job: string, count: number): Promise<void> {
    const all = await results(job);
    expect(all).toHaveLength(count);
    for (const [href, size] of all) {
      const response = await fetch(href);
      expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, size]);
    }
  }

  it("kill -9 of both workers loses no result; emptying the cache neither (contract U11)", async () => {
    const job = await started(1, 40);
    // some results are there, and some are missing
    while ((await results(job)).length === 0) await setTimeout(20);
    for (const pid of await place.workers()) process.kill(pid, "SIGKILL");
    await expect
      .poll(async () => await ended(job).catch(() => "no worker yet"), { timeout: 120_000 })
      .toBe("COMPLETED");
    await expectAll(job, 480);
    const cache = join(place.directory, "cache", "sbnsis-products");
    for (const name of readdirSync(cache).filter((name) => /^[0-9a-f]{2}$/.test(name)))
      rmSync(join(cache, name), { recursive: true });
    await expectAll(job, 480);
  });

  it("a restart with five jobs under way loses none (contract U11)", async () => {
    const jobs = await Promise.all([2, 3, 4, 5, 6].map((turn) => started(turn, 10)));
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    for (const job of jobs) {
      expect(await ended(job)).toBe("COMPLETED");
      expect(await results(job)).toHaveLength(120);
    }
  });
});
