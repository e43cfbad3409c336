import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { claimOf, doneItem, type JobDatabase, type TwoQueues, testJob, twoQueues } from "./job-database.ts";

const prepared = (id: string, options: object = {}) => ({
  id,
  kind: "test",
  owner: "client",
  request: { of: id },
  keepMs: 3_600_000,
  executionMs: 600_000,
  perOwner: 3,
  ...options,
});

/**
 * The tests of jobs that their clients describe first (UWS 1.1), which every database of jobs
 * passes.
 */
export function preparedJobsContract(engine: string, createDatabase: () => Promise<JobDatabase>): void {
  describe(`prepared jobs on ${engine}`, () => {
    let { queue, other, close } = {} as TwoQueues;
    beforeEach(async () => {
      ({ queue, other, close } = await twoQueues(createDatabase));
    });
    afterEach(async () => await close());

    it("prepared jobs are PENDING, cannot be claimed, and run when they get items (UWS 1.1, 2.1.3)", async () => {
      const job = await queue.prepare(prepared("a", { runId: "mine" }));
      expect(job).toMatchObject({ phase: "PENDING", runId: "mine", executionMs: 600_000, items: 0 });
      expect(await claimOf(queue)).toBeUndefined();
      await other.amend("a", () => ({
        request: { of: "b" },
        executionMs: 5000,
        destruction: job.created + 9e6,
      }));
      expect(await queue.get("a")).toMatchObject({
        request: { of: "b" },
        executionMs: 5000,
        destruction: job.created + 9e6,
      });
      const run = await other.amend("a", ({ phase }) => (phase === "PENDING" ? { items: [1, 2] } : {}));
      expect(run).toMatchObject({ phase: "QUEUED", items: 2 });
      const claim = (await claimOf(queue))!;
      expect(await other.phases(["a", "none"])).toEqual(new Map([["a", "EXECUTING"]]));
      await queue.store(claim, [doneItem(0), doneItem(1)], 1000);
      expect((await other.get("a"))?.phase).toBe("COMPLETED");
    });

    it("a prepared job that two clients run at the same time runs once", async () => {
      await queue.prepare(prepared("a"));
      const start = (jobs: JobQueue) =>
        jobs.amend("a", ({ phase }) => (phase === "PENDING" ? { items: [1] } : {}));
      await Promise.all([start(queue), start(other)]);
      expect(await queue.items("a", { limit: 10 })).toEqual([{ item: 0, value: 1 }]);
    });

    it("prepared jobs are unchanged when the change throws", async () => {
      await queue.prepare(prepared("a"));
      const refuse = () => {
        throw new SisError("VO_FORBIDDEN", "no");
      };
      await expect(queue.amend("a", refuse)).rejects.toMatchObject({ code: "VO_FORBIDDEN" });
      expect((await queue.get("a"))?.phase).toBe("PENDING");
      expect(await queue.amend("none", refuse)).toBeUndefined();
    });

    it("prepared jobs end with ERROR when their request is wrong, and with ABORTED when they are aborted", async () => {
      for (const id of ["a", "b"]) await queue.prepare(prepared(id));
      await queue.amend("a", () => ({ error: { code: "VO_USAGE", detail: "wrong" } }));
      expect(await queue.get("a")).toMatchObject({
        phase: "ERROR",
        error: { code: "VO_USAGE", detail: "wrong" },
      });
      expect(await queue.abort("b")).toMatchObject({ phase: "ABORTED" });
    });

    it("unfinished prepared jobs are limited for each owner", async () => {
      for (const id of ["a", "b", "c"]) await queue.prepare(prepared(id));
      await expect(other.prepare(prepared("d"))).rejects.toMatchObject({ code: "TOO_MANY_JOBS" });
      await other.prepare(prepared("e", { owner: "someone else" }));
      await queue.abort("a");
      await other.prepare(prepared("d"));
      // jobs of another kind have their own limits
      await queue.submit(testJob("f", 1, { kind: "batch", limits: { perOwner: 1, total: 1 } }));
    });

    it("prepared jobs are aborted when they exceed their execution duration (UWS 1.1, 2.2.1.1)", async () => {
      await queue.prepare(prepared("a", { executionMs: 20 }));
      await queue.amend("a", () => ({ items: [1] }));
      const claim = (await claimOf(queue))!;
      await setTimeout(30);
      expect(await queue.renew(claim, 1000)).toBe(false);
      expect((await other.get("a"))?.phase).toBe("ABORTED");

      await queue.prepare(prepared("b", { executionMs: 20 }));
      await queue.amend("b", () => ({ items: [1] }));
      await queue.release((await claimOf(queue))!);
      await setTimeout(30);
      expect(
        await other.claim("test", { leaseMs: 1000, kinds: ["test"], maximumAttempts: 3 }),
      ).toBeUndefined();
      expect((await other.get("b"))?.phase).toBe("ABORTED");
    });

    it("prepared jobs are listed by phase, by time of creation, and the newest alone (UWS 1.1, 2.2.2.2)", async () => {
      const created: number[] = [];
      for (const id of ["a", "b", "c"]) {
        created.push((await queue.prepare(prepared(id))).created);
        await setTimeout(3);
      }
      await queue.abort("b");
      const ids = async (filter: object) =>
        (await other.list({ kind: "test", limit: 10, ...filter })).map(({ id }) => id);
      expect(await ids({ phases: ["PENDING"] })).toEqual(["a", "c"]);
      expect(await ids({ createdAfter: created[0] })).toEqual(["b", "c"]);
      expect(await ids({ limit: 2, newest: true })).toEqual(["b", "c"]);
    });
  });
}
