import type { Claim } from "../job.ts";
import type { ClaimOptions } from "../job-store.ts";
import { claimText, endChunk, extendLease } from "./job-statements.ts";
import type { JobsDatabase, Query, SqlRow } from "./jobs-database.ts";

/** A claim to be made. */
export interface NewClaim extends Pick<ClaimOptions, "leaseMs" | "kinds"> {
  /** Names the process, for people. */
  readonly node: string;
  /** The beginning of the claim's token. */
  readonly token: string;
}

/** Why a chunk was given up. */
export interface GivenUp {
  readonly code: string;
  readonly detail: string;
}

/**
 * How chunks are delivered to workers. The row of a chunk says who holds it, however it was
 * delivered, so two ways can be used at once. Each call runs in a transaction of its caller.
 */
export interface ChunkDelivery {
  /** Called after chunks of a job were queued; `isNew`: for the first time. */
  queued(query: Query, job: string, isNew: boolean): Promise<void>;
  /** Called before the chunks of a job are withdrawn or deleted. */
  withdrawn(query: Query, job: string): Promise<void>;
  /** Claims the next chunk: its row, with the token of the claim. */
  claim(query: Query, claim: NewClaim): Promise<SqlRow | undefined>;
  /** Extends a claim; false when it is lost or the job has ended. */
  extend(query: Query, claim: Claim, leaseMs: number): Promise<boolean>;
  /** Called after the row of a claimed chunk was set back to waiting. */
  returned(query: Query, claim: Claim, delayMs: number): Promise<void>;
  /** Ends a claimed chunk; the last chunk also ends its job. */
  end(query: Query, claim: Claim, givenUp?: GivenUp): Promise<void>;
  close(): Promise<void>;
}

/** The rows themselves are the queue: a chunk is claimed by one UPDATE, with a lease. */
export class RowDelivery implements ChunkDelivery {
  readonly #database: JobsDatabase;

  constructor(database: JobsDatabase) {
    this.#database = database;
  }

  async queued(): Promise<void> {}

  async withdrawn(): Promise<void> {}

  async claim(query: Query, { token, node, leaseMs, kinds }: NewClaim): Promise<SqlRow | undefined> {
    const [row] = await query(claimText(this.#database, kinds.length), [token, node, leaseMs, ...kinds]);
    return row;
  }

  async extend(query: Query, claim: Claim, leaseMs: number): Promise<boolean> {
    return await extendLease(query, this.#database, claim, leaseMs);
  }

  async returned(): Promise<void> {}

  async end(query: Query, claim: Claim, givenUp?: GivenUp): Promise<void> {
    await endChunk(query, this.#database, claim, givenUp === undefined ? "done" : "failed");
  }

  async close(): Promise<void> {}
}
