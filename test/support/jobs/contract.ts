import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Claim, WrittenItems } from "../../../src/jobs/job.ts";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import { claimOf, doneItem, type JobDatabase, type TwoQueues, testJob, twoQueues } from "./job-database.ts";

/** The tests that every database of jobs passes. */
export function jobsContract(engine: string, createDatabase: () => Promise<JobDatabase>): void {
  describe(`jobs on ${engine}`, () => {
    let { database, queue, other, close } = {} as TwoQueues;
    beforeEach(async () => {
      ({ database, queue, other, close } = await twoQueues(createDatabase));
    });
    afterEach(async () => await close());

    /** Claims a chunk whose worker is killed: its lease ends at once. */
    const claimAndDie = async (options: object = {}): Promise<Claim | undefined> => {
      const claim = await claimOf(queue, { leaseMs: 1, ...options });
      await setTimeout(5);
      await database.lapse?.();
      return claim;
    };
    const finish = async (claim: Claim, by = queue) =>
      await by.store(
        claim,
        claim.items.map(({ item }) => doneItem(item)),
        1000,
      );

    it("a job comes back as it was submitted, and submitting it again resumes it", async () => {
      const first = await queue.submit(testJob("a", 10, { runId: "mine", priority: 3 }));
      expect(first).toMatchObject({
        isNew: true,
        job: {
          id: "a",
          phase: "QUEUED",
          items: 10,
          done: 0,
          runId: "mine",
          priority: 3,
          request: { of: "a" },
        },
      });
      const again = await other.submit(testJob("a", 10));
      expect(again).toMatchObject({ isNew: false, job: { created: first.job.created, runId: "mine" } });
      expect(await other.get("a")).toEqual(again.job);
      expect(await queue.items("a", { after: 2, limit: 3 })).toEqual([
        { item: 3, value: { n: 3 } },
        { item: 4, value: { n: 4 } },
        { item: 5, value: { n: 5 } },
      ]);
      expect(await queue.get("b")).toBeUndefined();
    });

    it("a job of more chunks than one statement stores comes back complete; items may be written as JSON before (oracle: JSON.parse)", async () => {
      const values = Array.from({ length: 700 }, (_, n) => ({ n, text: `"${n}" \u0161` }));
      const items = new WrittenItems(values.map((value) => JSON.stringify(value)));
      expect((await queue.submit(testJob("long", 0, { items }))).job).toMatchObject({ items: 700 });
      const stored = await queue.items("long", { limit: 1000 });
      expect(stored).toEqual(values.map((value, item) => ({ item, value })));
      expect((await claimOf(queue))?.items).toEqual(stored.slice(0, 4));
    });

    it("a job without items is COMPLETED at once (UWS 1.1: an empty result is a result)", async () => {
      expect((await queue.submit(testJob("none", 0))).job).toMatchObject({ phase: "COMPLETED", items: 0 });
      expect(await claimOf(queue)).toBeUndefined();
    });

    it("two processes that claim at the same time receive each chunk once, until none is left", async () => {
      await queue.submit(testJob("a", 40));
      const claims: Claim[] = [];
      for (let round = 0; round < 20 && claims.length < 10; round += 1) {
        const found = await Promise.all([queue, other, queue, other].map((one) => claimOf(one)));
        claims.push(...found.filter((claim) => claim !== undefined));
      }
      const items = claims.flatMap((claim) => claim.items.map(({ item }) => item));
      expect(items.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(await claimOf(queue)).toBeUndefined();
      expect(await queue.get("a")).toMatchObject({ phase: "EXECUTING" });
    });

    it("results of a job are stored once, counted, and read by item and by sequence; the last one completes the job", async () => {
      await queue.submit(testJob("a", 6));
      const first = (await claimOf(queue))!;
      const failed = {
        item: 3,
        outcome: "failed" as const,
        isRetryable: true,
        bytes: 0,
        value: { code: "X", status: "partial" },
      };
      expect(await queue.store(first, [failed], 1000)).toBe(true);
      expect(await other.failedWith("a", "partial")).toBe(1);
      expect(await other.failedWith("a", "failed")).toBe(0);
      expect(await queue.store(first, [doneItem(0, 'a "quoted" é')], 1000)).toBe(true);
      expect(await queue.store(first, [doneItem(0, "again"), doneItem(2), doneItem(1)], 1000)).toBe(true);
      expect(await queue.get("a")).toMatchObject({
        phase: "EXECUTING",
        done: 4,
        failed: 1,
        bytes: 30,
        sequence: 4,
      });
      const second = (await claimOf(other))!;
      expect(second.items.map(({ item }) => item)).toEqual([4, 5]);
      await finish(second);
      expect(await queue.get("a")).toMatchObject({
        phase: "COMPLETED",
        done: 6,
        failed: 1,
        bytes: 50,
        error: null,
      });
      const byItem = await other.results("a", { limit: 3 });
      expect(byItem.map(({ item, value }) => [item, value])).toEqual([
        [0, 'a "quoted" é'],
        [1, 1],
        [2, 2],
      ]);
      expect((await other.results("a", { after: 2, limit: 10 })).map(({ item }) => item)).toEqual([3, 4, 5]);
      const events = await other.events("a", { after: 1, limit: 3 });
      expect(events.map(({ sequence, item }) => [sequence, item])).toEqual([
        [2, 0],
        [3, 2],
        [4, 1],
      ]);
      expect((await queue.events("a", { limit: 1 }))[0]).toEqual({ ...failed, sequence: 1 });
    });

    it("a worker that was frozen beyond its lease changes nothing when it resumes", async () => {
      await queue.submit(testJob("a", 4));
      const frozen = (await claimAndDie())!;
      const heir = (await claimOf(other))!;
      expect(heir).toMatchObject({ chunk: 0, attempts: 2 });
      expect(await queue.store(frozen, [doneItem(0, "late")], 1000)).toBe(false);
      expect(await queue.renew(frozen, 1000)).toBe(false);
      await queue.release(frozen);
      await queue.fail(frozen, { code: "INTERNAL", detail: "late", backoffMs: 0, maximumAttempts: 1 });
      expect(await claimOf(queue)).toBeUndefined();
      await finish(heir);
      expect(await queue.store(frozen, [doneItem(0, "later still")], 1000)).toBe(false);
      expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 4, sequence: 4, error: null });
      expect((await queue.results("a", { limit: 1 }))[0]?.value).toBe(0);
    });

    it("results stored by a killed worker are not computed again: its successor receives the missing items", async () => {
      await queue.submit(testJob("a", 4));
      const killed = (await claimOf(queue))!;
      await queue.store(killed, [doneItem(1), doneItem(3)], 1);
      await setTimeout(5);
      await database.lapse?.();
      expect((await claimOf(other))?.items.map(({ item }) => item).toSorted()).toEqual([0, 2]);
    });

    it("a returned chunk can be claimed at once, and the attempt is not counted", async () => {
      await queue.submit(testJob("a", 4));
      await queue.release((await claimOf(queue))!);
      expect(await claimOf(other)).toMatchObject({ chunk: 0, attempts: 1 });
    });

    it("clients of the job queue take turns: a short list after a long one is claimed next", async () => {
      await queue.submit(testJob("long", 400, { owner: "A" }));
      const first = await claimOf(queue);
      await queue.submit(testJob("short", 8, { owner: "B" }));
      const next: (Claim | undefined)[] = [];
      for (let turn = 0; turn < 4; turn += 1) next.push(await claimOf(queue));
      expect(first?.job.id).toBe("long");
      expect(next.map((claim) => claim?.job.id)).toEqual(["short", "long", "short", "long"]);
    });

    it("a job of higher priority is claimed first, one of an unknown kind never", async () => {
      await queue.submit(testJob("low", 4));
      await queue.submit(testJob("high", 4, { priority: 10, owner: "other" }));
      await queue.submit(testJob("alien", 4, { priority: 20, kind: "alien" }));
      const claims = [await claimOf(queue), await claimOf(queue), await claimOf(queue)];
      expect(claims.map((claim) => claim?.job.id)).toEqual(["high", "low", undefined]);
    });

    it("an aborted job stores nothing more and keeps its results; submitting it resumes the rest", async () => {
      await queue.submit(testJob("a", 8));
      const running = (await claimOf(queue))!;
      await queue.store(running, [doneItem(0)], 1000);
      expect(await other.abort("a")).toMatchObject({ phase: "ABORTED", done: 1 });
      expect(await queue.renew(running, 1000)).toBe(false);
      expect(await queue.store(running, [doneItem(1)], 1000)).toBe(false);
      await queue.release(running);
      expect(await claimOf(queue)).toBeUndefined();
      expect(await other.abort("a")).toMatchObject({ phase: "ABORTED" });
      expect(await queue.submit(testJob("a", 8))).toMatchObject({
        isNew: false,
        job: { phase: "QUEUED", ended: null },
      });
      const again = (await claimOf(queue))!;
      expect(again.items.map(({ item }) => item)).toEqual([1, 2, 3]);
      await finish(again);
      await finish((await claimOf(queue))!);
      expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 8, sequence: 8 });
      expect(await queue.abort("a")).toMatchObject({ phase: "COMPLETED" });
      expect(await queue.abort("b")).toBeUndefined();
    });

    it("a failed chunk waits and is finally given up: the job ends with ERROR and the rest done; retry runs it", async () => {
      await queue.submit(testJob("a", 8));
      const fault = { code: "CACHE_UNAVAILABLE", detail: "no room", maximumAttempts: 2 };
      await queue.fail((await claimOf(queue))!, { ...fault, backoffMs: 3_600_000 });
      const second = (await claimOf(queue))!;
      expect(second.chunk).toBe(1);
      await queue.fail(second, { ...fault, backoffMs: 0 });
      const third = (await claimOf(queue))!;
      expect(third).toMatchObject({ chunk: 1, attempts: 2 });
      await queue.fail(third, { ...fault, backoffMs: 0 });
      expect(await claimOf(queue)).toBeUndefined();
      expect(await queue.retry("a")).toMatchObject({ phase: "EXECUTING", error: null });
      await finish((await claimOf(queue))!);
      const last = (await claimOf(queue))!;
      await queue.fail(last, { ...fault, backoffMs: 0, maximumAttempts: 1 });
      expect(await queue.get("a")).toMatchObject({
        phase: "ERROR",
        done: 4,
        error: { code: "CACHE_UNAVAILABLE", detail: "no room" },
      });
      expect(await queue.submit(testJob("a", 8))).toMatchObject({
        isNew: false,
        job: { phase: "QUEUED", error: null },
      });
      await finish((await claimOf(queue))!);
      expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 8 });
    });

    it("an item that kills its worker each time is given up, after those on both sides of it", async () => {
      await queue.submit(testJob("a", 4));
      const first = (await claimAndDie())!;
      expect(first.items.map(({ item }) => item)).toEqual([0, 1, 2, 3]);
      const second = (await claimAndDie())!;
      expect(second.items.map(({ item }) => item)).toEqual([3, 2, 1, 0]);
      await claimAndDie();
      expect(await claimOf(queue)).toBeUndefined();
      expect(await queue.get("a")).toMatchObject({ phase: "ERROR", error: { code: "INTERNAL" } });
    });

    it("retry of a job runs failed items that may succeed, or those named, and nothing else", async () => {
      await queue.submit(testJob("a", 8));
      const failure = (item: number, isRetryable: boolean) =>
        ({ item, outcome: "failed", isRetryable, bytes: 0, value: null }) as const;
      await queue.store(
        (await claimOf(queue))!,
        [failure(0, true), failure(1, false), doneItem(2), doneItem(3)],
        1000,
      );
      await finish((await claimOf(queue))!);
      expect(await queue.retry("a")).toMatchObject({ phase: "QUEUED", done: 7, failed: 1 });
      const again = (await claimOf(queue))!;
      expect(again.items.map(({ item }) => item)).toEqual([0]);
      await finish(again);
      expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 8, failed: 1, sequence: 9 });
      expect(await queue.retry("a")).toMatchObject({ phase: "COMPLETED" });
      expect(await queue.retry("a", [1, 6])).toMatchObject({ phase: "QUEUED", done: 6, failed: 0 });
      const named = [(await claimOf(queue))!, (await claimOf(queue))!];
      expect(named.flatMap(({ items }) => items.map(({ item }) => item))).toEqual([1, 6]);
      expect(await queue.retry("b")).toBeUndefined();
    });

    it("a job disappears after its destruction time, and a destroyed one at once", async () => {
      await queue.submit(testJob("brief", 4, { keepMs: 1 }));
      await queue.submit(testJob("kept", 4));
      await setTimeout(5);
      expect(await queue.get("brief")).toBeUndefined();
      expect((await queue.list({ limit: 10 })).map(({ id }) => id)).toEqual(["kept"]);
      const running = (await claimOf(queue))!;
      expect(running.job.id).toBe("kept");
      expect(await queue.sweep()).toBe(1);
      expect(await queue.items("brief", { limit: 10 })).toEqual([]);
      expect(await other.destroy("kept")).toBe(true);
      expect(await queue.store(running, [doneItem(0)], 1000)).toBe(false);
      expect(await queue.renew(running, 1000)).toBe(false);
      expect(await other.destroy("kept")).toBe(false);
      expect((await queue.submit(testJob("kept", 4))).isNew).toBe(true);
    });

    it("unfinished jobs are limited per client and for the service; ended ones do not count", async () => {
      const limits = { perOwner: 2, total: 3 };
      const submit = (id: string, owner: string) => queue.submit(testJob(id, 4, { owner, limits }));
      await submit("a1", "A");
      await submit("a2", "A");
      await expect(submit("a3", "A")).rejects.toMatchObject({ code: "TOO_MANY_JOBS" });
      expect((await submit("a1", "A")).isNew).toBe(false);
      await submit("b1", "B");
      await expect(submit("c1", "C")).rejects.toMatchObject({ code: "TOO_MANY_JOBS" });
      await queue.abort("a1");
      expect((await submit("c1", "C")).isNew).toBe(true);
    });

    it("five queued jobs survive a restart, and are listed by owner and phase", async () => {
      const before = openJobs({ database: database.url }, database.engine);
      for (const n of [1, 2, 3, 4, 5])
        await before.submit(testJob(`job ${n}`, 4, { owner: n < 3 ? "A" : "B" }));
      await finish((await claimOf(before))!, before);
      await before.close();
      const after = openJobs({ database: database.url }, database.engine);
      const list = async (filter: object) => (await after.list({ limit: 10, ...filter })).map(({ id }) => id);
      expect(await list({ owner: "A" })).toEqual(["job 1", "job 2"]);
      expect(await list({ phases: ["COMPLETED"] })).toEqual(["job 1"]);
      for (let left = 4; left > 0; left -= 1) await finish((await claimOf(after))!, after);
      expect(await list({ phases: ["COMPLETED"] })).toHaveLength(5);
      await after.close();
    });
  });
}
