import { SisError } from "../../errors/sis-error.ts";
import type { Job, JobChange, JobPhase, PreparedJob } from "../job.ts";
import { jobOf } from "./job-rows.ts";
import { findJob, insertChunks, storedJob, UNFINISHED } from "./job-statements.ts";
import type { JobsDatabase, Query, SqlValue } from "./jobs-database.ts";

/** Jobs that count against the limit of a client: those that have not ended. */
const OPEN_PHASES = "('PENDING', 'QUEUED', 'EXECUTING')";

/** Stores a job that waits for its client. Errors: TOO_MANY_JOBS. */
export async function insertPrepared(query: Query, database: JobsDatabase, job: PreparedJob): Promise<Job> {
  const { now, schema, alone } = database;
  if (alone !== undefined) await query(alone);
  const [row] = await query(
    `select count(*) as own from ${schema}job
      where owner = $1 and kind = $2 and phase in ${OPEN_PHASES} and destruction > ${now}`,
    [job.owner, job.kind],
  );
  const own = Number(row?.own);
  if (own >= job.perOwner) {
    const detail = `You have ${own} unfinished jobs; ${job.perOwner} are allowed at once.`;
    throw new SisError("TOO_MANY_JOBS", detail, { details: { own, perOwner: job.perOwner } });
  }
  await query(
    `insert into ${schema}job (id, kind, owner, run_id, request, phase, priority, items, created, destruction, execution_ms)
      values ($1, $2, $3, $4, $5, 'PENDING', 0, 0, ${now}, ${now} + $6, $7)`,
    [
      job.id,
      job.kind,
      job.owner,
      job.runId ?? null,
      JSON.stringify(job.request),
      job.keepMs,
      job.executionMs,
    ],
  );
  return await storedJob(query, database, job.id);
}

/**
 * Applies what `change` decides about a job while nobody else can change it; `isQueued`: it has
 * chunks now.
 */
export async function amendJob(
  query: Query,
  database: JobsDatabase,
  id: string,
  change: (job: Job) => JobChange,
): Promise<{ readonly job: Job | undefined; readonly isQueued: boolean }> {
  const { now, schema } = database;
  // locks the row before it is read
  await query(`select id from ${schema}job where id = $1 ${database.forUpdate}`, [id]);
  const job = await findJob(query, database, id);
  if (job === undefined) return { job, isQueued: false };
  const { request, destruction, executionMs, items, error } = change(job);
  const values: SqlValue[] = [id];
  const set = (column: string, value: SqlValue) => `${column} = $${values.push(value)}`;
  const assignments = [
    ...(request === undefined ? [] : [set("request", JSON.stringify(request))]),
    ...(destruction === undefined ? [] : [set("destruction", destruction)]),
    ...(executionMs === undefined ? [] : [set("execution_ms", executionMs)]),
    ...(items === undefined ? [] : [set("items", items.length), "phase = 'QUEUED'"]),
    ...(error === undefined
      ? []
      : [
          set("error_code", error.code),
          set("error_text", error.detail),
          "phase = 'ERROR'",
          `ended = ${now}`,
        ]),
  ];
  if (assignments.length === 0) return { job, isQueued: false };
  await query(`update ${schema}job set ${assignments.join(", ")} where id = $1`, values);
  if (items !== undefined) await insertChunks(query, database, { id, items });
  return { job: await storedJob(query, database, id), isQueued: items !== undefined };
}

/** Ends a job that has been running for longer than it may; returns whether it did. */
export async function endOverdue(query: Query, { schema, now }: JobsDatabase, id: string): Promise<boolean> {
  const ended = await query(
    `update ${schema}job set phase = 'ABORTED', ended = ${now} where id = $1 and phase in ${UNFINISHED}
      and execution_ms > 0 and started is not null and started + execution_ms <= ${now} returning id`,
    [id],
  );
  return ended.length > 0;
}

/** The phases of jobs; those that do not exist are missing. */
export async function phasesOf(
  query: Query,
  { schema, now }: JobsDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JobPhase>> {
  const names = ids.map((_, i) => `$${i + 1}`).join(", ");
  const rows = await query(
    `select id, phase from ${schema}job where id in (${names}) and destruction > ${now}`,
    ids,
  );
  return new Map(rows.map(({ id, phase }) => [String(id), String(phase) as JobPhase]));
}

/** The newest jobs of a list come last. */
export function jobsOf(rows: readonly Parameters<typeof jobOf>[0][], areReversed: boolean): readonly Job[] {
  const jobs = rows.map(jobOf);
  return areReversed ? jobs.reverse() : jobs;
}
