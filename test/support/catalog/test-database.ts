import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import type { HarvestOptions } from "../../../src/harvest/harvest.ts";

/** An empty database for one test. */
export interface TestDatabase {
  readonly settings: DatabaseSettings;
  /** Runs statements as another program would, and returns the rows of the last one. */
  execute(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  drop(): Promise<void>;
}

/** Settings of a SQLite database. */
export function sqliteSettings(path: string): DatabaseSettings {
  return { dialect: "sqlite", host: "", username: "", password: "", name: path, ...UNUSED };
}

/** Options of a harvest of labels and directories that stay where they are. */
export function harvestOptions(
  paths: readonly string[],
  change: Partial<HarvestOptions> = {},
): HarvestOptions {
  const locations = { baseUrl: "file://", stripLeading: "" };
  return { paths, recursive: true, extensions: [".xml"], ...locations, jobs: 1, update: false, ...change };
}

/** The variables of settings, for the `.env` of a program. */
export function databaseVariables(settings: DatabaseSettings): Readonly<Record<string, string>> {
  return {
    DB_DIALECT: settings.dialect,
    DB_HOST: settings.host,
    DB_USERNAME: settings.username,
    DB_PASSWORD: settings.password,
    DB_DATABASE: settings.name,
  };
}

/** Defaults of replica, TLS and pooling. */
export const UNUSED = { readHost: "", sslMode: "", sslRootCert: "", pooler: "none" } as const;

async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "sis-database-"));
  const path = join(folder, "made.db");
  return {
    settings: sqliteSettings(path),
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
