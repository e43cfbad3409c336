import { existsSync } from "node:fs";
import { join } from "node:path";
import { missingDatabaseFile, openCatalog, openWritableCatalog } from "../catalog/open-catalog.ts";
import type { WritableCatalog } from "../catalog/writable-catalog.ts";
import type { Settings } from "../config/settings-groups.ts";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { warn } from "./run-command.ts";

/** Whether neither a `.env` nor the environment names the database. */
function isDatabaseUnnamed(directory: string): boolean {
  if (existsSync(join(directory, ".env"))) return false;
  return !Object.entries(process.env).some(([name, value]) => name.startsWith("DB_") && value !== "");
}

/** How a command uses the tables. */
export interface TablesWanted {
  /** Creates or upgrades the tables; otherwise they are only checked. */
  readonly create: boolean;
  /**
   * What happens when a new SQLite file was not named explicitly: it is refused, or created with a
   * notice. Defaults to refused.
   */
  readonly unnamed?: "refused" | "announced";
}

/**
 * Opens the database of the settings for writing, with its tables.
 * Errors: OPERATION_FAILED for a missing SQLite file that neither `.env` nor the environment names,
 * CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function openTables(
  settings: Settings,
  { create, unnamed = "refused" }: TablesWanted,
): Promise<WritableCatalog> {
  const directory = process.cwd();
  const isNew = missingDatabaseFile(settings.database) !== undefined;
  const isUnnamed = isNew && isDatabaseUnnamed(directory);
  if (isUnnamed && unnamed === "refused") {
    throw new SisError(
      "OPERATION_FAILED",
      `there is no .env and no database in ${directory}: run this in the directory of the service, or sbnsis create-tables first`,
    );
  }
  const catalog = await openWritableCatalog(settings.database);
  try {
    // a schema newer than the code is refused in both cases
    if (create) await catalog.createTables();
    else await catalog.pendingMigrations();
  } catch (error) {
    await catalog.close();
    throw error;
  }
  if (isUnnamed) warn(`created the database ${settings.database.name}; there is no .env here`);
  return catalog;
}

/**
 * Errors: OPERATION_FAILED naming the command that helps, when the database has no tables or does
 * not exist. A database server that is unavailable does not prevent a start: workers wait for it.
 */
export async function requireTables(settings: Settings): Promise<void> {
  const missing = missingDatabaseFile(settings.database);
  if (missing !== undefined) {
    const reason = `there is no database file ${missing}: run sbnsis create-tables to create it`;
    throw new SisError("OPERATION_FAILED", `the service did not start: ${reason}`);
  }
  try {
    await (await openCatalog(settings.database)).close();
  } catch (cause) {
    if (isSisError(cause, "CATALOG_SCHEMA")) {
      const reason = `${cause.message}: run sbnsis create-tables, or sbnsis verify-tables to see what differs`;
      throw new SisError("OPERATION_FAILED", `the service did not start: ${reason}`, { cause });
    }
    if (!isSisError(cause, "CATALOG_UNAVAILABLE")) throw cause;
  }
}
