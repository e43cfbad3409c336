import { describe, expect, it } from "vitest";
import { batchEvents } from "../../../src/http/batch/batch-events.ts";
import { batchStatus } from "../../../src/http/batch/batch-status.ts";
import type { Job } from "../../../src/jobs/job.ts";
import type { JobStore } from "../../../src/jobs/job-store.ts";

const job: Job = {
  ...{ id: "abc", kind: "batch", owner: "a", runId: null, phase: "COMPLETED", priority: 0 },
  request: { target: null, form: "csv", notes: [] },
  ...{ created: 0, started: 0, ended: 0, destruction: 0, executionMs: 0 },
  ...{ items: 3, done: 3, failed: 0, bytes: 0, sequence: 0, error: null },
};
const aborted: Job = { ...job, phase: "ABORTED", done: 2 };

const readyOf = (one: Job) =>
  batchStatus(one, 0, "/batch/abc")
    .products.filter(({ ready }) => ready)
    .map(({ kind }) => kind);

/** Kinds of the product events at the end of a batch, whose store only has the job. */
async function announced(one: Job): Promise<readonly string[]> {
  const jobs = { get: async () => one, events: async () => [] } as unknown as JobStore;
  const products = { files: "/files.zip", csv: "/manifest.csv" };
  const { signal } = new AbortController();
  const texts: string[] = [];
  const parts = { jobs, job: one, after: 0, rowOf: () => undefined, products, isEnding: () => false, signal };
  for await (const text of batchEvents(parts)) texts.push(text);
  return [...texts.join("").matchAll(/event: product\ndata: {"kind":"(\w+)"/g)].map(([, kind]) => kind!);
}

describe("what a batch offers at its end", () => {
  it("a batch with all rows made has all products ready, and announces its archive", async () => {
    expect(readyOf(job)).toEqual([
      ...["manifest", "csv", "votable", "files", "frames", "sheet", "stack", "blink"],
    ]);
    expect(await announced(job)).toEqual(["files", "csv"]);
  });

  it("a batch that ended without some rows offers nothing that would be 409 NOT_COMPLETE", async () => {
    expect(readyOf(aborted)).toEqual(["manifest", "csv", "votable", "sheet"]);
    expect(await announced(aborted)).toEqual(["csv"]);
  });

  it("a running batch has nothing ready", () => {
    expect(readyOf({ ...job, phase: "EXECUTING", done: 2 })).toEqual([]);
  });
});
