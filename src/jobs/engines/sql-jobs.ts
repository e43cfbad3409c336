import { randomUUID } from "node:crypto";
import type {
  Claim,
  ItemResult,
  Job,
  JobChange,
  JobItem,
  JobPhase,
  NewJob,
  PreparedJob,
  StoredResult,
} from "../job.ts";
import type { ClaimOptions, JobFault, JobFilter, JobQueue, PageOptions } from "../job-store.ts";
import type { ChunkDelivery } from "./chunk-delivery.ts";
import { claimOf, itemsOf, resultOf } from "./job-rows.ts";
import {
  deleteJob,
  findJob,
  insertJob,
  refuseTooMany,
  requeueJob,
  storedJob,
  UNFINISHED,
} from "./job-statements.ts";
import type { JobsDatabase, Query, SqlValue } from "./jobs-database.ts";
import { amendJob, endOverdue, insertPrepared, jobsOf, phasesOf } from "./prepared-jobs.ts";
import { dropResults } from "./retried-jobs.ts";

/** Jobs that one sweep deletes. */
const SWEEP_LIMIT = 50;

const NO_PHASES: ReadonlyMap<string, JobPhase> = new Map();

/**
 * Jobs in a database. Every change is one transaction that locks chunks first and then their job,
 * so that two of them cannot wait for each other.
 */
export class SqlJobs implements JobQueue {
  readonly #database: JobsDatabase;
  readonly #delivery: ChunkDelivery;
  readonly #listeners: (() => void)[] = [];

  constructor(database: JobsDatabase, delivery: ChunkDelivery) {
    this.#database = database;
    this.#delivery = delivery;
  }

  exists(): boolean {
    return this.#database.exists();
  }

  onQueued(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    await this.#delivery.close();
    await this.#database.close();
  }

  async submit(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }> {
    const submitted = await this.#database.transaction(async (query) => {
      const { now, schema, alone } = this.#database;
      if (alone !== undefined) await query(alone);
      const known = await findJob(query, this.#database, job.id);
      if (known !== undefined && known.phase !== "ABORTED" && known.phase !== "ERROR") {
        await query(
          `update ${schema}job set destruction = ${now} + $2 where id = $1 and destruction < ${now} + $2`,
          [job.id, job.keepMs],
        );
        return { job: await storedJob(query, this.#database, job.id), isNew: false };
      }
      await refuseTooMany(query, this.#database, job);
      if (known === undefined) {
        // one that has expired, but was not swept yet
        await this.#delete(query, job.id);
        await insertJob(query, this.#database, job);
      } else await requeueJob(query, this.#database, job.id, job.keepMs);
      await this.#delivery.queued(query, job.id, known === undefined);
      return { job: await storedJob(query, this.#database, job.id), isNew: known === undefined };
    });
    this.#queued();
    return submitted;
  }

  async prepare(job: PreparedJob): Promise<Job> {
    return await this.#database.transaction((query) => insertPrepared(query, this.#database, job));
  }

  async amend(id: string, change: (job: Job) => JobChange): Promise<Job | undefined> {
    const amended = await this.#change(async (query) => {
      const { job, isQueued } = await amendJob(query, this.#database, id, change);
      if (isQueued) await this.#delivery.queued(query, id, true);
      return job;
    }, undefined);
    this.#queued();
    return amended;
  }

  async phases(ids: readonly string[]): Promise<ReadonlyMap<string, JobPhase>> {
    if (ids.length === 0) return NO_PHASES;
    return await this.#read((query) => phasesOf(query, this.#database, ids), NO_PHASES);
  }

  async get(id: string): Promise<Job | undefined> {
    return await this.#read((query) => findJob(query, this.#database, id), undefined);
  }

  async list(filter: JobFilter): Promise<readonly Job[]> {
    const { kind, owner, phases, createdAfter, limit, newest = false } = filter;
    const values: SqlValue[] = [];
    const parameter = (value: SqlValue) => `$${values.push(value)}`;
    const conditions = [
      `destruction > ${this.#database.now}`,
      ...(kind === undefined ? [] : [`kind = ${parameter(kind)}`]),
      ...(owner === undefined ? [] : [`owner = ${parameter(owner)}`]),
      ...(phases === undefined ? [] : [`phase in (${phases.map(parameter).join(", ")})`]),
      ...(createdAfter === undefined ? [] : [`created > ${parameter(createdAfter)}`]),
    ];
    const order = newest ? "created desc, id desc" : "created, id";
    const text = `select * from ${this.#database.schema}job where ${conditions.join(" and ")}
      order by ${order} limit ${parameter(limit)}`;
    return await this.#read(async (query) => jobsOf(await query(text, values), newest), []);
  }

  async items(id: string, { after = -1, limit }: PageOptions): Promise<readonly JobItem[]> {
    const text = `select first, items from ${this.#database.schema}chunk
      where job = $1 and first + count > $2 and first <= $2 + $3 order by n`;
    return await this.#read(async (query) => {
      const chunks = await query(text, [id, after + 1, limit]);
      return chunks.flatMap(itemsOf).filter(({ item }) => item > after && item <= after + limit);
    }, []);
  }

  async results(id: string, page: PageOptions): Promise<readonly StoredResult[]> {
    return await this.#resultsBy("item", id, -1, page);
  }

  async failedWith(id: string, status: string): Promise<number> {
    const { schema, textOf } = this.#database;
    const text = `select count(*) as n from ${schema}result
      where job = $1 and outcome = 'failed' and ${textOf("value", "status")} = $2`;
    return await this.#read(async (query) => Number((await query(text, [id, status]))[0]?.n), 0);
  }

  async events(id: string, page: PageOptions): Promise<readonly StoredResult[]> {
    return await this.#resultsBy("sequence", id, 0, page);
  }

  async abort(id: string): Promise<Job | undefined> {
    const { now, schema } = this.#database;
    return await this.#change(async (query) => {
      await this.#delivery.withdrawn(query, id);
      await query(
        `update ${schema}job set phase = 'ABORTED', ended = ${now} where id = $1
          and (phase = 'PENDING' or phase in ${UNFINISHED})`,
        [id],
      );
      return await findJob(query, this.#database, id);
    }, undefined);
  }

  async destroy(id: string): Promise<boolean> {
    return await this.#change(async (query) => {
      const known = await findJob(query, this.#database, id);
      await this.#delete(query, id);
      return known !== undefined;
    }, false);
  }

  async retry(id: string, items?: readonly number[]): Promise<Job | undefined> {
    const retried = await this.#change(async (query) => {
      if ((await findJob(query, this.#database, id)) === undefined) return undefined;
      await dropResults(query, this.#database, id, items);
      await requeueJob(query, this.#database, id, 0);
      await this.#delivery.queued(query, id, false);
      return await storedJob(query, this.#database, id);
    }, undefined);
    this.#queued();
    return retried;
  }

  async claim(node: string, options: ClaimOptions): Promise<Claim | undefined> {
    const { schema, now } = this.#database;
    for (;;) {
      let isOverdue = false;
      const claim = await this.#change(async (query) => {
        const row = await this.#delivery.claim(query, { ...options, node, token: randomUUID() });
        if (row === undefined) return undefined;
        const job = String(row.job);
        isOverdue = await endOverdue(query, this.#database, job);
        if (isOverdue) return undefined;
        await query(
          `update ${schema}job set phase = 'EXECUTING', started = coalesce(started, ${now}), claimed = ${now}
            where id = $1`,
          [job],
        );
        const results = await query(`select item from ${schema}result where job = $1 and chunk = $2`, [
          job,
          row.n ?? null,
        ]);
        const done = new Set(results.map(({ item }) => Number(item)));
        return claimOf(await storedJob(query, this.#database, job), row, done);
      }, undefined);
      if (isOverdue) continue;
      if (claim === undefined || claim.attempts <= options.maximumAttempts) return claim;
      // every worker that claimed it was killed
      await this.fail(claim, {
        code: "INTERNAL",
        detail: "Some rows were given up: every process that tried to make them ended unexpectedly.",
        backoffMs: 0,
        maximumAttempts: options.maximumAttempts,
      });
    }
  }

  async renew(claim: Claim, leaseMs: number): Promise<boolean> {
    return await this.#change(async (query) => {
      await endOverdue(query, this.#database, claim.job.id);
      return await this.#delivery.extend(query, claim, leaseMs);
    }, false);
  }

  async store(claim: Claim, results: readonly ItemResult[], leaseMs: number): Promise<boolean> {
    const { schema } = this.#database;
    return await this.#change(async (query) => {
      if (!(await this.#delivery.extend(query, claim, leaseMs))) return false;
      const [job] = await query(
        `select sequence, phase from ${schema}job where id = $1 ${this.#database.forUpdate}`,
        [claim.job.id],
      );
      if (job?.phase !== "EXECUTING") return false;
      let sequence = Number(job.sequence);
      const sums = { stored: 0, failed: 0, bytes: 0 };
      for (const result of results) {
        const inserted = await query(
          `insert into ${schema}result (job, item, chunk, sequence, outcome, retryable, bytes, value)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (job, item) do nothing returning item`,
          [
            claim.job.id,
            result.item,
            claim.chunk,
            sequence + 1,
            result.outcome,
            result.isRetryable === true ? 1 : 0,
            result.bytes,
            JSON.stringify(result.value),
          ],
        );
        if (inserted.length === 0) continue;
        sequence += 1;
        sums.stored += 1;
        sums.failed += result.outcome === "failed" ? 1 : 0;
        sums.bytes += result.bytes;
      }
      await query(
        `update ${schema}job set sequence = $2, done = done + $3, failed = failed + $4, bytes = bytes + $5
          where id = $1`,
        [claim.job.id, sequence, sums.stored, sums.failed, sums.bytes],
      );
      const [chunk] = await query(
        `update ${schema}chunk set missing = missing - $3, attempts = 1 where job = $1 and n = $2 returning missing`,
        [claim.job.id, claim.chunk, sums.stored],
      );
      if (Number(chunk?.missing) === 0) await this.#delivery.end(query, claim);
      return true;
    }, false);
  }

  async release(claim: Claim): Promise<void> {
    await this.#change(async (query) => {
      const released = await query(
        `update ${this.#database.schema}chunk set state = 'waiting', ready = 0, token = null, node = null,
          attempts = case when attempts > 0 then attempts - 1 else 0 end
          where job = $1 and n = $2 and token = $3 and state = 'running' returning n`,
        [claim.job.id, claim.chunk, claim.token],
      );
      if (released.length > 0) await this.#delivery.returned(query, claim, 0);
    }, undefined);
  }

  async fail(claim: Claim, { code, detail, backoffMs, maximumAttempts }: JobFault): Promise<void> {
    const { schema, now } = this.#database;
    await this.#change(async (query) => {
      const [chunk] = await query(
        `update ${schema}chunk set state = 'waiting', ready = ${now} + $4
          where job = $1 and n = $2 and token = $3 and state = 'running' returning attempts`,
        [claim.job.id, claim.chunk, claim.token, backoffMs],
      );
      if (chunk === undefined) return;
      if (Number(chunk.attempts) < maximumAttempts) {
        await this.#delivery.returned(query, claim, backoffMs);
        return;
      }
      await query(`update ${schema}job set error_code = $2, error_text = $3 where id = $1`, [
        claim.job.id,
        code,
        detail,
      ]);
      await this.#delivery.end(query, claim, { code, detail });
    }, undefined);
  }

  async sweep(): Promise<number> {
    const { schema, now } = this.#database;
    return await this.#change(async (query) => {
      const expired = await query(
        `select id from ${schema}job where destruction <= ${now} order by destruction limit ${SWEEP_LIMIT}`,
      );
      for (const { id } of expired) await this.#delete(query, String(id));
      return expired.length;
    }, 0);
  }

  async #delete(query: Query, id: string): Promise<void> {
    await this.#delivery.withdrawn(query, id);
    await deleteJob(query, this.#database, id);
  }

  #queued(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Runs work that writes; a database that does not exist has no jobs, and is not created. */
  async #change<T>(work: (query: Query) => Promise<T>, empty: T): Promise<T> {
    return this.exists() ? await this.#database.transaction(work) : empty;
  }

  /** Like `#change`, for work that only reads. */
  async #read<T>(work: (query: Query) => Promise<T>, empty: T): Promise<T> {
    return this.exists() ? await this.#database.snapshot(work) : empty;
  }

  async #resultsBy(
    column: "item" | "sequence",
    id: string,
    beginning: number,
    { after = beginning, limit }: PageOptions,
  ): Promise<readonly StoredResult[]> {
    const text = `select * from ${this.#database.schema}result where job = $1 and ${column} > $2 order by ${column} limit $3`;
    return await this.#read(async (query) => (await query(text, [id, after, limit])).map(resultOf), []);
  }
}
