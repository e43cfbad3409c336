import { missingDatabaseFile, openCatalog } from "../catalog/open-catalog.ts";
import type { Settings } from "../config/settings-groups.ts";
import { isSisError, SisError } from "../errors/sis-error.ts";

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
