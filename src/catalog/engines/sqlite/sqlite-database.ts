import { closeSync, openSync, readSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { SisError } from "../../../errors/sis-error.ts";

/** How long a statement waits for another process's lock, milliseconds. */
const READ_TIMEOUT_MS = 5000;
const WRITE_TIMEOUT_MS = 60_000;
/** How long closing waits for readers of the write-ahead log, milliseconds. */
const CLOSE_TIMEOUT_MS = 1000;
const MAXIMUM_STATEMENTS = 256;
/** How often opening is tried. */
const ATTEMPTS = 3;
/** Times of files are those of the clock's last tick: writes that follow each other this soon may have the same. */
const YOUNG_MS = 50;

function unavailable(path: string, cause: unknown): SisError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SisError("CATALOG_UNAVAILABLE", `the database ${path} cannot be opened: ${reason}`, {
    details: { reason: sqliteReason(cause), away: false },
    cause,
  });
}

/** Why a SQLite file cannot be used, in words that name no path. */
function sqliteReason(error: unknown): string {
  const { errcode, errstr } = error as { readonly errcode?: number; readonly errstr?: string };
  if (errcode === undefined) return "there is no such file";
  return errstr ?? `SQLite error ${errcode}`;
}

/** SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_SCHEMA and SQLITE_NOTADB: what a file that is replaced while it is read may lead to. */
const DAMAGED: readonly (number | undefined)[] = [10, 11, 17, 26];

/** Whether the file cannot be read as it was opened; opened again, it may be sound. */
export function isDamaged(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && DAMAGED.includes(errcode & 0xff);
}

type Value = null | number | bigint | string | Uint8Array;

/** A prepared statement in the form that kysely's SQLite dialect drives. */
class PreparedStatement implements SqliteStatement {
  readonly reader: boolean;
  readonly #statement: StatementSyncInstance;

  constructor(statement: StatementSyncInstance) {
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as readonly Value[]));
  }

  get(parameters: readonly unknown[]): unknown {
    return this.#statement.get(...(parameters as readonly Value[]));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...(parameters as readonly Value[]));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as readonly Value[]));
  }
}

/** An open SQLite file. Statements are prepared once and kept, the longest unused of them given up first. */
export class SqliteFile implements SqliteDatabase {
  readonly path: string;
  readonly #database: DatabaseSyncInstance;
  readonly #statements = new Map<string, PreparedStatement>();
  /** What the file and its log looked like when they were opened for reading. */
  readonly #state: string | undefined;
  readonly #isUnchanging: boolean;
  /** A file that was just being written is opened once more at this moment of `performance`. */
  readonly #settledAt: number;

  private constructor(
    path: string,
    database: DatabaseSyncInstance,
    read?: { readonly state: string; readonly isUnchanging: boolean },
  ) {
    this.path = path;
    this.#database = database;
    this.#state = read?.state;
    this.#isUnchanging = read?.isUnchanging ?? false;
    const modified = Number(read?.state.split(" ")[0]?.split(":").at(-1));
    const isYoung = Math.abs(Date.now() - modified) < YOUNG_MS;
    this.#settledAt = isYoung ? performance.now() + 2 * YOUNG_MS : Number.POSITIVE_INFINITY;
  }

  /** Opens for writing, in WAL mode, so that readers go on reading. Errors: CATALOG_UNAVAILABLE. */
  static openWritable(path: string): SqliteFile {
    try {
      const file = new SqliteFile(path, new DatabaseSync(path, { timeout: WRITE_TIMEOUT_MS }));
      file.execute("PRAGMA journal_mode = WAL");
      file.execute("PRAGMA synchronous = NORMAL");
      // pages that many images share go into the file once in a while, not after each batch
      file.execute("PRAGMA wal_autocheckpoint = 8192");
      file.execute("PRAGMA cache_size = -65536");
      return file;
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  /**
   * Opens for reading; nothing is ever written, neither to the file nor beside it. While no write-ahead log holds anything, a database in
   * WAL mode is read as a file that does not change, without locks and without the index of the log, which SQLite would have to
   * write even where it may not. Errors: CATALOG_UNAVAILABLE.
   */
  static openReadOnly(path: string): SqliteFile {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const file = fileState(path);
        if (file === undefined) throw new Error("there is no such file");
        const log = logState(path);
        const isUnchanging = log === EMPTY_LOG && isInWalMode(path);
        const database = openDatabase(isUnchanging ? immutable(path) : path);
        return new SqliteFile(path, database, { state: file + log, isUnchanging });
      } catch (error) {
        // another program may have made or removed the log meanwhile, or replaced the file
        if (attempt === ATTEMPTS) throw unavailable(path, error);
      }
    }
  }

  /** Whether it is read as a file that does not change: a result is good if the file is still current after it. */
  get isUnchanging(): boolean {
    return this.#isUnchanging;
  }

  /**
   * Whether the path still leads to the file that was opened, in the state that it was opened in. One that was replaced or overwritten must
   * be opened anew: SQLite keeps pages of it in memory, and would go on reading a file that was renamed or removed.
   */
  get isCurrent(): boolean {
    if (performance.now() > this.#settledAt) return false;
    try {
      return this.#state === `${fileState(this.path)}${logState(this.path)}`;
    } catch {
      return false;
    }
  }

  prepare(sql: string): PreparedStatement {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, kept);
      return kept;
    }
    const statement = new PreparedStatement(this.#database.prepare(sql));
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAXIMUM_STATEMENTS) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return statement;
  }

  /** Runs statements without parameters or results. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    if (!this.#database.isOpen) return;
    if (this.#state === undefined) {
      // readers that stay keep the log: an empty one does no harm to a file that takes the place of this one
      this.#database.exec(`PRAGMA busy_timeout = ${CLOSE_TIMEOUT_MS}; PRAGMA wal_checkpoint(TRUNCATE)`);
    }
    this.#database.close();
  }
}

function openDatabase(location: string | URL): DatabaseSyncInstance {
  const database = new DatabaseSync(location, { readOnly: true, timeout: READ_TIMEOUT_MS });
  try {
    // no memory map: a file that is overwritten in place would end the process by a signal
    database.exec("PRAGMA query_only = 1; PRAGMA cache_size = -32768; PRAGMA mmap_size = 0");
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What the file at a path is; undefined where there is none. */
function fileState(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}

const EMPTY_LOG = " no log";

/** Which write-ahead log is beside it, if it holds anything. */
function logState(path: string): string {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log === undefined || log.size === 0 ? EMPTY_LOG : ` log ${log.ino}`;
}

/** Whether changes are written to a log first (SQLite file format, 1.3.3: the version numbers of the header are 2). */
function isInWalMode(path: string): boolean {
  const header = Buffer.alloc(20);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header[18] === 2 && header[19] === 2;
}

function immutable(path: string): URL {
  const url = pathToFileURL(path);
  url.search = "?immutable=1";
  return url;
}
