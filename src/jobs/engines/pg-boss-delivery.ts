import { createHash } from "node:crypto";
import type { Claim } from "../job.ts";
import type { ChunkDelivery, GivenUp, NewClaim } from "./chunk-delivery.ts";
import type { Turn } from "./job-statements.ts";
import { endChunk, extendLease, findTurn, OPEN, takeChunk, UNFINISHED, waitOf } from "./job-statements.ts";
import type { JobsDatabase, Query, SqlRow, SqlValue } from "./jobs-database.ts";
import type { Boss, BossDatabase, BossJob } from "./pg-boss-library.ts";
import { createBoss } from "./pg-boss-library.ts";

const QUEUE = "chunk";
const GIVEN_UP = "chunk-given-up";
/** The shortest time without a heartbeat that pg-boss accepts, seconds. */
const SHORTEST_HEARTBEAT = 10;
/** How often pg-boss looks for chunks of workers that are gone, seconds. */
const MONITOR_SECONDS = 5;
/** Longest time that one worker may hold a chunk, even with heartbeats, seconds; a turn takes 2. */
const EXPIRE_SECONDS = 3600;
/** pg-boss counts all redeliveries of a chunk; its row counts those since its last progress. */
const RETRY_LIMIT = 1_000;
/** Pause of a chunk that only a newer version can run, milliseconds. */
const UNKNOWN_MS = 60_000;
/** Maximum number of groups skipped in favor of the one whose turn it is. */
const OTHERS_LIMIT = 200;
/** Maximum number of outdated messages that one claim removes. */
const STALE_LIMIT = 20;

/** The content of a pg-boss message. */
interface Message {
  readonly job: string;
  readonly n: number;
  readonly kind: string;
}

type Delivered = BossJob<Message>;

/**
 * Chunks delivered by pg-boss, one message each, in the transaction of the rows. A message is
 * redelivered when its worker sends no heartbeats. The row of a chunk decides who holds it, so
 * neither a frozen worker nor one that claims rows without messages interferes with others.
 */
export class PgBossDelivery implements ChunkDelivery {
  readonly #heartbeatSeconds: number;
  #database: JobsDatabase | undefined;
  #boss: Boss | undefined;

  constructor(leaseSeconds = SHORTEST_HEARTBEAT) {
    this.#heartbeatSeconds = Math.max(leaseSeconds, SHORTEST_HEARTBEAT);
  }

  /** Creates the tables of pg-boss, and watches heartbeats until `close`. */
  async start(database: JobsDatabase, connection: BossDatabase): Promise<void> {
    this.#database = database;
    await this.close();
    const boss = await createBoss({
      db: connection,
      schema: "sbnsis_queue",
      schedule: false,
      superviseIntervalSeconds: MONITOR_SECONDS,
      monitorIntervalSeconds: MONITOR_SECONDS,
      flowIntervalSeconds: 86_400,
      registerInstance: false,
      monitorVacuum: false,
    });
    // errors of its timers, which the runner's next statement on the database reports too
    boss.on("error", () => {});
    this.#boss = boss;
    try {
      await boss.start();
      await boss.createQueue(GIVEN_UP);
      await boss.createQueue(QUEUE, {
        deadLetter: GIVEN_UP,
        retryLimit: RETRY_LIMIT,
        retryDelay: 0,
        retryBackoff: false,
        heartbeatSeconds: SHORTEST_HEARTBEAT,
        expireInSeconds: EXPIRE_SECONDS,
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async queued(query: Query, job: string, isNew: boolean): Promise<void> {
    // messages that wait for the end of a pause
    if (!isNew) await this.#remove(query, job, "state = 'waiting'");
    await this.#send(query, job, "c.state = 'waiting'");
  }

  async withdrawn(query: Query, job: string): Promise<void> {
    await this.#remove(query, job, `state in ${OPEN}`);
  }

  async claim(query: Query, claim: NewClaim): Promise<SqlRow | undefined> {
    const { database } = this.#started();
    for (let stale = 0; stale < STALE_LIMIT; stale += 1) {
      const turn = await findTurn(query, database, claim.kinds);
      if (turn === undefined) return undefined;
      const message = await this.#fetch(query, turn);
      if (message === undefined) return undefined;
      const { data } = message;
      if (!claim.kinds.includes(data.kind)) await this.#pause(query, message.id, UNKNOWN_MS);
      else {
        const token = `${claim.token}.${message.retryCount}`;
        const row = await takeChunk(query, database, data, { ...claim, token });
        if (row !== undefined) return row;
        const wait = await waitOf(query, database, data);
        if (wait === undefined) await this.#delete(query, [message.id]);
        else await this.#pause(query, message.id, wait);
      }
    }
    return undefined;
  }

  async extend(query: Query, claim: Claim, leaseMs: number): Promise<boolean> {
    const { boss, database } = this.#started();
    const { affected } = await boss.touch(QUEUE, attemptOf(claim), { db: connected(query) });
    return affected > 0 && (await extendLease(query, database, claim, leaseMs));
  }

  async returned(query: Query, claim: Claim, delayMs: number): Promise<void> {
    await this.#pause(query, attemptOf(claim).id, delayMs);
  }

  async end(query: Query, claim: Claim, givenUp?: GivenUp): Promise<void> {
    const { boss, database } = this.#started();
    const db = connected(query);
    await boss.deleteJob(QUEUE, attemptOf(claim), { db });
    if (givenUp !== undefined)
      await boss.send(
        GIVEN_UP,
        { job: claim.job.id, n: claim.chunk, kind: claim.job.kind, ...givenUp },
        { db },
      );
    await endChunk(query, database, claim, givenUp === undefined ? "done" : "failed");
  }

  async close(): Promise<void> {
    const boss = this.#boss;
    this.#boss = undefined;
    await boss?.stop({ graceful: false, close: false });
  }

  #started(): { readonly boss: Boss; readonly database: JobsDatabase } {
    if (this.#boss === undefined || this.#database === undefined) throw new Error("pg-boss is not started");
    return { boss: this.#boss, database: this.#database };
  }

  /** A message of the owner whose turn it is; of any owner if others have taken all of those. */
  async #fetch(query: Query, { id, kind, owner, priority }: Turn): Promise<Delivered | undefined> {
    const { boss, database } = this.#started();
    const db = connected(query);
    const others = await query(
      `select distinct kind, owner from ${database.schema}job where phase in ${UNFINISHED}
        and not (kind = $1 and owner = $2) limit ${OTHERS_LIMIT}`,
      [kind, owner],
    );
    const ignoreGroups = others.map((row) => groupOf(String(row.kind), String(row.owner)));
    const own = async () =>
      (await boss.fetch<Message>(QUEUE, { db, ignoreGroups, minPriority: priority }))[0];
    const message = await own();
    if (message !== undefined) return message;
    // chunks that were queued by a process without pg-boss have no messages
    const sent = await this.#send(query, id, `c.state in ${OPEN} and c.ready <= ${database.now}`);
    return (sent > 0 ? await own() : undefined) ?? (await boss.fetch<Message>(QUEUE, { db }))[0];
  }

  /** Sends messages of those chunks of a job that have none; returns their number. */
  async #send(query: Query, job: string, which: string): Promise<number> {
    const { boss, database } = this.#started();
    const rows = await query(
      `select c.n, j.kind, j.owner, j.priority from ${database.schema}chunk c
        join ${database.schema}job j on j.id = c.job where c.job = $1 and ${which} order by c.n`,
      [job],
    );
    if (rows.length === 0) return 0;
    const messages = rows.map(({ n, kind, owner, priority }) => ({
      id: messageId(job, Number(n)),
      data: { job, n: Number(n), kind: String(kind) },
      priority: Number(priority),
      group: { id: groupOf(String(kind), String(owner)) },
      heartbeatSeconds: this.#heartbeatSeconds,
    }));
    return (await boss.insert(QUEUE, messages, { db: connected(query), returnId: true }))?.length ?? 0;
  }

  async #remove(query: Query, job: string, which: string): Promise<void> {
    const { database } = this.#started();
    const rows = await query(`select n from ${database.schema}chunk where job = $1 and ${which} order by n`, [
      job,
    ]);
    await this.#delete(
      query,
      rows.map(({ n }) => messageId(job, Number(n))),
    );
  }

  async #delete(query: Query, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#started().boss.deleteJob(QUEUE, ids, { db: connected(query) });
  }

  /** Returns a delivered message to the queue; it may be delivered again after `ms`. */
  async #pause(query: Query, id: string, ms: number): Promise<void> {
    const { boss } = this.#started();
    const db = connected(query);
    await boss.cancel(QUEUE, id, { db });
    await boss.resume(QUEUE, id, { db });
    if (ms > 0) await boss.update(QUEUE, undefined, { id, startAfter: `${Math.ceil(ms)} milliseconds`, db });
  }
}

/** Statements of pg-boss in the transaction of `query`. */
function connected(query: Query): BossDatabase {
  return {
    // ids are passed as an array of PostgreSQL
    executeSql: async (text, values = []) => ({ rows: [...(await query(text, values as SqlValue[]))] }),
  };
}

/** The attempt of pg-boss that a claim was made from; later attempts are not affected. */
function attemptOf({ job, chunk, token }: Claim): { readonly id: string; readonly retryCount: number } {
  return { id: messageId(job.id, chunk), retryCount: Number(token.split(".")[1]) };
}

/** Messages of a kind and an owner take turns with those of others. */
function groupOf(kind: string, owner: string): string {
  return `${kind} ${owner}`;
}

/** The id of a chunk's message (RFC 9562, version 8), so that it is sent once. */
function messageId(job: string, n: number): string {
  const digits = createHash("sha256")
    .update(JSON.stringify([job, n]))
    .digest("hex");
  const [a, b, c, d, e] = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 15),
    digits.slice(15, 18),
    digits.slice(18, 30),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
