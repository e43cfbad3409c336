import { existsSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { SisError } from "../errors/sis-error.ts";

/** How long a statement waits for another process's lock, milliseconds. */
const READ_TIMEOUT_MS = 5000;
const WRITE_TIMEOUT_MS = 60_000;
const MAXIMUM_STATEMENTS = 256;

function unavailable(path: string, cause: unknown): SisError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SisError("CATALOG_UNAVAILABLE", `the database ${path} cannot be opened: ${reason}`, { cause });
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
  readonly #open: () => DatabaseSyncInstance;
  #database: DatabaseSyncInstance;
  readonly #statements = new Map<string, PreparedStatement>();
  /** Set when the file was opened as one that nobody changes: what it looked like. */
  #frozen: string | undefined;

  private constructor(path: string, open: () => DatabaseSyncInstance) {
    this.path = path;
    this.#open = open;
    this.#database = open();
  }

  /** Opens for writing, in WAL mode, so that readers go on reading. Errors: CATALOG_UNAVAILABLE. */
  static openWritable(path: string): SqliteFile {
    try {
      const file = new SqliteFile(path, () => new DatabaseSync(path, { timeout: WRITE_TIMEOUT_MS }));
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
   * Opens for reading; nothing is ever written. Where the directory may not be written either, and nobody else has the
   * database open, a WAL database is read as a file that does not change, and opened anew once it did.
   * Errors: CATALOG_UNAVAILABLE.
   */
  static openReadOnly(path: string): SqliteFile {
    if (!existsSync(path)) throw unavailable(path, new Error("there is no such file"));
    const open = (location: string | URL) => {
      const database = new DatabaseSync(location, { readOnly: true, timeout: READ_TIMEOUT_MS });
      database.exec("PRAGMA query_only = 1; PRAGMA cache_size = -32768; PRAGMA mmap_size = 1073741824");
      database.prepare("SELECT count(*) FROM sqlite_master").get();
      return database;
    };
    try {
      return new SqliteFile(path, () => open(path));
    } catch (error) {
      if (existsSync(`${path}-wal`)) throw unavailable(path, error);
      const url = pathToFileURL(path);
      url.search = "?immutable=1";
      try {
        const file = new SqliteFile(path, () => open(existsSync(`${path}-wal`) ? path : url));
        file.#frozen = fingerprint(path);
        return file;
      } catch {
        throw unavailable(path, error);
      }
    }
  }

  prepare(sql: string): PreparedStatement {
    this.#reopenIfChanged();
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
    if (this.#database.isOpen) this.#database.close();
  }

  #reopenIfChanged(): void {
    if (this.#frozen === undefined) return;
    const now = fingerprint(this.path);
    if (now === this.#frozen) return;
    const next = this.#open();
    this.close();
    this.#database = next;
    this.#frozen = now;
  }
}

function fingerprint(path: string): string {
  const { size, mtimeMs, ino } = statSync(path);
  return `${ino}:${size}:${mtimeMs}:${existsSync(`${path}-wal`)}`;
}
