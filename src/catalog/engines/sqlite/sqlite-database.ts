import { closeSync, openSync, readSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { LRUCache } from "lru-cache";
import { SisError } from "../../../errors/sis-error.ts";
import type { ReadValue } from "../../model/rows.ts";

/** How long a statement waits for another process's lock, in milliseconds. */
const READ_TIMEOUT_MS = 5000;
const WRITE_TIMEOUT_MS = 60_000;
/** How long closing waits for readers of the write-ahead log, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1000;
const MAXIMUM_STATEMENTS = 256;
/**
 * Memory for pages of a database that is read, in KiB. The rows of a filtered list are on as many
 * pages, so that reading pages takes up to half of the time of a list of a million images.
 */
const READ_CACHE_KIB = 131_072;
/** How often opening is attempted. */
const ATTEMPTS = 3;
/**
 * Resolution of file times, in milliseconds: writes that are closer together may have the same
 * time.
 */
const YOUNG_MS = 50;

function unavailable(path: string, cause: unknown): SisError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SisError("CATALOG_UNAVAILABLE", `the database ${path} cannot be opened: ${reason}`, {
    details: { reason: sqliteReason(cause), away: false },
    cause,
  });
}

/** Why a SQLite file cannot be used, in words that contain no path. */
function sqliteReason(error: unknown): string {
  const { errcode, errstr } = error as { readonly errcode?: number; readonly errstr?: string };
  if (errcode === undefined) return "there is no such file";
  return errstr ?? `SQLite error ${errcode}`;
}

/**
 * SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_SCHEMA and SQLITE_NOTADB: possible when a file is replaced
 * while it is being read.
 */
const DAMAGED: readonly (number | undefined)[] = [10, 11, 17, 26];

/** Whether the file cannot be read as opened; reopening it may help. */
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

/**
 * An open SQLite file. Prepared statements are cached; the least recently used ones are dropped
 * first.
 */
export class SqliteFile implements SqliteDatabase {
  readonly path: string;
  readonly #database: DatabaseSyncInstance;
  readonly #statements = new LRUCache<string, PreparedStatement>({ max: MAXIMUM_STATEMENTS });
  /** Statements that return rows as arrays, which takes half the time of objects. */
  readonly #fetching = new LRUCache<string, StatementSyncInstance>({ max: MAXIMUM_STATEMENTS });
  /** State of the file and its log when they were opened for reading. */
  readonly #state: string | undefined;
  readonly #isUnchanging: boolean;
  /**
   * When to reopen a file that was being written to while it was opened, by `performance.now()`.
   */
  readonly #reopenAt: number;

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
    this.#reopenAt = isYoung ? performance.now() + 2 * YOUNG_MS : Number.POSITIVE_INFINITY;
  }

  /**
   * Opens for writing in WAL mode, so that readers are not blocked. Errors: CATALOG_UNAVAILABLE.
   */
  static openWritable(path: string): SqliteFile {
    try {
      const file = new SqliteFile(path, new DatabaseSync(path, { timeout: WRITE_TIMEOUT_MS }));
      file.execute("PRAGMA journal_mode = WAL");
      file.execute("PRAGMA synchronous = NORMAL");
      // checkpoint pages that many images share now and then, not after each batch
      file.execute("PRAGMA wal_autocheckpoint = 8192");
      file.execute("PRAGMA cache_size = -65536");
      return file;
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  /**
   * Opens for reading; nothing is ever written, neither to the file nor beside it. As long as the
   * write-ahead log is empty, a database in WAL mode is opened as immutable: without locks and
   * without the log's index, which SQLite would have to write even where it may not. Errors:
   * CATALOG_UNAVAILABLE.
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
        // another program may have created or removed the log meanwhile, or replaced the file
        if (attempt === ATTEMPTS) throw unavailable(path, error);
      }
    }
  }

  /**
   * Whether it was opened as immutable: a result is valid if the file is still untouched after
   * reading it.
   */
  get isUnchanging(): boolean {
    return this.#isUnchanging;
  }

  /**
   * Whether the path still leads to the file that was opened, in the same state. One that was
   * replaced or overwritten must be reopened: SQLite caches its pages, and would keep reading a
   * file that was renamed or removed.
   */
  get isCurrent(): boolean {
    return performance.now() <= this.#reopenAt && this.isUntouched;
  }

  /** Whether the path still leads to the file in the state in which it was opened. */
  get isUntouched(): boolean {
    try {
      return this.#state === `${fileState(this.path)}${logState(this.path)}`;
    } catch {
      return false;
    }
  }

  prepare(sql: string): PreparedStatement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = new PreparedStatement(this.#database.prepare(sql));
    this.#statements.set(sql, statement);
    return statement;
  }

  /** The rows that a statement selects, as arrays of values. */
  fetch(sql: string, parameters: readonly unknown[]): readonly (readonly ReadValue[])[] {
    let statement = this.#fetching.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql, { returnArrays: true });
      this.#fetching.set(sql, statement);
    }
    const rows: unknown = statement.all(...(parameters as readonly Value[]));
    return rows as readonly (readonly ReadValue[])[];
  }

  /** Runs statements without parameters or results. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    this.#fetching.clear();
    if (!this.#database.isOpen) return;
    if (this.#state === undefined) {
      // remaining readers keep the log alive: an empty one does no harm to a file that replaces
      // this one
      this.#database.exec(`PRAGMA busy_timeout = ${CLOSE_TIMEOUT_MS}; PRAGMA wal_checkpoint(TRUNCATE)`);
    }
    this.#database.close();
  }
}

function openDatabase(location: string | URL): DatabaseSyncInstance {
  const database = new DatabaseSync(location, { readOnly: true, timeout: READ_TIMEOUT_MS });
  try {
    // no memory map: overwriting the file in place would end the process with a signal
    database.exec(`PRAGMA query_only = 1; PRAGMA cache_size = -${READ_CACHE_KIB}; PRAGMA mmap_size = 0`);
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Identity and state of the file at a path; undefined if there is none. */
function fileState(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}

const EMPTY_LOG = " no log";

/** Identity of the write-ahead log, if it contains anything. */
function logState(path: string): string {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log === undefined || log.size === 0 ? EMPTY_LOG : ` log ${log.ino}`;
}

/**
 * Whether changes are written to a log first (SQLite file format, 1.3.3: the version numbers in the
 * header are 2).
 */
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
