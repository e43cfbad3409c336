import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobPhase } from "../../../src/jobs/job.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import { claimOf, type JobDatabase, testJob } from "./job-database.ts";

const program = fileURLToPath(new URL("job-worker-program.js", import.meta.url));
const built = fileURLToPath(new URL("../../../dist/jobs/job-runner.js", import.meta.url));
const engineOf = ({ engine }: JobDatabase) => (engine === undefined ? [] : [engine]);

/** Real runners in real processes, which are killed, frozen and ended. */
export function jobProcessContract(engine: string, createDatabase: () => Promise<JobDatabase>): void {
  describe(`processes that run jobs on ${engine}`, { timeout: 120_000 }, () => {
    let database: JobDatabase;
    let queue: JobQueue;
    let folder: string;
    const processes: ChildProcess[] = [];
    beforeEach(async () => {
      if (!existsSync(built)) throw new Error("dist/ is not there: run npm run build");
      database = await createDatabase();
      queue = openJobs({ database: database.url }, database.engine);
      folder = mkdtempSync(join(tmpdir(), "sis-job-processes-"));
    });
    afterEach(async () => {
      for (const one of processes.splice(0)) {
        if (one.exitCode !== null || one.signalCode !== null) continue;
        const over = once(one, "exit");
        one.kill("SIGKILL");
        await over;
      }
      await queue.close();
      await database.drop();
      rmSync(folder, { recursive: true });
    });

    const log = () => join(folder, "log");
    const lines = (word: string) =>
      existsSync(log())
        ? readFileSync(log(), "utf8")
            .split("\n")
            .filter((line) => line.startsWith(word))
        : [];
    const begin = (leaseMs: number): ChildProcess => {
      const args = [program, database.url, String(leaseMs), log(), ...engineOf(database)];
      const child = spawn(process.execPath, args, { stdio: "inherit" });
      processes.push(child);
      return child;
    };
    const untilDone = (id: string, done: number) =>
      expect
        .poll(async () => (await queue.get(id))?.done ?? 0, { timeout: 60_000 })
        .toBeGreaterThanOrEqual(done);
    const untilPhase = (id: string, phase: JobPhase) =>
      expect.poll(async () => (await queue.get(id))?.phase, { timeout: 60_000 }).toBe(phase);
    const slow = (id: string, items: number, ms: number, options: object = {}) =>
      testJob(id, items, {
        items: Array.from({ length: items }, () => ({ ms })),
        chunkItems: 16,
        ...options,
      });

    it("kill -9 of a process in a job loses the current item: every item has one result, and at most one was begun twice", async () => {
      await queue.submit(slow("a", 60, 10));
      const killed = begin(300);
      await untilDone("a", 20);
      killed.kill("SIGKILL");
      begin(300);
      await untilPhase("a", "COMPLETED");
      const events = await queue.events("a", { limit: 100 });
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
      expect(new Set(events.map(({ item }) => item)).size).toBe(60);
      expect(lines("start").length).toBeLessThanOrEqual(61);
      expect(lines("warning")).toEqual([]);
    });

    it("a process frozen beyond the lease of its job (SIGSTOP) stores nothing when it resumes", async () => {
      await queue.submit(slow("a", 32, 20));
      const frozen = begin(300);
      await untilDone("a", 4);
      frozen.kill("SIGSTOP");
      begin(300);
      await untilPhase("a", "COMPLETED");
      const before = await queue.results("a", { limit: 100 });
      await queue.submit(slow("b", 8, 1));
      frozen.kill("SIGCONT");
      await untilPhase("b", "COMPLETED");
      expect(await queue.results("a", { limit: 100 })).toEqual(before);
      expect(await queue.get("a")).toMatchObject({ done: 32, sequence: 32 });
    });

    it("SIGTERM returns the rest of a chunk at once, and two services on one database share jobs", async () => {
      await queue.submit(slow("a", 16, 50));
      const child = begin(3_600_000);
      await untilDone("a", 1);
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
      const rest = (await claimOf(queue))!;
      expect(rest.items.length).toBe(16 - (await queue.get("a"))!.done);
      await queue.release(rest);
      begin(3_600_000);
      begin(3_600_000);
      await queue.submit(slow("b", 160, 5, { owner: "B" }));
      await untilPhase("a", "COMPLETED");
      await untilPhase("b", "COMPLETED");
      expect(lines("start").length).toBe(16 + 160);
    });

    it("an aborted job is stopped within the current item, and a list of 20 overtakes one of 10,000", async () => {
      await queue.submit(slow("endless", 16, 3_600_000));
      begin(3_600_000);
      await expect.poll(() => lines("start").length, { timeout: 60_000 }).toBe(1);
      await queue.abort("endless");
      await expect.poll(() => lines("stopped").length, { timeout: 60_000 }).toBe(1);
      await queue.submit(slow("long", 10_000, 2, { owner: "A" }));
      await untilDone("long", 1);
      await queue.submit(slow("short", 20, 2, { owner: "B" }));
      await untilPhase("short", "COMPLETED");
      expect(await queue.get("long")).toMatchObject({ phase: "EXECUTING" });
    });
  });
}
