import { statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { SqliteFile } from "../../catalog/engines/sqlite/sqlite-database.ts";
import { isSisError } from "../../errors/sis-error.ts";
import { migrateJobs } from "./job-tables.ts";
import type { JobsDatabase, Query, SqlRow, SqlValue } from "./jobs-database.ts";
import { jobsUnavailable } from "./jobs-database.ts";

/** How long a transaction waits for other processes, milliseconds. Each takes about one. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 10;
/** SQLITE_BUSY. */
const BUSY = 5;

/**
 * A SQLite file. Statements block the process for as long as they take, but waiting for other
 * writers does not: SQLite's own wait is replaced by another attempt a little later.
 */
export class SqliteJobs implements JobsDatabase {
  readonly now = "(cast(round((julianday('now') - 2440587.5) * 86400000.0) as integer))";
  readonly schema = "";
  readonly skipLocked = "";
  readonly forUpdate = "";
  readonly alone = undefined;
  readonly #path: string;
  #file: SqliteFile | undefined;
  #inode: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  integersIn(parameter: string): string {
    return `(select value from json_each(${parameter}))`;
  }

  textOf(column: string, key: string): string {
    return `json_extract(${column}, '$.${key}')`;
  }

  exists(): boolean {
    return inodeOf(this.#path) !== undefined;
  }

  /** One at a time: a connection has one transaction. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#run(work, "BEGIN IMMEDIATE"));
  }

  snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#run(work, "BEGIN"));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(run);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#drop();
  }

  async #run<T>(work: (query: Query) => Promise<T>, beginning: string): Promise<T> {
    const file = await this.#opened().catch((error: unknown) => {
      throw jobsUnavailable(error);
    });
    try {
      await begin(file, beginning);
      return await commitOf(file, work);
    } catch (error) {
      if (isSisError(error)) throw error;
      // a damaged file is opened again
      this.#drop();
      throw jobsUnavailable(error);
    }
  }

  /** The open file; reopened if another one has taken its place. */
  async #opened(): Promise<SqliteFile> {
    const inode = inodeOf(this.#path);
    if (this.#file !== undefined && inode !== undefined && inode === this.#inode) return this.#file;
    this.#drop();
    const file = await untilFree(() => SqliteFile.openWritable(this.#path));
    try {
      file.execute(
        `PRAGMA busy_timeout = ${RETRY_MS}; PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 1000`,
      );
      await begin(file);
      await commitOf(file, (query) => migrateJobs(query, this));
    } catch (error) {
      file.close();
      throw error;
    }
    this.#file = file;
    this.#inode = inodeOf(this.#path);
    return file;
  }

  #drop(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      file?.close();
    } catch {
      // a file that cannot be read cannot be closed in order either
    }
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

async function begin(file: SqliteFile, statement = "BEGIN IMMEDIATE"): Promise<void> {
  await untilFree(() => file.execute(statement));
}

async function commitOf<T>(file: SqliteFile, work: (query: Query) => Promise<T>): Promise<T> {
  try {
    const result = await work(async (text, values = []) => statement(file, text, values));
    file.execute("COMMIT");
    return result;
  } catch (error) {
    try {
      file.execute("ROLLBACK");
    } catch {
      // SQLite has rolled back already; the first error is the one that matters
    }
    throw error;
  }
}

/** SQLite numbers parameters by occurrence; the text may name one several times. */
function statement(file: SqliteFile, text: string, values: readonly SqlValue[]): readonly SqlRow[] {
  const sent: SqlValue[] = [];
  const written = text.replace(/\$(\d+)/g, (_, n: string) => {
    sent.push(values[Number(n) - 1] ?? null);
    return "?";
  });
  const prepared = file.prepare(written);
  if (prepared.reader) return prepared.all(sent) as SqlRow[];
  prepared.run(sent);
  return [];
}

/** Repeats an attempt while other processes lock the file. */
async function untilFree<T>(attempt: () => T): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      const { errcode = 0 } = ((error as Error).cause ?? error) as { readonly errcode?: number };
      if ((errcode & 0xff) !== BUSY || performance.now() > end) throw error;
      await setTimeout(RETRY_MS * (0.5 + Math.random()));
    }
  }
}
