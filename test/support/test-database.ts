import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { DatabaseSettings } from "../../src/catalog/schema/database-settings.ts";

/** An empty database for one test. */
export interface TestDatabase {
  readonly settings: DatabaseSettings;
  /** Runs statements as another program would, and returns the rows of the last one. */
  execute(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  drop(): Promise<void>;
}

async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "sis-database-"));
  const path = join(folder, "made.db");
  return {
    settings: { DB_DIALECT: "sqlite", DB_HOST: "", DB_USERNAME: "", DB_PASSWORD: "", DB_DATABASE: path },
    execute: async (sql) => {
      const other = new DatabaseSync(path, { timeout: 10_000 });
      try {
        const at = sql.lastIndexOf(";", sql.trimEnd().length - 2) + 1;
        other.exec(sql.slice(0, at));
        return other
          .prepare(sql.slice(at))
          .all()
          .map((row) => ({ ...row }));
      } finally {
        other.close();
      }
    },
    drop: async () => rmSync(folder, { recursive: true }),
  };
}

let make: () => Promise<TestDatabase> = sqliteDatabase;

/**
 * Makes `testDatabase` create databases of another engine: tests that ask for one then run on that
 * engine.
 */
export function useTestDatabases(maker: () => Promise<TestDatabase>): void {
  make = maker;
}

/** A new empty database: SQLite, unless the test file chose another engine. */
export async function testDatabase(): Promise<TestDatabase> {
  return await make();
}
