import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { type JobEngine, openJobs } from "../../../src/jobs/open-jobs.ts";

/** An empty database of jobs for one test. */
export interface JobDatabase {
  /** The value of SBNSIS_JOBS_DATABASE. */
  readonly url: string;
  /** Defaults to that of the database. */
  readonly engine?: JobEngine;
  /** Ends the leases of killed workers, if they do not expire by themselves. */
  lapse?(): Promise<void>;
  drop(): Promise<void>;
}

/** An empty database with two queues, which act as two processes with a connection each. */
export interface TwoQueues {
  readonly database: JobDatabase;
  readonly queue: JobQueue;
  readonly other: JobQueue;
  /** Closes both queues and drops the database. */
  close(): Promise<void>;
}

export async function twoQueues(createDatabase: () => Promise<JobDatabase>): Promise<TwoQueues> {
  const database = await createDatabase();
  const [queue, other] = [0, 1].map(() => openJobs({ database: database.url }, database.engine)) as [
    JobQueue,
    JobQueue,
  ];
  return {
    database,
    queue,
    other,
    close: async () => {
      await queue.close();
      await other.close();
      await database.drop();
    },
  };
}

/** A job of kind "test" that is kept for an hour. */
export function testJob(id: string, items: number, options: object = {}) {
  return {
    id,
    kind: "test",
    owner: "client",
    request: { of: id },
    items: Array.from({ length: items }, (_, n) => ({ n })),
    chunkItems: 4,
    keepMs: 3_600_000,
    ...options,
  };
}

/** Claims with a lease of an hour, unless `options` say otherwise. */
export async function claimOf(queue: JobQueue, options: object = {}) {
  return await queue.claim("test", { leaseMs: 3_600_000, kinds: ["test"], maximumAttempts: 3, ...options });
}

/** The result of an item. */
export function doneItem(item: number, value: string | number = item) {
  return { item, outcome: "done" as const, bytes: 10, value };
}
