import { SisError } from "../../errors/sis-error.ts";
import { type Claim, type Job, type NewJob, WrittenItems } from "../job.ts";
import { jobOf } from "./job-rows.ts";
import type { JobsDatabase, Query, SqlRow, SqlValue } from "./jobs-database.ts";

/** Items of a chunk: few enough that clients take turns within a second or so. */
const CHUNK_ITEMS = 16;
/** Phases of jobs that have not ended, and states of chunks that are not done, for SQL. */
export const UNFINISHED = "('QUEUED', 'EXECUTING')";
export const OPEN = "('waiting', 'running')";

export async function findJob(query: Query, database: JobsDatabase, id: string): Promise<Job | undefined> {
  const [row] = await query(
    `select * from ${database.schema}job where id = $1 and destruction > ${database.now}`,
    [id],
  );
  return row && jobOf(row);
}

export async function storedJob(query: Query, database: JobsDatabase, id: string): Promise<Job> {
  const [row] = await query(`select * from ${database.schema}job where id = $1`, [id]);
  if (row === undefined) throw new SisError("JOB_NOT_FOUND", "There is no such job.");
  return jobOf(row);
}

export async function refuseTooMany(
  query: Query,
  database: JobsDatabase,
  { id, kind, owner, limits }: NewJob,
): Promise<void> {
  if (limits === undefined) return;
  const [row] = await query(
    `select count(*) as total, coalesce(sum(case when owner = $1 then 1 else 0 end), 0) as own
      from ${database.schema}job
      where kind = $3 and phase in ${UNFINISHED} and id <> $2 and destruction > ${database.now}`,
    [owner, id, kind],
  );
  const own = Number(row?.own);
  const total = Number(row?.total);
  if (own < limits.perOwner && total < limits.total) return;
  const detail =
    own >= limits.perOwner
      ? `You have ${own} unfinished jobs; ${limits.perOwner} are allowed at once.`
      : `The service has ${total} unfinished jobs; ${limits.total} are allowed at once.`;
  throw new SisError("TOO_MANY_JOBS", detail, { details: { own, ...limits } });
}

export async function insertJob(query: Query, database: JobsDatabase, job: NewJob): Promise<void> {
  const { now, schema } = database;
  const isEmpty = job.items.length === 0;
  await query(
    `insert into ${schema}job (id, kind, owner, run_id, request, phase, priority, items, created, ended, destruction)
      values ($1, $2, $3, $4, $5, $6, $7, $8, ${now}, ${isEmpty ? now : "null"}, ${now} + $9)`,
    [
      job.id,
      job.kind,
      job.owner,
      job.runId ?? null,
      JSON.stringify(job.request),
      isEmpty ? "COMPLETED" : "QUEUED",
      job.priority ?? 0,
      job.items.length,
      job.keepMs,
    ],
  );
  await insertChunks(query, database, job);
}

/** Chunks that one statement stores. */
const AT_ONCE = 64;

/** Stores the items of a job in chunks. */
export async function insertChunks(
  query: Query,
  { schema }: JobsDatabase,
  { id, items, chunkItems: size = CHUNK_ITEMS }: Pick<NewJob, "id" | "items" | "chunkItems">,
): Promise<void> {
  const texts = items instanceof WrittenItems ? items.texts : items.map((item) => JSON.stringify(item));
  const count = Math.ceil(texts.length / size);
  for (let begin = 0; begin < count; begin += AT_ONCE) {
    const values: SqlValue[] = [id];
    const rows: string[] = [];
    for (let n = begin; n < Math.min(begin + AT_ONCE, count); n++) {
      const own = texts.slice(n * size, (n + 1) * size);
      const at = values.push(n, n * size, own.length, `[${own.join(",")}]`);
      rows.push(`($1, $${at - 3}, $${at - 2}, $${at - 1}, $${at}, 'waiting', $${at - 1})`);
    }
    const columns = "job, n, first, count, items, state, missing";
    await query(`insert into ${schema}chunk (${columns}) values ${rows.join(", ")}`, values);
  }
}

/** Queues the missing items of a job that has ended, and keeps the job for at least `keepMs`. */
export async function requeueJob(
  query: Query,
  database: JobsDatabase,
  id: string,
  keepMs: number,
): Promise<void> {
  const { now, schema } = database;
  await query(
    `update ${schema}chunk set state = 'waiting', ready = 0, attempts = 0
      where job = $1 and missing > 0 and state <> 'running'`,
    [id],
  );
  const [open] = await query(`select 1 as open from ${schema}chunk where job = $1 and missing > 0 limit 1`, [
    id,
  ]);
  const [phase, ended] =
    open === undefined ? ["'COMPLETED'", `coalesce(ended, ${now})`] : ["'QUEUED'", "null"];
  await query(
    `update ${schema}job set phase = case when phase = 'EXECUTING' then phase else ${phase} end, ended = ${ended},
      error_code = null, error_text = null,
      destruction = case when destruction < ${now} + $2 then ${now} + $2 else destruction end where id = $1`,
    [id, keepMs],
  );
}

export async function deleteJob(query: Query, database: JobsDatabase, id: string): Promise<void> {
  for (const table of ["chunk where job", "result where job", "job where id"])
    await query(`delete from ${database.schema}${table} = $1`, [id]);
}

/**
 * The job whose turn it is: by priority, then of the owner with the fewest running chunks, then of
 * the owner who has waited longest. `names` are the parameters of the kinds.
 */
function turnText({ schema, now }: JobsDatabase, columns: string, names: string): string {
  return `select ${columns} from ${schema}job j
        where j.phase in ${UNFINISHED} and j.kind in (${names}) and j.destruction > ${now}
          and exists (select 1 from ${schema}chunk w where w.job = j.id and w.state in ${OPEN} and w.ready <= ${now})
        order by j.priority desc,
          (select count(*) from ${schema}chunk r join ${schema}job o on o.id = r.job
            where o.owner = j.owner and o.phase = 'EXECUTING' and r.state = 'running' and r.ready > ${now}),
          (select max(o.claimed) from ${schema}job o where o.owner = j.owner),
          j.created, j.id
        limit 1`;
}

const TAKE = "state = 'running', token = $1, node = $2, attempts = attempts + 1";
const TAKEN = "job, n, first, items, attempts, token";

/** Claims the next chunk of the job whose turn it is. */
export function claimText(database: JobsDatabase, kinds: number): string {
  const { schema, now, skipLocked } = database;
  const names = Array.from({ length: kinds }, (_, i) => `$${i + 4}`).join(", ");
  return `with next as materialized (
      select c.job, c.n from ${schema}chunk c
      where c.state in ${OPEN} and c.ready <= ${now} and c.job = (${turnText(database, "j.id", names)})
      order by c.n limit 1 ${skipLocked})
    update ${schema}chunk set ${TAKE}, ready = ${now} + $3
    where (job, n) in (select job, n from next) returning ${TAKEN}`;
}

/** A job whose turn it is. */
export type Turn = Pick<Job, "id" | "kind" | "owner" | "priority">;

/** Finds the job whose turn it is, for an external queue. */
export async function findTurn(
  query: Query,
  database: JobsDatabase,
  kinds: readonly string[],
): Promise<Turn | undefined> {
  const names = kinds.map((_, i) => `$${i + 1}`).join(", ");
  const [row] = await query(turnText(database, "j.id, j.kind, j.owner, j.priority", names), kinds);
  if (row === undefined) return undefined;
  const { id, kind, owner, priority } = row;
  return { id: String(id), kind: String(kind), owner: String(owner), priority: Number(priority) };
}

/** Claims a chunk, unless somebody holds it or it need not be run. */
export async function takeChunk(
  query: Query,
  { schema, now }: JobsDatabase,
  { job, n }: { readonly job: string; readonly n: number },
  claim: { readonly token: string; readonly node: string; readonly leaseMs: number },
): Promise<SqlRow | undefined> {
  const [row] = await query(
    `update ${schema}chunk set ${TAKE}, ready = ${now} + $3
      where job = $4 and n = $5 and state in ${OPEN} and ready <= ${now}
        and exists (select 1 from ${schema}job where id = $4 and phase in ${UNFINISHED} and destruction > ${now})
      returning ${TAKEN}`,
    [claim.token, claim.node, claim.leaseMs, job, n],
  );
  return row;
}

/**
 * Time until a chunk may be claimed, milliseconds, or undefined if it need not be run: it is done,
 * or its job has ended.
 */
export async function waitOf(
  query: Query,
  { schema, now }: JobsDatabase,
  { job, n }: { readonly job: string; readonly n: number },
): Promise<number | undefined> {
  const [row] = await query(
    `select c.ready - ${now} as wait from ${schema}chunk c join ${schema}job j on j.id = c.job
      where c.job = $1 and c.n = $2 and c.state in ${OPEN} and j.phase in ${UNFINISHED} and j.destruction > ${now}`,
    [job, n],
  );
  return row && Math.max(Number(row.wait), 0);
}

export async function extendLease(
  query: Query,
  database: JobsDatabase,
  claim: Claim,
  leaseMs: number,
): Promise<boolean> {
  const { schema, now } = database;
  const extended = await query(
    `update ${schema}chunk set ready = ${now} + $4 where job = $1 and n = $2 and token = $3 and state = 'running'
      and exists (select 1 from ${schema}job where id = $1 and phase = 'EXECUTING' and destruction > ${now}) returning n`,
    [claim.job.id, claim.chunk, claim.token, leaseMs],
  );
  return extended.length > 0;
}

/** Ends a chunk; the last one also ends its job. */
export async function endChunk(
  query: Query,
  database: JobsDatabase,
  claim: Claim,
  state: "done" | "failed",
): Promise<void> {
  const { schema, now } = database;
  const values = [claim.job.id, claim.chunk];
  await query(`update ${schema}chunk set state = '${state}', token = null where job = $1 and n = $2`, values);
  await query(
    `update ${schema}job set ended = ${now}, phase =
        case when exists (select 1 from ${schema}chunk where job = $1 and state = 'failed') then 'ERROR' else 'COMPLETED' end
      where id = $1 and phase = 'EXECUTING'
        and not exists (select 1 from ${schema}chunk where job = $1 and state in ${OPEN})`,
    [claim.job.id],
  );
}
